package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application with two event sources in a real container; requests byte by byte. */
@DisplayName("The settings guard event sources so that")
class GuardTest {

  private final WebApplication application = WebApplication.at("/app");
  private LogRecords expected;

  @BeforeEach
  void listen() {
    expected = LogRecords.of("org.asynceventsource.security");
  }

  @AfterEach
  void stop() throws Exception {
    application.stop();
    expected.close();
  }

  private void start(String auth, String users, String publishers) throws Exception {
    application
        .parameter("eventsource.auth", auth)
        .parameter("eventsource.users", users)
        .parameter("eventsource.publishers", publishers)
        .atStart(context -> EventSources.of(context).at("/more"))
        .listener(new BootListener())
        .start();
  }

  private static HttpCall post(String target) {
    return HttpCall.of("POST", target).withBody("text/plain", "hello");
  }

  /** A client that knows the challenge for a request. */
  private DigestClient client(HttpCall call, String user, String password) throws IOException {
    try (HttpReply challenge = application.send(call)) {
      assertThat(challenge.status()).isEqualTo(401);
      return DigestClient.of(user, password, challenge.field("WWW-Authenticate"));
    }
  }

  @Test
  @DisplayName("reading needs no login, publishing does, and only publishers may")
  void openReading() throws Exception {
    start("none", "alice:a,bob:b", "alice");
    DigestClient alice = client(post("/app/events"), "alice", "a");

    try (EventStreamRecorder stream = application.get("/app/events").stream();
        HttpReply published =
            application.send(
                post("/app/events").with("Authorization", alice.answer("POST", "/app/events")));
        HttpReply refused =
            application.send(
                post("/app/events")
                    .with(
                        "Authorization", alice.as("bob", "b").answer("POST", "/app/events", 2)))) {
      assertThat(published.status()).isEqualTo(200);
      stream.assertEvent(published.text().strip(), "message", "hello");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text())
          .isEqualTo(
              "this user may not publish; the setting 'eventsource.publishers' names those who"
                  + " may\n");
      stream.assertExhausted();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/app/events", "/app/more"})
  @DisplayName("reading needs a login at every event source, and one login does for all")
  void guardedReading(String path) throws Exception {
    start("digest", "alice:a", "");
    DigestClient alice = client(HttpCall.of("GET", "/app/events"), "alice", "a");

    try (HttpReply stranger = application.get(path);
        HttpReply head = application.send(HttpCall.of("HEAD", path));
        HttpReply liar =
            application.send(
                HttpCall.of("GET", path)
                    .with("Authorization", alice.as("alice", "x").answer("GET", path)));
        EventStreamRecorder stream =
            application
                .send(HttpCall.of("GET", path).with("Authorization", alice.answer("GET", path)))
                .stream()) {
      assertThat(stranger.status()).isEqualTo(401);
      assertThat(head.status()).isEqualTo(401);
      assertThat(liar.status()).isEqualTo(401);
      stream.assertOpened();
    }
  }

  @Test
  @DisplayName("nobody publishes where no publisher is named, and the answer names the setting")
  void noPublishers() throws Exception {
    start("none", "alice:a", "");

    try (HttpReply refused = application.send(post("/app/events"))) {
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text())
          .isEqualTo(
              "nobody may publish over HTTP; name those who may in the setting"
                  + " 'eventsource.publishers'\n");
    }
  }

  @Test
  @DisplayName("nobody publishes where a publisher is named whom nobody can check")
  void noUsers() throws Exception {
    start("none", "", "alice");

    try (HttpReply refused = application.send(post("/app/events"))) {
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text())
          .isEqualTo("publishing needs a login, but nobody can log in; set 'eventsource.users'\n");
    }
  }

  @Test
  @DisplayName("methods that do nothing need no login to be refused")
  void otherMethods() throws Exception {
    start("digest", "alice:a", "alice");

    try (LogRecords refusals = LogRecords.of("org.asynceventsource.servlet");
        HttpReply delete = application.send(HttpCall.of("DELETE", "/app/events"));
        HttpReply options = application.send(HttpCall.of("OPTIONS", "/app/events"))) {
      assertThat(delete.status()).isEqualTo(405);
      assertThat(options.status()).isEqualTo(204);
      assertThat(refusals.messages()).hasSize(1);
    }
  }
}
