package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Driven by the container's Jakarta Security where it has one, and by our filter elsewhere: an
 * event source must not show the difference.
 */
@RunAsClient
@ExtendWith(ArquillianExtension.class)
@DisplayName("Digest by an annotation")
class NativeLoginIT {

  private static final Set<String> WITH_JAKARTA_SECURITY =
      Set.of("wildfly", "glassfish", "openliberty", "payara", "payara-micro");
  private static final String FIELD = "WWW-Authenticate";

  /** As long as this server's nonces, and as well-formed; one that it made before a restart. */
  private static final String OLD_NONCE = "A".repeat(75);

  @Deployment(testable = false)
  static WebArchive war() {
    return ShrinkWrap.create(WebArchive.class, "native.war")
        .merge(
            EventSourceWar.with(
                "eventsource.auth=container",
                "eventsource.roles=clerk",
                "eventsource.heartbeat=200ms",
                "eventsource.recheck=200ms"))
        .addClasses(Staff.class, Staff.Security.class, OtherServlet.class)
        .addAsWebInfResource(
            new StringAsset("<jboss-web><security-domain>digest</security-domain></jboss-web>"),
            "jboss-web.xml");
  }

  @Test
  @DisplayName("opens streams for users of a bean, whose groups are roles")
  void opens(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    DigestClient alice = client(war, "events", "alice");
    try (EventStreamRecorder hers = logIn(war, "events", alice).stream();
        EventStreamRecorder his = logIn(war, "events", client(war, "events", "bob")).stream()) {
      hers.assertOpened();
      hers.assertEvent(null, "you", "alice, clerk");
      his.assertOpened();
      his.assertEvent(null, "you", "bob");
      for (int asked = 0; asked < 3; asked++) {
        his.nextComment();
      }
      assertEquals(200, publish(war, alice).status());
      hers.assertEvent(null, "message", "news");
      his.assertEvent(null, "message", "news");
    }
  }

  @Test
  @DisplayName("ends the stream of a user whom the bean knows no longer")
  void ends(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    try (EventStreamRecorder his = logIn(war, "events", client(war, "events", "carl")).stream()) {
      his.assertOpened();
      his.assertEvent(null, "you", "carl");
      his.assertEnded();
    }
  }

  @Test
  @DisplayName("asks again for a wrong password, but not if only the nonce is old")
  void stale(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    DigestClient bob = client(war, "events", "bob");
    try (HttpReply wrong = logIn(war, "events", bob.as("bob", "secret"))) {
      assertEquals(401, wrong.status());
      assertFalse(wrong.field(FIELD).contains("stale=true"), wrong.field(FIELD));
    }
    try (HttpReply old = logIn(war, "events", bob.withNonce(OLD_NONCE))) {
      assertEquals(401, old.status());
      assertTrue(old.field(FIELD).contains("stale=true"), old.field(FIELD));
      DigestClient renewed = DigestClient.of("bob", Staff.PASSWORD, old.field(FIELD));
      try (HttpReply again = logIn(war, "events", renewed)) {
        assertEquals(200, again.status());
        assertTrue(again.field("Authentication-Info").contains("rspauth="));
      }
    }
  }

  @Test
  @DisplayName("takes each count of a nonce once, out of order too")
  void replay(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    DigestClient bob = client(war, "events", "bob");
    String events = war.uri().getPath() + "events";
    for (int count : new int[] {3, 1, 2}) {
      HttpCall call = war.get("events").with("Authorization", bob.answer("GET", events, count));
      try (HttpReply first = call.send(war.port());
          HttpReply second = call.send(war.port())) {
        assertEquals(200, first.status());
        assertEquals(401, second.status());
        assertTrue(second.field(FIELD).contains("stale=true"), second.field(FIELD));
      }
    }
  }

  @Test
  @DisplayName("lets publishers publish, and no others")
  void publishing(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    try (HttpReply stranger = post(war).send(war.port());
        HttpReply bob = publish(war, client(war, "events", "bob"))) {
      assertEquals(401, stranger.status());
      assertEquals(403, bob.status());
    }
  }

  @Test
  @DisplayName(
      "guards the application's other servlets, and logs out, where the container has Jakarta Security")
  void other(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    if (!WITH_JAKARTA_SECURITY.contains(System.getProperty("it.container"))) {
      try (HttpReply closed =
          logIn(war, "other", client(war, "events", "alice"))) { // to nobody, rather than to all
        assertNotEquals(200, closed.status());
      }
      return;
    }
    DigestClient alice = client(war, "other", "alice");
    try (HttpReply hers = logIn(war, "other", alice);
        HttpReply his = logIn(war, "other", client(war, "other", "bob"));
        HttpReply events = logIn(war, "events", alice)) {
      assertEquals(200, hers.status());
      assertEquals("DIGEST, alice, clerk true, chief false", hers.text());
      assertEquals(403, his.status());
      assertEquals(200, events.status()); // one login for both
    }
    assertLogsOut(war, alice);
  }

  private static void assertLogsOut(RunningWar war, DigestClient alice) throws IOException {
    try (EventStreamRecorder hers = logIn(war, "events", alice).stream()) {
      hers.assertOpened();
      hers.assertEvent(null, "you", "alice, clerk");
      try (HttpReply farewell = logIn(war, "other?logout", alice)) {
        assertEquals(200, farewell.status());
      }
      hers.assertEnded();
    }
    try (HttpReply again = logIn(war, "events", alice)) {
      assertEquals(401, again.status());
      assertFalse(again.field(FIELD).contains("stale=true"), again.field(FIELD));
    }
  }

  private static DigestClient client(RunningWar war, String path, String user) throws IOException {
    try (HttpReply challenge = war.get(path).send(war.port())) {
      assertEquals(401, challenge.status());
      assertTrue(challenge.field(FIELD).contains("realm=\"staff\""), challenge.field(FIELD));
      return DigestClient.of(user, Staff.PASSWORD, challenge.field(FIELD));
    }
  }

  private static HttpReply logIn(RunningWar war, String path, DigestClient client)
      throws IOException {
    String answer = client.answer("GET", war.uri().getPath() + path);
    return war.get(path).with("Authorization", answer).send(war.port());
  }

  private static HttpCall post(RunningWar war) {
    return HttpCall.of("POST", war.uri().getPath() + "events").withBody("text/plain", "news");
  }

  private static HttpReply publish(RunningWar war, DigestClient client) throws IOException {
    String answer = client.answer("POST", war.uri().getPath() + "events");
    return post(war).with("Authorization", answer).send(war.port());
  }
}
