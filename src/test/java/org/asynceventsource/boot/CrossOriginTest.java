package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.asynceventsource.ConfigurationException;
import org.asynceventsource.EventSources;
import org.asynceventsource.WebApplication;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In a real container; requests byte by byte. */
@DisplayName("Pages of other origins")
class CrossOriginTest {

  private static final String APP = "https://app.example";

  private final WebApplication application = WebApplication.at("/app");

  @AfterEach
  void stop() throws Exception {
    application.stop();
  }

  private void start(String... settings) throws Exception {
    for (int i = 0; i < settings.length; i += 2) {
      application.parameter("eventsource." + settings[i], settings[i + 1]);
    }
    application
        .atStart(context -> EventSources.of(context).at("/more"))
        .listener(new BootListener())
        .start();
  }

  private static HttpCall from(String method, String path) {
    return HttpCall.of(method, path).with("Origin", APP).with("Sec-Fetch-Site", "cross-site");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/app/events", "/app/more"})
  @DisplayName("that are named are let in before anybody is asked for a login, and then log in")
  void beforeLogin(String path) throws Exception {
    start("cors.origins", APP, "cors.credentials", "true", "auth", "digest", "users", "alice:a");

    try (HttpReply asked =
            application.send(from("OPTIONS", path).with("Access-Control-Request-Method", "GET"));
        HttpReply refused = application.send(from("GET", path))) {
      assertThat(asked.status()).isEqualTo(204);
      assertThat(asked.field("Access-Control-Max-Age")).isEqualTo("600");
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.field("Access-Control-Allow-Origin")).isEqualTo(APP);
      DigestClient alice = DigestClient.of("alice", "a", refused.field("WWW-Authenticate"));
      try (EventStreamRecorder stream =
          application
              .send(from("GET", path).with("Authorization", alice.answer("GET", path)))
              .stream()) {
        stream.assertOpened();
      }
    }
  }

  @Test
  @DisplayName("that are named may publish, if their visitor may")
  void publish() throws Exception {
    start("cors.origins", APP, "publishers", "alice", "users", "alice:a");

    HttpCall post = from("POST", "/app/events").withBody("text/plain", "hello");
    try (HttpReply challenge = application.send(post)) {
      DigestClient alice = DigestClient.of("alice", "a", challenge.field("WWW-Authenticate"));
      String answer = alice.answer("POST", "/app/events");
      try (HttpReply published = application.send(post.with("Authorization", answer))) {
        assertThat(published.status()).isEqualTo(200);
        assertThat(published.field("Access-Control-Allow-Origin")).isEqualTo(APP);
      }
    }
  }

  @Test
  @DisplayName("that aren't named are told nothing")
  void foreign() throws Exception {
    start();

    try (HttpReply reply = application.send(from("GET", "/app/events"))) {
      assertThat(reply.fields().keySet()).noneMatch(name -> name.startsWith("access-control-"));
    }
  }

  @ParameterizedTest(name = "{0}, credentials {1}, auth {2}")
  @CsvSource({
    "'*, https://app.example', false, none, beside others",
    "*, true, none, any page could read",
    "*, false, digest, although 'eventsource.auth' guards reading",
    "https://app.example/, false, none, must be a list of origins",
  })
  @DisplayName("that can't be let in stop the deployment")
  void mistakes(String origins, String credentials, String auth, String message) {
    assertThatThrownBy(
            () ->
                start(
                    "cors.origins", origins,
                    "cors.credentials", credentials,
                    "auth", auth,
                    "users", "alice:a"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }
}
