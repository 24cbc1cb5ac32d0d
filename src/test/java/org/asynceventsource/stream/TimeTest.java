package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.stream.FakeExchange.Failure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("As time passes, a stream")
class TimeTest {

  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Duration EARLIEST_HEARTBEAT = Duration.ofMillis(13_500);
  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final Duration EARLIEST_END = Duration.ofMinutes(9);
  private static final String HEARTBEAT_TEXT = ": \n\n";
  private static final String SOON = "retry: (5\\d\\d|[6-9]\\d\\d|1\\d{3}|2[0-4]\\d\\d|2500)\n\n";

  private ManualStream stream;
  private final List<AsyncEventSourceClient> clients = new ArrayList<>();

  private ManualStream stream(ManualStream made) {
    stream = made;
    stream.source.onConnect(clients::add);
    return made;
  }

  @AfterEach
  void rulesAreKept() {
    stream.assertRulesKept();
  }

  @Test
  @DisplayName("gets a comment as heartbeat when it has been silent for the heartbeat")
  void heartbeat() {
    stream(ManualStream.create(options -> options.heartbeat(HEARTBEAT)));
    FakeExchange client = stream.open();
    stream.pass(EARLIEST_HEARTBEAT.minus(ManualStream.TICK));
    assertThat(client.news()).isEmpty();

    stream.pass(HEARTBEAT.minus(EARLIEST_HEARTBEAT).plus(ManualStream.TICK));
    assertThat(client.news()).isEqualTo(HEARTBEAT_TEXT);
    stream.pass(HEARTBEAT.plus(ManualStream.TICK));
    assertThat(client.news()).isEqualTo(HEARTBEAT_TEXT);
  }

  @Test
  @DisplayName("gets no heartbeat while there are events, of which every one counts")
  void noHeartbeatWhileBusy() {
    stream(ManualStream.create(options -> options.heartbeat(HEARTBEAT)));
    FakeExchange client = stream.open();
    for (int i = 0; i < 10; i++) {
      stream.pass(Duration.ofSeconds(10));
      stream.send("x");
      stream.settle();
    }

    assertThat(client.news()).doesNotContain(HEARTBEAT_TEXT);
    stream.pass(HEARTBEAT.plus(ManualStream.TICK));
    assertThat(client.news()).isEqualTo(HEARTBEAT_TEXT);
  }

  @Test
  @DisplayName("has its heartbeat at a time of its own")
  void heartbeatJitter() {
    stream(ManualStream.create(options -> options.heartbeat(HEARTBEAT)));
    List<FakeExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      exchanges.add(stream.open());
    }
    stream.pass(EARLIEST_HEARTBEAT);
    Set<Integer> beating = new TreeSet<>();
    for (Duration t = EARLIEST_HEARTBEAT;
        t.compareTo(HEARTBEAT) <= 0;
        t = t.plus(ManualStream.TICK)) {
      beating.add(exchanges.stream().mapToInt(client -> client.news().isEmpty() ? 0 : 1).sum());
      stream.pass(ManualStream.TICK);
    }

