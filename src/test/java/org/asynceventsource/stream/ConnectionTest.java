package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.asynceventsource.stream.Connection.Drained;
import org.asynceventsource.stream.FakeExchange.Failure;
import org.asynceventsource.test.LogRecords;
import org.asynceventsource.test.Stub;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.FrameBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A connection")
class ConnectionTest {

  private static final int PLENTY = 100;
  private static final long ONE_SECOND = 1_000_000_000;
  private static final int FRAME_BYTES = 5;
  private static final ForcedEnd FORCE = new ForcedEnd("/events");

  private final ManualExecutor container = new ManualExecutor();
  private final FakeExchange exchange = new FakeExchange(container);
  private final Recording owner = new Recording();
  private final Queue<String> pending = new ArrayDeque<>();
  private final Connection connection = connection(exchange);

  @AfterEach
  void rulesAreKept() {
    assertThat(exchange.violations()).isEmpty();
  }

  @Test
  @DisplayName("has no timeout and waits for the container's first word")
  void start() {
    assertThat(drain("a")).isEqualTo(Drained.BLOCKED);
    assertThat(exchange.calls()).containsExactly("startAsync", "setTimeout 0", "setWriteListener");

    container.runAll();
    assertThat(owner.heard).containsExactly("begun");
    assertThat(connection.blocked()).isFalse();
  }

  @Test
  @DisplayName("asks before every write and flush, and flushes once when nothing is left")
  void oneFlush() {
    begin();

    assertThat(drain("a", "b")).isEqualTo(Drained.IDLE);
    assertThat(exchange.calls())
        .containsExactly("isReady", "write 5", "isReady", "write 5", "isReady", "flush", "isReady");
    assertThat(exchange.text()).isEqualTo(": a\n\n: b\n\n");
  }

  @Test
  @DisplayName("waits for the container's thread to leave its call, but not for ever")
  void returning() {
    Set<Thread> within = new HashSet<>(Set.of(Thread.currentThread()));
    FakeExchange exchange = new FakeExchange(container);
    Connection connection =
        new Connection(
            exchange.request().startAsync(), exchange.out(), owner, FORCE, within::contains);
    connection.start();
    begin();
    exchange.forgetCalls();
    pending.add("a");
    assertThat(connection.drain(this::next, PLENTY, 1)).isEqualTo(Drained.MORE);
    assertThat(exchange.calls()).isEmpty();
    assertThat(connection.drain(this::next, PLENTY, ONE_SECOND)).isEqualTo(Drained.IDLE);

    exchange.takeNoMoreThan(FRAME_BYTES);
    pending.addAll(List.of("b", "c"));
    assertThat(connection.drain(this::next, PLENTY, ONE_SECOND)).isEqualTo(Drained.BLOCKED);
    exchange.takeEverything();
    container.runAll();
    assertThat(connection.drain(this::next, PLENTY, ONE_SECOND)).isEqualTo(Drained.MORE);
    within.clear();
    assertThat(connection.drain(this::next, PLENTY, ONE_SECOND)).isEqualTo(Drained.IDLE);
    assertThat(exchange.text()).isEqualTo(": a\n\n: b\n\n: c\n\n");
  }

  @Test
  @DisplayName("writes and flushes nothing if there is nothing")
  void nothing() {
    begin();

    assertThat(drain()).isEqualTo(Drained.IDLE);
    assertThat(exchange.calls()).containsExactly("isReady");
  }

  @Test
  @DisplayName("stops when the container takes no more, and goes on when it does")
  void blocks() {
    begin();
    exchange.takeNoMoreThan(FRAME_BYTES);

    assertThat(drain("a", "b")).isEqualTo(Drained.BLOCKED);
    assertThat(connection.blocked()).isTrue();
    assertThat(exchange.calls()).containsExactly("isReady", "write 5", "isReady");
    assertThat(drain("c")).isEqualTo(Drained.BLOCKED);
    assertThat(exchange.calls()).hasSize(3);

    exchange.takeEverything();
    container.runAll();
    assertThat(owner.heard).containsExactly("writable");
    assertThat(drain()).isEqualTo(Drained.IDLE);
    assertThat(exchange.text()).isEqualTo(": a\n\n: b\n\n: c\n\n");
    assertThat(exchange.calls()).containsOnlyOnce("flush");
  }

