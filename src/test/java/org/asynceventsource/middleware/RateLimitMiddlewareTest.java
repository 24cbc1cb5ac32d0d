package org.asynceventsource.middleware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.GuardedEvents;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A rate limit")
class RateLimitMiddlewareTest {

  private static final String PROXIED = "X-Forwarded-For";

  private final AtomicLong clock = new AtomicLong();

  private RateLimitMiddleware twoAMinute() {
    return RateLimitMiddleware.of(2, Duration.ofMinutes(1), clock::get);
  }

  private void pass(long seconds) {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  @DisplayName("answers 429 and a time to what comes too often, until the time has passed")
  void others() throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(twoAMinute())) {
      assertThat(events.status(GuardedEvents.get())).isEqualTo(200);
      assertThat(events.status(GuardedEvents.get())).isEqualTo(200);
      try (HttpReply refused = events.send(GuardedEvents.get().with("Accept", "*/*"))) {
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.field("Retry-After")).isEqualTo("30");
        assertThat(refused.text()).isEqualTo("too many requests; try again later\n");
      }
      pass(29);
      assertThat(events.status(GuardedEvents.get())).isEqualTo(429);
      pass(1);
      assertThat(events.status(GuardedEvents.get())).isEqualTo(200);
      assertThat(events.status(GuardedEvents.get())).isEqualTo(429);
    }
  }

  /** With 429 it would never come back (WHATWG HTML §9.2.3). */
  @Test
  @DisplayName("tells an EventSource when to come back, and lets it keep its last event ID")
  void eventSource() throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(twoAMinute())) {
      assertThat(events.status(GuardedEvents.eventSource())).isEqualTo(200);
      assertThat(events.status(GuardedEvents.eventSource())).isEqualTo(200);
      HttpCall call = GuardedEvents.eventSource().with("Last-Event-ID", "here");
      try (HttpReply later = events.send(call)) {
        assertThat(later.status()).isEqualTo(200);
        assertThat(later.field("Content-Type")).startsWith("text/event-stream");
        assertThat(later.text())
            .matches("(?s): come back later\nretry: (3\\d|4[0-5])\\d{3}\nid: here\n\n");
      }
      try (HttpReply later = events.send(GuardedEvents.eventSource())) {
        assertThat(later.text()).matches("retry: (3\\d|4[0-5])\\d{3}\n\n");
      }
    }
  }

  @Test
  @DisplayName("is used up by one for all, unless each has an own")
  void forAll() throws Exception {
    try (GuardedEvents events = GuardedEvents.behindProxyAnd(twoAMinute().perUser().forAll())) {
      assertThat(events.status(from("192.0.2.1"))).isEqualTo(200);
      assertThat(events.status(from("192.0.2.1"))).isEqualTo(200);
      assertThat(events.status(from("192.0.2.2"))).isEqualTo(429);
    }
  }

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource({
    "192.0.2.1, 192.0.2.1, 429",
    "192.0.2.1, 192.0.2.2, 200",
    "2001:db8:1:2::1, 2001:db8:1:2:ffff::, 429",
    "2001:db8:1:2::1, 2001:db8:1:3::1, 200",
  })
  @DisplayName("counts each address by itself, and those with 64 bits in common as one")
  void perAddress(String one, String another, int status) throws Exception {
    try (GuardedEvents events = GuardedEvents.behindProxyAnd(twoAMinute().perAddress())) {
      assertThat(events.status(from(one))).isEqualTo(200);
      assertThat(events.status(from(one))).isEqualTo(200);
      assertThat(events.status(from(another))).isEqualTo(status);
    }
  }

  /** The attack: a client that names another address in each request. */
  @Test
  @DisplayName("believes no address that no trusted proxy tells")
  void forgedAddress() throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(twoAMinute().perAddress())) {
      assertThat(events.status(from("192.0.2.1"))).isEqualTo(200);
      assertThat(events.status(from("192.0.2.2"))).isEqualTo(200);
      assertThat(events.status(from("192.0.2.3"))).isEqualTo(429);
    }
  }

  @Test
  @DisplayName("counts each user by themself, wherever they are")
  void perUser() throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(new NamedByHeader(), twoAMinute().perUser())) {
      assertThat(events.status(by("alice"))).isEqualTo(200);
      assertThat(events.status(by("alice"))).isEqualTo(200);
      assertThat(events.status(by("alice"))).isEqualTo(429);
      assertThat(events.status(by("bob"))).isEqualTo(200);
      assertThat(events.status(GuardedEvents.get())).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("lets a stream go on that has begun")
  void streamsGoOn() throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(twoAMinute());
        EventStreamRecorder stream = events.open(GuardedEvents.eventSource())) {
      assertThat(events.status(GuardedEvents.get())).isEqualTo(200);
      assertThat(events.status(GuardedEvents.get())).isEqualTo(429);
      events.source().send("hello");
      stream.assertEvent(null, "message", "hello");
    }
  }

  /** The attack: more addresses than there is memory for. */
  @Test
  @DisplayName("remembers a bounded number of callers, of those that came last")
  void bounded() {
    Rates rates = new Rates(1, Duration.ofMinutes(1), clock::get);
    for (int i = 0; i < Rates.MAX_CALLERS + 5; i++) {
      assertThat(rates.take("caller " + i)).isZero();
    }
    assertThat(rates.callers()).isEqualTo(Rates.MAX_CALLERS);
    assertThat(rates.take("caller " + Rates.MAX_CALLERS)).isEqualTo(Duration.ofMinutes(1));
    assertThat(rates.take("caller 0")).isZero();
  }

  /** As {@link System#nanoTime} may. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE - 5})
  @DisplayName("goes by a clock that may begin anywhere and run over")
  void anyClock(long begin) {
    AtomicLong time = new AtomicLong(begin);
    Rates rates = new Rates(10, Duration.ofNanos(100), time::get);
    for (int i = 0; i < 10; i++) {
      assertThat(rates.take("one")).isZero();
    }
    assertThat(rates.take("one")).isEqualTo(Duration.ofNanos(10));
    time.addAndGet(10);
    assertThat(rates.take("one")).isZero();
    assertThat(rates.take("one")).isEqualTo(Duration.ofNanos(10));
    time.addAndGet(1_000);
    for (int i = 0; i < 10; i++) {
      assertThat(rates.take("one")).isZero();
    }
    assertThat(rates.take("one")).isEqualTo(Duration.ofNanos(10));
  }

  @Test
  @DisplayName("refuses to let nobody pass")
  void nobody() {
    assertThatThrownBy(() -> RateLimitMiddleware.of(0, Duration.ofMinutes(1)))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> RateLimitMiddleware.of(1, Duration.ZERO))
        .hasMessageContaining("would let nobody pass");
  }

  private static HttpCall from(String address) {
    return GuardedEvents.get().with(PROXIED, address);
  }

  private static HttpCall by(String user) {
    return GuardedEvents.get().with("X-User", user);
  }
}
