package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ListAssert;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.test.LogRecords;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A fan-out thread")
@Timeout(20)
class FanOutTest {

  private ManualStream stream = ManualStream.create();

  @Test
  @DisplayName("goes on whatever a client's container throws, and others miss nothing")
  void survivesWrites() {
    try (LogRecords log = LogRecords.of("org.asynceventsource.stream")) {
      for (Throwable thrown :
          List.of(new IllegalMonitorStateException("?"), new StackOverflowError())) {
        FakeExchange strange = stream.open();
        FakeExchange bystander = stream.open();
        strange.throwNext(thrown);
        stream.send("a", "b");
        stream.settle();

        assertThat(bystander.news()).endsWith("data: b\n\n");
        stream.pass(Duration.ofSeconds(6));
        assertThat(strange.isCompleted()).isTrue();
      }
      assertThat(log.messages()).hasSize(2);
    }
  }

  @Test
  @DisplayName("goes on if the history fails one client")
  void survivesReads() {
    AtomicBoolean failing = new AtomicBoolean();
    stream =
        ManualStream.create(
            options ->
                options.log(
                    log ->
                        Stub.delegating(EventLog.class, log)
                            .before(
                                "read",
                                () -> {
                                  if (failing.getAndSet(false)) {
                                    throw new IllegalArgumentException("read");
                                  }
                                })
                            .build()));
    try (LogRecords log = LogRecords.of("org.asynceventsource.stream")) {
      List<AsyncEventSourceClient> clients = new ArrayList<>();
      stream.source.onConnect(clients::add);
      stream.open();
      stream.open();
      failing.set(true);
      stream.send("a");
      stream.settle();

      assertThat(clients)
          .extracting(AsyncEventSourceClient::disconnectReason)
          .containsOnlyOnce(Optional.of(DisconnectReason.GONE));
      assertThat(log.messages()).hasSize(1);
    }
  }

  @Test
  @DisplayName("goes on if looking after a client fails")
  void survivesSweeps() {
    AtomicBoolean failing = new AtomicBoolean();
    stream =
        ManualStream.create(
            options ->
                options.log(
                    log ->
                        Stub.delegating(EventLog.class, log)
                            .before(
                                "head",
                                () -> {
                                  if (failing.get()) {
                                    throw new ArithmeticException("head");
                                  }
                                })
                            .build()));
    try (LogRecords log = LogRecords.of("org.asynceventsource.stream")) {
      FakeExchange blocked = stream.open();
      FakeExchange bystander = stream.open();
      blocked.takeNoMoreThan(0);
      stream.send("a");
      stream.settle();
      failing.set(true);
      stream.pass(ManualStream.TICK);
      failing.set(false);
      stream.send("b");
      stream.settle();

      assertThat(blocked.isCompleted()).isTrue();
      assertThat(bystander.news()).endsWith("data: b\n\n");
      assertThat(log.messages()).hasSize(1);
    }
  }

  @Test
  @DisplayName("looks at a client once, however often it was woken")
  void wakesAreMerged() {
    List<AsyncEventSourceClient> clients = new ArrayList<>();
    stream.source.onConnect(clients::add);
    FakeExchange exchange = stream.open();
    exchange.forgetCalls();
    for (int i = 0; i < 100; i++) {
      clients.get(0).send("direct " + i);
    }

    assertThat(stream.turn()).isTrue();
    assertThat(stream.turn()).isFalse();
    assertThat(exchange.news()).endsWith("data: direct 99\n\n");
    assertThat(exchange.calls()).filteredOn(call -> call.startsWith("write")).hasSize(1);
  }

  @Test
  @DisplayName("joins events once for all clients at the same position")
  void sharesJoinedBuffers() {
    AtomicInteger reads = new AtomicInteger();
    stream =
        ManualStream.create(
            options ->
                options.log(
                    log ->
                        Stub.delegating(EventLog.class, log)
                            .before("read", reads::incrementAndGet)
                            .build()));
    List<FakeExchange> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      clients.add(stream.open());
    }
    stream.send("a", "b", "c");
    stream.settle();

    assertThat(clients).allMatch(client -> client.news().endsWith("data: c\n\n"));
    assertThat(reads).hasValue(1);
  }

  @Test
  @DisplayName("takes along what is sent while it passes over the clients")
  void mergesWhatComesMeanwhile() {
    List<FakeExchange> clients = new ArrayList<>();
    AtomicBoolean sending = new AtomicBoolean();
    for (int i = 0; i < 100; i++) {
      clients.add(
          stream.open(
              null,
              new FakeExchange(stream.container) {
                @Override
                void received(byte[] bytes, int offset, int length) {
                  super.received(bytes, offset, length);
                  if (sending.getAndSet(false)) {
                    stream.send("b", "c");
                  }
                }
              }));
    }
    clients.forEach(FakeExchange::forgetCalls);
    sending.set(true);
    stream.send("a");
    stream.settle();

    assertThat(clients).allMatch(client -> client.news().endsWith("data: c\n\n"));
    long writes =
        clients.stream()
            .flatMap(client -> client.calls().stream())
            .filter(call -> call.startsWith("write"))
            .count();
    assertThat(writes).isEqualTo(101); // the first client had only the first event to write
  }

  @Test
  @DisplayName("gives every client its turn while one takes a long history")
  void isFair() {
    stream = ManualStream.create(options -> options.events(2_000));
    for (int i = 0; i < 1_000; i++) {
      stream.send("x".repeat(10_000));
    }
    FakeExchange behind = stream.begin(stream.id(0));
    FakeExchange live = stream.begin(null);
    stream.container.runAll();
    stream.callbacks.runAll();
    live.news();
    stream.send("now");
    stream.turn();
    stream.turn();

    assertThat(stream.news(live)).isEqualTo("id: E-1001\ndata: now\n\n");
    assertThat(behind.text()).doesNotContain("data: now");
    stream.settle();
    assertThat(behind.text()).endsWith("data: now\n\n");
  }

  @Test
  @DisplayName("forgets clients that have gone, and event sources that were closed")
  void forgets() {
    for (int i = 0; i < 10; i++) {
      stream.open().reportError(FakeExchange.Failure.TOMCAT);
    }
    stream.settle();
    assertLanes()
        .singleElement()
        .satisfies(lane -> assertThat(lane.members()).hasValue(0))
        .extracting("shards", InstanceOfAssertFactories.COLLECTION)
        .isEmpty();

    stream.source.close();
    assertLanes().isEmpty();
  }

  private ListAssert<Lane> assertLanes() {
    return assertThat(stream.pool.fanOuts().get(0))
        .extracting("lanes", InstanceOfAssertFactories.list(Lane.class));
  }

  @Test
  @DisplayName("of a running pool rests when there is nothing to do, and stops when told")
  void restsAndStops() {
    Set<Thread> before = fanOutThreads();
    FanOutPool pool = FanOutPool.start(2, Duration.ofMinutes(10), Duration.ZERO);
    Set<Thread> threads = fanOutThreads();
    threads.removeAll(before);
    assertThat(threads).hasSize(2).allMatch(Thread::isDaemon);
    await().until(() -> threads.stream().allMatch(t -> t.getState() == Thread.State.TIMED_WAITING));

    pool.close();
    assertThat(threads).noneMatch(Thread::isAlive);
  }

  private static Set<Thread> fanOutThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("eventsource-fan-out-"))
        .collect(Collectors.toSet());
  }
}