    assertThat(beating).hasSizeGreaterThan(3).noneMatch(count -> count > 100);
  }

  @Test
  @DisplayName("gets no heartbeat if that is turned off")
  void heartbeatOff() {
    stream(ManualStream.create(options -> options.heartbeat(Duration.ZERO)));
    FakeExchange client = stream.open();
    stream.pass(Duration.ofMinutes(5));

    assertThat(client.news()).isEmpty();
  }

  @Test
  @DisplayName("that takes nothing gets no heartbeat, and one at most when it takes again")
  void heartbeatWhileBlocked() {
    stream(
        ManualStream.create(
            options -> options.heartbeat(Duration.ofSeconds(2)).stalled(Duration.ofMinutes(1))));
    FakeExchange client = stream.open();
    client.takeNoMoreThan(0);
    stream.pass(Duration.ofSeconds(20));
    assertThat(client.news()).isEmpty();

    client.takeEverything();
    stream.settle();
    assertThat(client.news()).isIn("", HEARTBEAT_TEXT);
  }

  @Test
  @DisplayName("ends in order, between nine and ten minutes, if its lifetime is ten")
  void lifetime() {
    stream(ManualStream.create(options -> options.lifetime(LIFETIME)));
    FakeExchange client = stream.open();
    stream.pass(EARLIEST_END.minus(ManualStream.TICK));
    assertThat(client.isCompleted()).isFalse();

    stream.send("last");
    stream.pass(LIFETIME.minus(EARLIEST_END).plus(ManualStream.TICK.multipliedBy(2)));
    assertThat(stream.news(client)).matches("id: E-1\ndata: last\n\n" + SOON);
    assertThat(client.isCompleted()).isTrue();
    assertThat(reason()).isEqualTo(DisconnectReason.LIFETIME);
  }

  @Test
  @DisplayName("ends at its lifetime even if it takes nothing and stalling is allowed")
  void lifetimeOfAStalledClient() {
    stream(ManualStream.create(options -> options.lifetime(LIFETIME).stalled(Duration.ofDays(1))));
    FakeExchange client = stream.open();
    client.takeNoMoreThan(0);
    stream.send("a");
    stream.pass(LIFETIME.plusSeconds(3));

    assertThat(client.isCompleted()).isTrue();
    assertThat(reason()).isEqualTo(DisconnectReason.LIFETIME);
  }

  @Test
  @DisplayName("ends as slow when it has taken nothing for the stalled time")
  void stalled() {
    stream(ManualStream.create(options -> options.stalled(Duration.ofSeconds(30))));
    FakeExchange client = stream.open();
    client.takeNoMoreThan(0);
    stream.send("a");
    stream.pass(Duration.ofSeconds(29));
    assertThat(clients.get(0).connected()).isTrue();

    stream.pass(Duration.ofSeconds(2));
    assertThat(reason()).isEqualTo(DisconnectReason.SLOW);
    assertThat(client.isCompleted()).isTrue();
  }

  @Test
  @DisplayName("that takes a little again and again isn't stalled")
  void slowReader() {
    stream(ManualStream.create(options -> options.stalled(Duration.ofSeconds(30))));
    FakeExchange client = stream.open();
    client.takeNoMoreThan(0);
    for (int i = 0; i < 10; i++) {
      stream.send("x".repeat(60_000));
      stream.pass(Duration.ofSeconds(20));
      client.take(1);
      stream.settle();
    }

    assertThat(clients.get(0).connected()).isTrue();
    client.takeEverything();
    stream.settle();
    assertThat(stream.news(client)).contains("id: E-10\n").endsWith("x\n\n");
  }

  @Test
  @DisplayName("that takes nothing ends as slow when events fall out of the history before it")
  void lappedWhileBlocked() {
    stream(ManualStream.create(options -> options.events(2)));
    FakeExchange client = stream.open();
    client.takeNoMoreThan(0);
    stream.settle();
    stream.send("taken by the container");
    stream.settle();
    stream.send("b", "c", "d", "e");
    stream.pass(ManualStream.TICK);

    assertThat(reason()).isEqualTo(DisconnectReason.SLOW);
    assertThat(client.isCompleted()).isTrue();
  }

  @Test
  @DisplayName("that is closed while it takes nothing has a moment to take the end")
  void goodbyeInTime() {
    stream(ManualStream.create());
    FakeExchange client = stream.open();
    client.takeNoMoreThan(0);
    stream.send("a");
    stream.pass(Duration.ofSeconds(10));
    stream.send("b");
    clients.get(0).close();
    stream.pass(Duration.ofMillis(750));
    assertThat(client.isCompleted()).isFalse();

    client.takeEverything();
    stream.settle();
    assertThat(stream.news(client)).matches("id: E-1\ndata: a\n\nid: E-2\ndata: b\n\n" + SOON);
    assertThat(client.isCompleted()).isTrue();
  }

  @Test
  @DisplayName("that is closed and never takes the end is ended after a second")
  void goodbyeNeverTaken() {
    stream(ManualStream.create());
    FakeExchange client = stream.open();
    client.takeNoMoreThan(0);
    stream.send("a");
    stream.settle();
    clients.get(0).close();
    stream.pass(Duration.ofMillis(750));
    assertThat(client.isCompleted()).isFalse();

    stream.pass(Duration.ofMillis(500));
    assertThat(client.isCompleted()).isTrue();
    assertThat(reason()).isEqualTo(DisconnectReason.CLOSED);
  }

  @Test
  @DisplayName("whose failed write nobody reports is ended after five seconds, no sooner")
  void abandoned() {
    stream(ManualStream.create());
    FakeExchange client = stream.open();
    client.failNext(Failure.NEVER_REPORTED);
    stream.send("a");
    stream.settle();
    assertThat(reason()).isEqualTo(DisconnectReason.GONE);
    stream.pass(Duration.ofMillis(4_750));
    assertThat(client.isCompleted()).isFalse();

    stream.pass(Duration.ofMillis(500));
    assertThat(client.isCompleted()).isTrue();
    assertThat(client.calls()).containsOnlyOnce("complete");
  }

  @Test
  @DisplayName("whose failed write nobody reports isn't ended sooner because it was closed before")
  void abandonedAfterClose() {
    stream(ManualStream.create());
    FakeExchange client = stream.open();
    client.takeNoMoreThan(0);
    stream.send("a");
    stream.settle();
    clients.get(0).close();
    client.failNext(Failure.NEVER_REPORTED);
    client.takeEverything();
    stream.settle();
    stream.pass(Duration.ofMillis(4_750));
    assertThat(client.isCompleted()).isFalse();

    stream.pass(Duration.ofMillis(500));
    assertThat(client.isCompleted()).isTrue();
  }

  private DisconnectReason reason() {
    return clients.get(0).disconnectReason().orElseThrow();
  }
}
