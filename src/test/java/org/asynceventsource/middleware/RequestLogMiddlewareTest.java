package org.asynceventsource.middleware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.Filter;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.GuardedEvents;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The log of requests")
class RequestLogMiddlewareTest {

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final AtomicLong clock = new AtomicLong();
  private final RequestLogMiddleware log = RequestLogMiddleware.to(lines::add, clock::get);

  private final Filter slow =
      (request, response, chain) -> {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(7));
        chain.doFilter(request, response);
      };

  private static HttpCall get(String query) {
    return HttpCall.of("GET", GuardedEvents.PATH + query);
  }

  /** The next line, which may be written a moment after the client has its answer. */
  private String line() throws InterruptedException {
    return String.valueOf(lines.poll(10, TimeUnit.SECONDS));
  }

  @Test
  @DisplayName("tells of a stream when it has begun, with address, target, status and time")
  void stream() throws Exception {
    try (GuardedEvents events = GuardedEvents.behindProxyAnd(log, slow);
        EventStreamRecorder stream =
            events.open(get("?channel=a%20b").with("X-Forwarded-For", "192.0.2.7"))) {
      assertThat(line()).isEqualTo("192.0.2.7 GET /app/events?channel=a%20b 200 7ms");
      events.source().send("hello");
      stream.assertEvent(null, "message", "hello");
    }
    assertThat(lines).isEmpty();
  }

  @Test
  @DisplayName("tells of refusals by what comes behind, and of failures")
  void refusals() throws Exception {
    Filter failing =
        (request, response, chain) -> {
          throw new IllegalStateException("by the test");
        };
    try (GuardedEvents events =
        GuardedEvents.behind(log, AuthorizationMiddleware.require(r -> false).orStatus(404))) {
      assertThat(events.status(get(""))).isEqualTo(404);
    }
    try (GuardedEvents events = GuardedEvents.behind(log, failing)) {
      assertThat(events.status(get(""))).isEqualTo(500);
    }
    assertThat(line()).isEqualTo("127.0.0.1 GET /app/events 404 0ms");
    assertThat(line()).isEqualTo("127.0.0.1 GET /app/events 500 0ms");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "?token=S3CRET, ?token=…",
    "?a=1&Access_Token=S3CRET&b=2, ?a=1&Access_Token=…&b=2",
    "?%74icket=S3CRET&ticket=S3CRET, ?%74icket=…&ticket=…",
    "?password=S3CRET=S3CRET, ?password=…",
    "?key=&x=1, ?key=…&x=1",
    "?keys=1&monkey=2, ?keys=1&monkey=2",
    ";jsessionid=S3CRET?a=b, ;…?a=b",
  })
  @DisplayName("leaves the values of secret parameters out")
  void secrets(String sent, String shown) throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(log)) {
      events.status(get(sent));
    }
    assertThat(line()).isEqualTo("127.0.0.1 GET /app/events%s 200 0ms".formatted(shown));
  }

  @Test
  @DisplayName("shows no header fields but those that are named")
  void headers() throws Exception {
    try (GuardedEvents events =
        GuardedEvents.behind(log.headers("user-agent", "X-A", "X-Absent"))) {
      events.status(
          get("")
              .with("Authorization", "Basic S3CRET")
              .with("Cookie", "id=S3CRET")
              .with("User-Agent", "curl/8")
              .with("X-A", "1")
              .with("X-A", "\"\\")
              .with("X-B", "2"));
    }
    assertThat(line())
        .isEqualTo(
            "127.0.0.1 GET /app/events 200 0ms user-agent=\"curl/8\" X-A=\"1\" X-A=\"\\\"\\\\\"");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "authorization",
        "COOKIE",
        "Set-Cookie",
        "Proxy-Authorization",
        "Proxy-Anything",
        "WWW-Authenticate",
        "Authentication-Info"
      })
  @DisplayName("refuses to show what holds credentials")
  void neverShown(String name) {
    assertThatThrownBy(() -> log.headers("X-A", name))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'%s' holds credentials".formatted(name));
  }

  /** The attack: a value that begins a line of its own, or paints over the terminal. */
  @ParameterizedTest(name = "[{0}]")
  @CsvSource({
    "'a\nb', a\\u{a}b",
    "'a\rb', a\\u{d}b",
    "'\u001b[2J', \\u{1b}[2J",
    "'\u0085\u2028\u202e', \\u{85}\\u{2028}\\u{202e}",
    "'\ud83d\ude00ä', \ud83d\ude00ä",
    "'\ud83d', \\u{d83d}"
  })
  @DisplayName("keeps to one line, whatever a client sends")
  void injection(String sent, String shown) {
    assertThat(LoggedText.safe(sent)).isEqualTo(shown);
    assertThat(LoggedText.target("/e", "q=" + sent)).isEqualTo("/e?q=" + shown);
  }

  @Test
  @DisplayName("keeps lines short")
  void length() {
    assertThat(LoggedText.safe("a".repeat(5_000))).hasSize(1_001).endsWith("a…");
  }

  @Test
  @DisplayName("can be turned off and on while it runs")
  void enabled() throws Exception {
    AtomicBoolean enabled = new AtomicBoolean();
    try (GuardedEvents events = GuardedEvents.behind(log.enabled(enabled::get))) {
      assertThat(events.status(get(""))).isEqualTo(200);
      assertThat(lines).isEmpty();
      enabled.set(true);
      assertThat(events.status(get(""))).isEqualTo(200);
      assertThat(line()).startsWith("127.0.0.1 GET");
    }
  }
}