  @Test
  @DisplayName("still flushes what was written when the container blocked before the flush")
  void flushesLater() {
    begin();
    exchange.takeNoMoreThan(FRAME_BYTES);
    assertThat(drain("a")).isEqualTo(Drained.BLOCKED);
    assertThat(exchange.calls()).doesNotContain("flush");

    exchange.takeEverything();
    container.runAll();
    assertThat(drain()).isEqualTo(Drained.IDLE);
    assertThat(exchange.calls()).containsOnlyOnce("flush");
  }

  @Test
  @DisplayName("loses no wake-up when the container calls back before isReady() has returned")
  void callsBackEarly() {
    FakeExchange eager = new FakeExchange(Runnable::run);
    Connection connection = connection(eager);
    eager.takeNoMoreThan(FRAME_BYTES);
    pending.addAll(List.of("a", "b"));
    assertThat(connection.drain(this::next, PLENTY, 0)).isEqualTo(Drained.BLOCKED);

    eager.takeEverything();
    assertThat(connection.blocked()).isFalse();
    assertThat(connection.drain(this::next, PLENTY, 0)).isEqualTo(Drained.IDLE);
    assertThat(eager.text()).isEqualTo(": a\n\n: b\n\n");
  }

  @Test
  @DisplayName("gives way when its turn is over, with all that was written flushed")
  void turnIsOver() {
    begin();
    pending.addAll(List.of("a", "b", "c"));

    assertThat(connection.drain(this::next, 2, 0)).isEqualTo(Drained.MORE);
    assertThat(exchange.text()).isEqualTo(": a\n\n: b\n\n");
    assertThat(exchange.calls()).endsWith("flush", "isReady");
    assertThat(connection.drain(this::next, 2, 0)).isEqualTo(Drained.IDLE);
    assertThat(exchange.text()).endsWith(": c\n\n");
  }

  @Test
  @DisplayName("is only marked by a failed write; the container's error completes it")
  void onlyMarked() {
    begin();
    exchange.failNext(Failure.TOMCAT);

    assertThat(drain("a")).isEqualTo(Drained.OVER);
    assertThat(owner.heard).containsExactly("lost");
    assertThat(exchange.calls()).doesNotContain("complete");
    assertThat(drain("b")).isEqualTo(Drained.OVER);
    assertThat(exchange.calls()).containsExactly("isReady", "write 5");

    container.runAll();
    assertThat(exchange.calls()).containsOnlyOnce("complete");
    assertThat(owner.heard).containsExactly("lost", "ended");
  }

  @ParameterizedTest
  @EnumSource(
      value = Failure.class,
      names = {"TOMCAT", "JETTY", "UNDERTOW"})
  @DisplayName("ends once whichever way the container tells of a failed write")
  void endsOnce(Failure failure) {
    begin();
    exchange.failNext(failure);
    drain("a", "b");
    container.runAll();

    assertThat(exchange.calls()).containsOnlyOnce("complete");
    assertThat(owner.heard).startsWith("lost").endsWith("ended");
    assertThat(drain("c")).isEqualTo(Drained.OVER);
    connection.end();
    assertThat(exchange.calls()).containsOnlyOnce("complete");
  }

  @ParameterizedTest
  @EnumSource(
      value = Failure.class,
      names = {"TOMCAT", "JETTY", "UNDERTOW"})
  @DisplayName("ends once when an idle client is lost, even if it is told of it twice")
  void idleError(Failure route) {
    begin();
    exchange.reportError(route);
    exchange.reportError(route == Failure.JETTY ? Failure.TOMCAT : Failure.JETTY);
    container.runAll();

    assertThat(exchange.calls()).containsExactly("complete");
    assertThat(owner.heard).startsWith("lost");
  }

  @Test
  @DisplayName("that a container times out has its end written first, though it has no timeout")
  void timesOut() throws IOException {
    begin();
    owner.whenExpiring =
        () -> {
          assertThat(drain("farewell")).isEqualTo(Drained.IDLE);
          connection.end();
        };
    exchange.timeOut();
    container.runAll();

    assertThat(exchange.calls()).contains("write 12", "flush").endsWith("complete");
    assertThat(owner.heard).endsWith("expiring", "ended", "lost");
  }

  @Test
  @DisplayName("that a container times out isn't waited for if it takes nothing")
  void timesOutBlocked() throws IOException {
    begin();
    exchange.takeNoMoreThan(0);
    drain("a");
    exchange.forgetCalls();
    exchange.timeOut();
    container.runAll();

    assertThat(exchange.calls()).containsExactly("complete");
    assertThat(owner.heard).endsWith("expiring", "lost", "ended");
  }

