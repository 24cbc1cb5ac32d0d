package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The attack: a user who has been locked out, or has logged out, reads on over an open stream. */
@RunAsClient
@ExtendWith(ArquillianExtension.class)
@DisplayName("Streams of somebody who may no longer read")
class RevocationIT {

  private static final int STREAMS = 1_000;
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  private final List<HttpReply> open = new ArrayList<>();

  @Deployment(testable = false)
  static WebArchive war() {
    return EventSourceWar.with("eventsource.auth=digest").addClass(AccessServlet.class);
  }

  @AfterEach
  void close() throws IOException {
    for (HttpReply stream : open) {
      stream.close();
    }
  }

  @Test
  @DisplayName("end within a second of the CDI event, and get nothing that is sent after it")
  void ended(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    DigestClient alice = client(war, "alice");
    for (int i = 0; i < STREAMS; i++) {
      logIn(war, alice);
    }
    EventStreamRecorder bob = logIn(war, client(war, "bob")).stream();
    bob.assertOpened();
    war.publish("text/plain", "before");
    bob.assertEvent(null, "message", "before");

    long begin = System.nanoTime();
    call(war, "access/revoke?user=alice");
    for (HttpReply stream : open.subList(0, STREAMS)) {
      String text = stream.text(); // to its end
      assertFalse(text.contains("after"), text);
      assertTrue(text.matches("(?s).*\nretry: \\d+\n\n"), text);
    }
    assertWithinASecondOf(begin);
    bob.assertEvent(null, "message", "after the end");
  }

  @Test
  @DisplayName("end within a second of the session that they were opened with, and for good")
  void session(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    String session;
    try (HttpReply reply = war.get("access/begin").send(war.port())) {
      session = reply.field("Set-Cookie").replaceFirst(";.*", "");
    }
    DigestClient alice = client(war, "alice");
    HttpReply stream = logIn(war, alice, session);
    HttpReply other = logIn(war, client(war, "alice"));

    long begin = System.nanoTime();
    call(war, "access/end", session);
    assertTrue(stream.text().matches("(?s).*\nretry: \\d+\n\n"));
    assertWithinASecondOf(begin);
    HttpCall again = call(war, alice, session).with("Last-Event-ID", "any");
    try (HttpReply reply = again.send(war.port())) {
      assertEquals(204, reply.status());
    }
    war.publish("text/plain", "for the other");
    EventStreamRecorder goesOn = other.stream();
    goesOn.assertOpened();
    goesOn.assertEvent(null, "message", "for the other");
  }

  private static void assertWithinASecondOf(long begin) {
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertTrue(took.compareTo(DEADLINE) < 0, took::toString);
  }

  private static DigestClient client(RunningWar war, String user) throws IOException {
    try (HttpReply challenge = war.get("events").send(war.port())) {
      return DigestClient.of(user, "secret", challenge.field("WWW-Authenticate"));
    }
  }

  private HttpReply logIn(RunningWar war, DigestClient client, String... cookie)
      throws IOException {
    HttpReply stream = call(war, client, cookie).send(war.port());
    open.add(stream);
    assertEquals(200, stream.status());
    return stream;
  }

  private static HttpCall call(RunningWar war, DigestClient client, String... cookie) {
    String answer = client.answer("GET", war.uri().getPath() + "events");
    return war.get("events")
        .with("Authorization", answer)
        .with("Cookie", String.join("; ", cookie));
  }

  private static void call(RunningWar war, String path, String... cookie) throws IOException {
    try (HttpReply reply =
        war.get(path).with("Cookie", String.join("; ", cookie)).send(war.port())) {
      assertEquals(200, reply.status());
    }
  }
}
