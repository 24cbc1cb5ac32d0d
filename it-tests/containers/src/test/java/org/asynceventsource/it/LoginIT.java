package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynceventsource.it.support.Chromium;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@RunAsClient
@ExtendWith(ArquillianExtension.class)
@DisplayName("A stream that needs a login")
class LoginIT {

  private static final String OTHER_PAGE = "http://page.localhost";
  private static final String FIELD = "WWW-Authenticate";

  /** As long as this server's nonces, and as well-formed; one that it made before a restart. */
  private static final String OLD_NONCE = "A".repeat(75);

  /** As README has it, but for the URL, and counting. */
  private static final String LISTEN =
      """
      url => {
        window.received = [];
        window.opened = 0;
        async function listen(lastEventId) {
          const again = () => setTimeout(() => listen(lastEventId), 1000);
          try {
            const ticket = await newTicket();
            const query = new URLSearchParams({ channel: "tea", ticket, lastEventId });
            const events = new EventSource(`${url}?${query}`);
            events.onopen = () => opened++;
            events.onmessage = (event) => {
              lastEventId = event.lastEventId;
              received.push(event.data);
            };
            events.onerror = () => {
              if (events.readyState === EventSource.CLOSED) again();
            };
          } catch (failed) {
            again();
          }
        }
        listen("");
      }
      """;

  @Deployment(testable = false)
  static WebArchive war() {
    return EventSourceWar.with(
            "eventsource.auth=digest",
            "eventsource.roles=clerk",
            "eventsource.retry=100ms..200ms",
            "eventsource.tickets=30s",
            "eventsource.cors.origins=" + OTHER_PAGE)
        .addClasses(Clerks.class, Members.class, AccessServlet.class)
        .addAsLibrary(
            ShrinkWrap.create(JavaArchive.class, "users.jar")
                .addClass(MoreUsers.class)
                .addAsServiceProvider(ServletContainerInitializer.class, MoreUsers.class));
  }

  @Test
  @DisplayName("opens for a user, of whom beans learn the name and the declared roles")
  void opens(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    assertStream(war, "alice", "alice");
    assertStream(war, "bob", "bob, clerk");
  }

  @Test
  @DisplayName("opens for whom a bean of the application knows, and refuses a wrong password")
  void bean(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    assertStream(war, "carol", "carol");
    try (HttpReply wrong = logIn(war, client(war, "carol", "wrong"))) {
      assertEquals(401, wrong.status());
    }
  }

  @Test
  @DisplayName("opens for whom the container's database knows, in the container that has one")
  void database(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    int expected = System.getProperty("it.container").startsWith("wildfly") ? 200 : 401;
    try (HttpReply reply = logIn(war, client(war, "dave", "secret"))) {
      assertEquals(expected, reply.status());
    }
  }

  private static void assertStream(RunningWar war, String user, String guest) throws IOException {
    try (EventStreamRecorder stream = logIn(war, client(war, user, "secret")).stream()) {
      stream.assertOpened();
      stream.assertEvent(null, "you", guest);
      war.publish("text/plain", "for " + user);
      stream.assertEvent(null, "message", "for " + user);
    }
  }

  @Test
  @DisplayName("asks again for a wrong password, but not if only the nonce is old")
  void stale(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    try (HttpReply wrong = logIn(war, client(war, "bob", "wrong"))) {
      assertEquals(401, wrong.status());
      assertFalse(wrong.field(FIELD).contains("stale=true"), wrong.field(FIELD));
    }
    DigestClient bob = client(war, "bob", "secret");
    try (HttpReply old = logIn(war, bob.withNonce(OLD_NONCE))) {
      assertEquals(401, old.status());
      assertTrue(old.field(FIELD).contains("stale=true"), old.field(FIELD));
      try (HttpReply again = logIn(war, DigestClient.of("bob", "secret", old.field(FIELD)))) {
        assertEquals(200, again.status());
      }
    }
  }

  @Test
  @DisplayName("lets the page of a named origin ask before it logs in, and see that it has to")
  void otherOrigin(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    String path = war.uri().getPath() + "events";
    HttpCall preflight =
        HttpCall.of("OPTIONS", path)
            .with("Origin", OTHER_PAGE)
            .with("Access-Control-Request-Method", "GET");
    try (HttpReply allowed = preflight.send(war.port());
        HttpReply refused = war.get("events").with("Origin", OTHER_PAGE).send(war.port())) {
      assertEquals(204, allowed.status());
      assertEquals(OTHER_PAGE, allowed.field("Access-Control-Allow-Origin"));
      assertEquals(401, refused.status());
      assertEquals(OTHER_PAGE, refused.field("Access-Control-Allow-Origin"));
    }
  }

  @Test
  @Tag("browser")
  @DisplayName(
      "opens for a page of a named origin by tickets, asked for until there are, and goes on by another")
  void tickets(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    try (Chromium chromium = Chromium.launch()) {
      Page page = chromium.emptyPage(URI.create(OTHER_PAGE));
      AtomicInteger asked = new AtomicInteger();
      page.exposeFunction("newTicket", nothing -> newTicket(war, asked.incrementAndGet()));
      page.evaluate(LISTEN, application.resolve("events").toString());
      page.waitForFunction("opened === 1");
      war.publish("text/plain", "for carol");
      page.waitForFunction("received.length === 1");

      access(war, "out");

      page.waitForFunction("received.length === 2");
      assertEquals(List.of("for carol", "after the end"), page.evaluate("received"));
      assertEquals(2, page.evaluate("opened"));
    }
  }

  /** Fails at first, as when the application is away. */
  private static String newTicket(RunningWar war, int number) {
    if (number == 1) {
      throw new IllegalStateException("no ticket");
    }
    return access(war, "ticket");
  }

  private static String access(RunningWar war, String way) {
    try (HttpReply reply = war.get("access/" + way + "?user=carol").send(war.port())) {
      return reply.text();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DigestClient client(RunningWar war, String user, String password)
      throws IOException {
    try (HttpReply challenge = war.get("events").send(war.port())) {
      assertEquals(401, challenge.status());
      return DigestClient.of(user, password, challenge.field(FIELD));
    }
  }

  private static HttpReply logIn(RunningWar war, DigestClient client) throws IOException {
    String answer = client.answer("GET", war.uri().getPath() + "events");
    return war.get("events").with("Authorization", answer).send(war.port());
  }
}