  @Test
  @DisplayName("that a container times out isn't waited for if its end can't be written")
  void timesOutFailing() throws IOException {
    begin();
    exchange.failNext(Failure.NEVER_REPORTED);
    owner.whenExpiring = () -> drain("farewell");
    exchange.timeOut();
    container.runAll();

    assertThat(exchange.calls()).endsWith("complete");
    assertThat(owner.heard).endsWith("expiring", "lost", "ended");
  }

  /** Open Liberty reports while it holds a lock that a writer wants behind the fence. */
  @Test
  @DisplayName("ends at the next look at an output of which the container has reported the error")
  void reported() {
    begin();
    exchange.throwNext(new Connection.ReportedException(new IOException("reset")));

    assertThat(drain("a")).isEqualTo(Drained.OVER);
    assertThat(owner.heard).containsExactly("lost", "ended");
    assertThat(exchange.calls()).containsOnlyOnce("complete");
  }

  @Test
  @DisplayName("is completed by itself only if no error was reported for five seconds")
  void abandoned() {
    begin();
    exchange.failNext(Failure.NEVER_REPORTED);
    drain("a");

    connection.endIfAbandoned(Duration.ofMillis(4_999).toNanos());
    assertThat(exchange.calls()).doesNotContain("complete");
    connection.endIfAbandoned(Duration.ofMillis(5_001).toNanos());
    assertThat(exchange.calls()).containsOnlyOnce("complete");
    assertThat(owner.heard).containsExactly("lost", "ended");
  }

  @ParameterizedTest
  @EnumSource(
      value = Failure.class,
      names = {"TOMCAT", "JETTY"})
  @DisplayName("that is healthy is never taken for an abandoned one")
  void healthyStays(Failure unused) {
    begin();
    connection.endIfAbandoned(Long.MAX_VALUE);

    assertThat(drain("a")).isEqualTo(Drained.IDLE);
    assertThat(exchange.calls()).doesNotContain("complete");
  }

  @Test
  @DisplayName("is only marked by whatever else a container throws")
  void strangeThrowables() {
    try (LogRecords log = LogRecords.of("org.asynceventsource.stream")) {
      for (Throwable thrown : List.of(new NullPointerException("recycled"), new LinkageError())) {
        FakeExchange strange = new FakeExchange(Runnable::run);
        Connection connection = connection(strange);
        strange.throwNext(thrown);
        pending.add("a");

        assertThat(connection.drain(this::next, PLENTY, 0)).isEqualTo(Drained.OVER);
        assertThat(strange.calls()).doesNotContain("complete");
        connection.endIfAbandoned(Connection.ABANDONED_NANOS + 1);
        assertThat(strange.calls()).containsOnlyOnce("complete");
      }
      assertThat(log.messages()).hasSize(2);
    }
  }

  @Test
  @DisplayName("is ended by force, by a dispatch, if the client hasn't taken what was written")
  void endsByForce() {
    begin();
    exchange.takeNoMoreThan(FRAME_BYTES);
    drain("a");
    connection.end();
    connection.end();

    assertThat(exchange.calls()).containsOnlyOnce("dispatch /events").doesNotContain("complete");
    assertThat(owner.heard).containsExactly("ended");
    assertThat(drain("b")).isEqualTo(Drained.OVER);
  }

  @Test
  @DisplayName("is completed if the client has taken everything")
  void endsInOrder() {
    begin();
    drain("a");
    connection.end();

    assertThat(exchange.calls()).endsWith("flush", "isReady", "complete");
    assertThat(owner.heard).containsExactly("ended");
  }

  @Test
  @DisplayName("that ends before the container's first call is completed by that, once")
  void endsBeforeFirstCall() {
    connection.end();
    connection.end();
    assertThat(owner.heard).containsExactly("ended");
    assertThat(exchange.calls()).doesNotContain("complete");

    container.runAll();
    assertThat(exchange.calls()).containsOnlyOnce("complete");
    assertThat(owner.heard).containsExactly("ended", "lost");
    assertThat(drain("a")).isEqualTo(Drained.OVER);
  }

  @Test
  @DisplayName("whose write has failed isn't completed by whoever else ends it")
  void endsWhileFailed() {
    begin();
    exchange.failNext(Failure.TOMCAT);
    drain("a");
    connection.end();
    assertThat(exchange.calls()).doesNotContain("complete");

    container.runAll();
    assertThat(exchange.calls()).containsOnlyOnce("complete");
    assertThat(owner.heard).containsExactly("lost", "ended");
  }

