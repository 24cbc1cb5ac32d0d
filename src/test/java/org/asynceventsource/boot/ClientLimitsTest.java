package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.asynceventsource.WebApplication;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** In a real container; requests byte by byte. */
@DisplayName("Clients beyond a limit of theirs are told to come back later")
class ClientLimitsTest {

  private static final String PATH = "/app/events";
  private static final HttpCall GET = HttpCall.of("GET", PATH);

  private final WebApplication application = WebApplication.at("/app");
  private LogRecords expected;

  @BeforeEach
  void listen() {
    expected = LogRecords.of("org.asynceventsource.stream");
  }

  @AfterEach
  void stop() throws Exception {
    application.stop();
    expected.close();
  }

  private void start(String setting, String value) throws Exception {
    application
        .parameter("eventsource.limits." + setting, value)
        .parameter("eventsource.trusted-proxies", "127.0.0.1")
        .parameter("eventsource.heartbeat", "100ms")
        .listener(new BootListener())
        .start();
  }

  private void assertComesBackLater(HttpCall call) throws Exception {
    try (HttpReply reply = application.send(call.with("Last-Event-ID", "1"))) {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text()).matches("(?s): .*\nretry: \\d{4,5}\nid: 1\n\n");
    }
  }

  private boolean opens(HttpCall call) throws Exception {
    try (EventStreamRecorder stream = application.send(call).stream()) {
      stream.assertOpened();
      return true;
    } catch (AssertionError sentAway) {
      return false;
    }
  }

  @Test
  @DisplayName("where an address has its clients, until one of them has gone")
  void perAddress() throws Exception {
    start("clients-per-address", "1");
    HttpCall call = GET.with("X-Forwarded-For", "192.0.2.1");

    try (EventStreamRecorder first = application.send(call).stream();
        EventStreamRecorder other =
            application.send(GET.with("X-Forwarded-For", "192.0.2.2")).stream()) {
      first.assertOpened();
      other.assertOpened();
      assertComesBackLater(call);
    }
    Awaitility.await().until(() -> opens(call));
  }

  @Test
  @DisplayName("where a user has their clients, wherever they are")
  void perUser() throws Exception {
    application
        .parameter("eventsource.auth", "digest")
        .parameter("eventsource.users", "alice:a,bob:b");
    start("clients-per-user", "1");
    DigestClient alice;
    try (HttpReply challenge = application.send(GET)) {
      alice = DigestClient.of("alice", "a", challenge.field("WWW-Authenticate"));
    }
    HttpCall first = GET.with("Authorization", alice.answer("GET", PATH, 1));
    HttpCall second = GET.with("Authorization", alice.answer("GET", PATH, 2));
    HttpCall bob = GET.with("Authorization", alice.as("bob", "b").answer("GET", PATH, 3));

    try (EventStreamRecorder stream = application.send(first).stream();
        EventStreamRecorder other = application.send(bob).stream()) {
      stream.assertOpened();
      other.assertOpened();
      assertComesBackLater(second.with("X-Forwarded-For", "192.0.2.9"));
    }
  }
}
