package org.asynceventsource.middleware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.GuardedEvents;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CORS")
class CorsMiddlewareTest {

  private static final String APP = "https://app.example";

  private static HttpCall preflight(String origin) {
    return HttpCall.of("OPTIONS", GuardedEvents.PATH)
        .with("Origin", origin)
        .with("Access-Control-Request-Method", "GET")
        .with("Access-Control-Request-Headers", "last-event-id");
  }

  @Test
  @DisplayName("lets a page of an allowed origin read, with its credentials")
  void reads() throws Exception {
    try (GuardedEvents events =
            GuardedEvents.behind(CorsMiddleware.allow(APP, "http://b:1").credentials(true));
        HttpReply reply = events.send(GuardedEvents.eventSource().with("Origin", APP));
        EventStreamRecorder stream = reply.stream()) {
      assertThat(reply.field("Access-Control-Allow-Origin")).isEqualTo(APP);
      assertThat(reply.field("Access-Control-Allow-Credentials")).isEqualTo("true");
      assertThat(reply.field("Vary")).contains("Origin").contains("Accept");
      stream.assertOpened();
      events.source().send("hello");
      stream.assertEvent(null, "message", "hello");
    }
  }

  /** Chromium asks before it sends more than 128 bytes, or unusual ones. */
  @Test
  @DisplayName("answers the question before a long Last-Event-ID, and then lets it pass")
  void preflight() throws Exception {
    String id = "i".repeat(200);
    try (GuardedEvents events =
            GuardedEvents.behind(CorsMiddleware.allow(APP).maxAge(Duration.ofMinutes(2)));
        HttpReply answer = events.send(preflight(APP))) {
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.field("Access-Control-Allow-Origin")).isEqualTo(APP);
      assertThat(answer.field("Access-Control-Allow-Headers")).contains("Last-Event-ID");
      assertThat(answer.field("Access-Control-Allow-Methods")).isEqualTo("GET, HEAD, POST, PUT");
      assertThat(answer.field("Access-Control-Max-Age")).isEqualTo("120");
      assertThat(answer.fields()).doesNotContainKey("access-control-allow-credentials");
      events.source().send(ServerSentEvent.of("old").withId(id));
      events.source().send("missed");
      HttpCall back = GuardedEvents.eventSource().with("Origin", APP).with("Last-Event-ID", id);
      try (EventStreamRecorder stream = events.open(back)) {
        stream.assertEvent(null, "message", "missed");
      }
    }
  }

  /** The attack: a page of any other origin, to have its own name reflected. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "https://evil.example",
        "null",
        "http://app.example",
        "https://app.example:8443",
        "https://app.example.evil.example",
        "https://evil.example#https://app.example",
        "https://app.example https://evil.example",
        "https://x.app.example",
        "app.example",
        "*"
      })
  @DisplayName("tells the browsers of other origins nothing, so that they keep the answer back")
  void foreign(String origin) throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(CorsMiddleware.allow(APP).credentials(true));
        HttpReply asked = events.send(preflight(origin));
        HttpReply read = events.send(GuardedEvents.get().with("Origin", origin))) {
      for (HttpReply reply : new HttpReply[] {asked, read}) {
        assertThat(reply.fields().keySet())
            .noneMatch(name -> name.startsWith("access-control-"))
            .contains("vary");
      }
      assertThat(asked.status()).isEqualTo(204);
      assertThat(read.status()).isEqualTo(200);
    }
  }

  /** The attack: two fields, of which one part of the server reads the first, another the last. */
  @Test
  @DisplayName("believes no request with two origins")
  void twoOrigins() throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(CorsMiddleware.allow(APP));
        HttpReply reply =
            events.send(
                GuardedEvents.get().with("Origin", APP).with("Origin", "https://evil.example"))) {
      assertThat(reply.fields()).doesNotContainKey("access-control-allow-origin");
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"https://app.example, publishers", "https://evil.example, pages of origin"})
  @DisplayName("lets pages of allowed origins publish, as far as they may")
  void publishes(String origin, String answer) throws Exception {
    HttpCall post =
        HttpCall.of("POST", GuardedEvents.PATH)
            .with("Origin", origin)
            .with("Sec-Fetch-Site", "cross-site")
            .withBody("text/plain", "hello");
    try (LogRecords security = LogRecords.of("org.asynceventsource.security");
        GuardedEvents events = GuardedEvents.behind(CorsMiddleware.allow(APP));
        HttpReply reply = events.send(post)) {
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.text()).contains("publishers");
      assertThat(security.messages()).hasSize(1);
    }
  }

  @Test
  @DisplayName("lets everybody's pages read if told so, but never with credentials")
  void everybody() throws Exception {
    CorsMiddleware everybody = CorsMiddleware.allow("*");
    assertThatThrownBy(() -> everybody.credentials(true))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("any page");
    try (GuardedEvents events = GuardedEvents.behind(everybody);
        HttpReply reply = events.send(GuardedEvents.get().with("Origin", APP));
        HttpReply asked = events.send(preflight(APP))) {
      assertThat(reply.field("Access-Control-Allow-Origin")).isEqualTo("*");
      assertThat(asked.field("Access-Control-Allow-Methods")).isEqualTo("GET, HEAD");
    }
  }

  @Test
  @DisplayName("answers with the methods and header fields that are named")
  void ownLists() throws Exception {
    CorsMiddleware middleware = CorsMiddleware.allow(APP).methods("GET").headers("X-Tenant");
    try (GuardedEvents events = GuardedEvents.behind(middleware);
        HttpReply answer = events.send(preflight(APP))) {
      assertThat(answer.field("Access-Control-Allow-Methods")).isEqualTo("GET");
      assertThat(answer.field("Access-Control-Allow-Headers")).isEqualTo("X-Tenant");
    }
  }

  @ParameterizedTest(name = "[{0}]")
  @ValueSource(
      strings = {
        "app.example",
        "https://app.example/",
        "https://*.example",
        "null",
        "",
        "https://ä"
      })
  @DisplayName("refuses to be made of what is no origin")
  void noOrigin(String text) {
    assertThatThrownBy(() -> CorsMiddleware.allow(text, APP))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'%s' is no origin".formatted(text));
  }

  @Test
  @DisplayName("refuses to be made of nothing, and of names with line ends")
  void noTokens() {
    assertThatThrownBy(CorsMiddleware::allow).hasMessageContaining("no origin is allowed");
    assertThatThrownBy(() -> CorsMiddleware.allow(APP).headers("X-A\r\nX-B"))
        .hasMessageContaining("header field");
    assertThatThrownBy(() -> CorsMiddleware.allow(APP).methods("")).hasMessageContaining("method");
  }
}
