package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.EventSources;
import org.asynceventsource.WebApplication;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** In a real container; requests byte by byte. */
@DisplayName("A browser whose user has logged out")
class LogoutTest {

  private static final String PATH = "/app/events";

  private final WebApplication application = WebApplication.at("/app");
  private LogRecords expected;
  private EventSources sources;
  private DigestClient alice;

  @BeforeEach
  void start() throws Exception {
    expected = LogRecords.of("org.asynceventsource.security");
    application
        .parameter("eventsource.auth", "digest")
        .parameter("eventsource.users", "alice:secret")
        .atStart(context -> prepare(EventSources.of(context)))
        .listener(new BootListener())
        .start();
    alice = challenged();
  }

  private void prepare(EventSources made) {
    sources = made;
    made.at("/events")
        .addMiddleware(
            (request, response, chain) -> {
              if (isLogout(request)) {
                ((HttpServletRequest) request).logout();
              }
              chain.doFilter(request, response);
            });
  }

  private static boolean isLogout(ServletRequest request) {
    return request.getParameter("logout") != null;
  }

  @AfterEach
  void stop() throws Exception {
    application.stop();
    expected.close();
  }

  private DigestClient challenged() throws Exception {
    try (HttpReply challenge = application.send(HttpCall.of("GET", PATH))) {
      return DigestClient.of("alice", "secret", challenge.field("WWW-Authenticate"));
    }
  }

  private HttpReply get(String target) throws Exception {
    String answer = alice.answer("GET", target);
    return application.send(HttpCall.of("GET", target).with("Authorization", answer));
  }

  private void assertAskedAgain() throws Exception {
    try (HttpReply reply = get(PATH)) {
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.field("WWW-Authenticate")).doesNotContain("stale=true");
    }
    await().untilAsserted(this::assertLetIn); // a nonce of the logout's millisecond doesn't do yet
  }

  private void assertLetIn() throws Exception {
    alice = challenged();
    try (HttpReply reply = get(PATH)) {
      assertThat(reply.status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("by the application's word loses its stream, and asks for the password again")
  void changed() throws Exception {
    try (EventStreamRecorder stream = get(PATH).stream()) {
      stream.assertOpened();
      sources.changed(AccessChanged.ended("alice"));
      stream.assertEndedWithin(Duration.ofSeconds(1));
    }
    assertAskedAgain();
  }

  /** The attack: the EventSource is between two streams, and comes back with the old answer. */
  @Test
  @DisplayName("by the application's word while it had no stream asks for the password again")
  void changedMeanwhile() throws Exception {
    get(PATH).close();
    sources.changed(AccessChanged.ended("alice"));

    assertAskedAgain();
  }

  @Test
  @DisplayName("by a servlet's logout loses its streams, and asks for the password again")
  void servlet() throws Exception {
    try (EventStreamRecorder stream = get(PATH).stream()) {
      stream.assertOpened();
      get(PATH + "?logout").close();
      stream.assertEnded();
    }

    assertAskedAgain();
  }
}