  @ParameterizedTest
  @EnumSource(
      value = Failure.class,
      names = {"TOMCAT", "JETTY"})
  @DisplayName("that breaks while the client takes nothing is completed, never dispatched")
  void breaksWhileBlocked(Failure route) {
    begin();
    exchange.takeNoMoreThan(FRAME_BYTES);
    drain("a");
    exchange.reportError(route);

    assertThat(exchange.calls()).endsWith("complete").doesNotContain("dispatch /events");
    assertThat(owner.heard).containsExactly("lost", "ended");
  }

  @Test
  @DisplayName("is completed if the container doesn't dispatch any more")
  void dispatchRefused() {
    List<String> calls = new ArrayList<>();
    AsyncContext refusing =
        Stub.of(AsyncContext.class)
            .on("getRequest", arguments -> exchange.request())
            .on(
                "dispatch",
                arguments -> {
                  throw new IllegalStateException("stopping");
                })
            .on("complete", arguments -> calls.add("complete"))
            .build();
    FORCE.begin(refusing);

    assertThat(calls).containsExactly("complete");
  }

  @Test
  @DisplayName("ends though the container refuses to complete")
  void completeFails() {
    AsyncContext refusing =
        Stub.of(AsyncContext.class)
            .on(
                "complete",
                arguments -> {
                  throw new NullPointerException("recycled");
                })
            .build();
    new Connection(refusing, null, owner, FORCE, thread -> false).end();

    assertThat(owner.heard).containsExactly("ended");
  }

  @Test
  @DisplayName("that has ended before it was started touches nothing")
  void endedBeforeStart() {
    FakeExchange late = new FakeExchange(container);
    Connection connection = new Connection(late.async(), late.out(), owner, FORCE, thread -> false);
    connection.end();
    connection.start();

    assertThat(late.calls()).containsExactly("complete");
  }

  /**
   * The fence: Tomcat's thread reports the error while our write still unwinds. Completing there
   * and then would recycle the request under the writer's feet.
   */
  @Test
  @Timeout(20)
  @DisplayName("is not completed by the container's thread before the write has unwound")
  void fence() throws InterruptedException {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch reported = new CountDownLatch(1);
    List<String> order = new ArrayList<>();
    FakeExchange slow =
        new FakeExchange(Runnable::run) {
          @Override
          void received(byte[] bytes, int offset, int length) {
            writing.countDown();
            awaitQuietly(reported);
            order.add("written");
          }
        };
    Connection connection = connection(slow);
    pending.add("a");
    Thread writer = new Thread(() -> connection.drain(this::next, PLENTY, 0));
    writer.start();
    writing.await();
    Thread containers = new Thread(() -> slow.reportError(Failure.TOMCAT));
    containers.start();
    await().until(() -> containers.getState() == Thread.State.BLOCKED);
    assertThat(slow.calls()).doesNotContain("complete");
    reported.countDown();
    containers.join();
    writer.join();

    assertThat(order).containsExactly("written");
    assertThat(slow.calls()).endsWith("complete");
    assertThat(slow.violations()).isEmpty();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Connection connection(FakeExchange exchange) {
    Connection made =
        new Connection(
            exchange.request().startAsync(), exchange.out(), owner, FORCE, thread -> false);
    made.start();
    return made;
  }

  private void begin() {
    container.runAll();
    exchange.forgetCalls();
    owner.heard.clear();
  }

  private Drained drain(String... comments) {
    pending.addAll(List.of(comments));
    return connection.drain(this::next, PLENTY, 0);
  }

  private FrameBatch next() {
    String comment = pending.poll();
    return comment == null ? null : FrameBatch.of(List.of(Encoder.comment(comment)));
  }

  /** Hears all that an owner is told, and the end as often as it is told, as one. */
  private static final class Recording implements Connection.Owner {

    private final List<String> heard = new ArrayList<>();
    private Runnable whenExpiring = () -> {};

    @Override
    public void begun() {
      heard.add("begun");
    }

    @Override
    public void writable() {
      heard.add("writable");
    }

    @Override
    public void expiring() {
      hear("expiring");
      whenExpiring.run();
    }

    @Override
    public void lost() {
      hear("lost");
    }

    @Override
    public void ended() {
      hear("ended");
    }

    private void hear(String what) {
      if (!heard.contains(what)) {
        heard.add(what);
      }
    }
  }
}
