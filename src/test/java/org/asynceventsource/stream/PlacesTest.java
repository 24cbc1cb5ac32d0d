package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The places for clients")
class PlacesTest {

  private LogRecords log;

  @BeforeEach
  void listen() {
    log = LogRecords.of("org.asynceventsource.stream");
  }

  @AfterEach
  void stopListening() {
    log.close();
  }

  private static Visitor visitor(String user, String address) {
    Principal principal = user == null ? null : () -> user;
    return new Visitor(null, Interest.EVERYTHING, principal, null, address, Set.of(), Map.of());
  }

  private static Visitor from(String address) {
    return visitor(null, address);
  }

  @Test
  @DisplayName("are as many for one address as the limit says, and are given back")
  void perAddress() {
    Places places = new Places(10, 2, 0);
    assertThat(places.take(from("192.0.2.1"))).isTrue();
    assertThat(places.take(from("192.0.2.1"))).isTrue();
    assertThat(places.take(from("192.0.2.1"))).isFalse();
    assertThat(places.take(from("192.0.2.2"))).isTrue();

    places.giveBack(from("192.0.2.1"));
    assertThat(places.take(from("192.0.2.1"))).isTrue();
    assertThat(places.take(from("192.0.2.1"))).isFalse();
  }

  @Test
  @DisplayName("are shared by addresses of one IPv6 network")
  void ipv6() {
    Places places = new Places(10, 1, 0);
    assertThat(places.take(from("2001:db8::1"))).isTrue();
    assertThat(places.take(from("2001:db8::2"))).isFalse();
    assertThat(places.take(from("2001:db8:0:1::1"))).isTrue();
  }

  @Test
  @DisplayName("are as many for one user as the limit says, wherever they are")
  void perUser() {
    Places places = new Places(10, 0, 1);
    assertThat(places.take(visitor("alice", "192.0.2.1"))).isTrue();
    assertThat(places.take(visitor("alice", "192.0.2.2"))).isFalse();
    assertThat(places.take(visitor("bob", "192.0.2.2"))).isTrue();
    assertThat(places.take(visitor(null, "192.0.2.3"))).isTrue();
    assertThat(places.take(visitor(null, "192.0.2.3"))).isTrue();
  }

  /** The attack: to be refused by one limit again and again, until another is used up. */
  @Test
  @DisplayName("are taken from no limit by whom another limit refuses")
  void refusedTakesNothing() {
    Places places = new Places(3, 2, 1);
    assertThat(places.take(visitor("alice", "192.0.2.1"))).isTrue();
    for (int i = 0; i < 10; i++) {
      assertThat(places.take(visitor("alice", "192.0.2.1"))).isFalse();
    }
    assertThat(places.take(visitor("bob", "192.0.2.1"))).isTrue();
    for (int i = 0; i < 10; i++) {
      assertThat(places.take(visitor("eve", "192.0.2.1"))).isFalse();
    }
    assertThat(places.take(visitor("eve", "192.0.2.2"))).isTrue();
    assertThat(places.take(visitor("mallory", "192.0.2.3"))).isFalse();
  }

  @Test
  @DisplayName("are never more than the limit, whoever asks at once")
  void concurrency() throws Exception {
    Places places = new Places(1_000, 5, 0);
    AtomicInteger inside = new AtomicInteger();
    Callable<Boolean> comeAndGo =
        () -> {
          for (int i = 0; i < 10_000; i++) {
            if (places.take(from("192.0.2.1"))) {
              assertThat(inside.incrementAndGet()).isLessThanOrEqualTo(5);
              inside.decrementAndGet();
              places.giveBack(from("192.0.2.1"));
            }
          }
          return true;
        };
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (var done : threads.invokeAll(List.of(comeAndGo, comeAndGo, comeAndGo, comeAndGo))) {
        assertThat(done.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    for (int i = 0; i < 5; i++) {
      assertThat(places.take(from("192.0.2.1"))).isTrue();
    }
    assertThat(places.take(from("192.0.2.1"))).isFalse();
  }
}
