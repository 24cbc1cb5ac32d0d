package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.log.MemoryLog;
import org.asynceventsource.test.EventStreamParser.Message;
import org.asynceventsource.test.LogRecords;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What went wrong in other libraries more often than anything else. */
@DisplayName("Callbacks that call everything from several threads while 100 clients come and go")
class CallbackStressTest {

  private static final int CLIENTS = 100;
  private static final int CUTS = 30;
  private static final int MAX_ADDED_CALLBACKS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final AtomicInteger connects = new AtomicInteger();
  private final AtomicInteger disconnects = new AtomicInteger();
  private final AtomicInteger added = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final Queue<AsyncEventSourceClient> known = new ConcurrentLinkedQueue<>();
  private final ExecutorService helpers = Executors.newFixedThreadPool(3);

  @Test
  @DisplayName("neither block one another, nor make a bystander miss an event")
  void neitherDeadlockNorLoss() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("callbacks: -Dtest.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    try (LogRecords log = LogRecords.of("org.asynceventsource.stream");
        LiveStream stream = new LiveStream(1 << 20)) {
      stream.source.onConnect(client -> connected(stream, client));
      stream.source.onDisconnect((client, reason) -> disconnected(stream, client));
      Bystander bystander = new Bystander(stream, random.split());
      bystander.connect();
      List<Visiting> visitors =
          IntStream.range(0, CLIENTS).mapToObj(i -> new Visiting(stream, random.split())).toList();
      visitors.forEach(Visiting::connect);

      awaitOrDump("visitors come and go", () -> visitors.stream().allMatch(Visiting::isDone));
      helpers.shutdown();
      awaitOrDump("helpers end", helpers::isTerminated);
      awaitOrDump("bystander has all", () -> bystander.count() == sent.get());
      bystander.rethrow();
      visitors.forEach(Visiting::rethrow);
      stream.source.beginClose();
      awaitOrDump("callbacks are paired", () -> connects.get() == disconnects.get());
      assertThat(stream.source.count()).isZero();
      assertThat(log.messages()).isEmpty(); // an assertion that fails in a callback is logged
      System.out.println(
          "callbacks: %d clients came and went, %d events".formatted(connects.get(), sent.get()));
    }
  }

  private void connected(LiveStream stream, AsyncEventSourceClient client) {
    connects.incrementAndGet();
    known.add(client);
    client.send("welcome");
    callSomething(stream, client);
    help(() -> callSomething(stream, client));
  }

  private void disconnected(LiveStream stream, AsyncEventSourceClient client) {
    assertThat(client.connected()).isFalse();
    assertThat(client.send("too late")).isFalse();
    callSomething(stream, client);
    help(() -> callSomething(stream, client));
    disconnects.incrementAndGet();
  }

  private void help(Runnable task) {
    if (!helpers.isShutdown()) {
      helpers.execute(task);
    }
  }

  private void callSomething(LiveStream stream, AsyncEventSourceClient client) {
    for (int i = 0; i < 3; i++) {
      call(ThreadLocalRandom.current().nextInt(8), stream, client);
    }
  }

  private void call(int what, LiveStream stream, AsyncEventSourceClient client) {
    switch (what) {
      case 0 -> {
        synchronized (sent) { // so that a number is sent in its order
          stream.source.send("event " + sent.incrementAndGet()).toCompletableFuture().join();
        }
      }
      case 1 -> assertThat(stream.source.count()).isNotNegative();
      case 2 -> assertThat(stream.source.averagePending()).isNotNegative();
      case 3 -> addCallback(stream);
      case 4 -> {
        assertThat(client.pending()).isNotNegative();
        client.send("direct", "named", "own-id");
      }
      case 5 -> {
        assertThat(client.eventSource()).isSameAs(stream.source);
        assertThat(client.remoteAddress()).isEqualTo("192.0.2.1");
        assertThat(client.principal()).isEmpty();
        assertThat(client.lastId().isPresent() || client.toString().contains("client")).isTrue();
      }
      case 6 -> sendToOrCloseAnother();
      default -> openAndCloseAnotherSource(stream);
    }
  }

  private void addCallback(LiveStream stream) {
    if (added.incrementAndGet() <= MAX_ADDED_CALLBACKS) {
      stream.source.onConnect(client -> client.send("from a callback that a callback added"));
      stream.source.onDisconnect((client, reason) -> client.pending());
    }
  }

  private void sendToOrCloseAnother() {
    AsyncEventSourceClient other = known.poll();
    if (other != null) {
      other.send("from a stranger");
      other.close();
      other.disconnectReason();
    }
  }

  private static void openAndCloseAnotherSource(LiveStream stream) {
    MemoryLog log = MemoryLog.create(new MemoryLog.Bounds(10, 1_000, Duration.ofMinutes(1)));
    try (StreamEventSource other = stream.source("/other", log)) {
      FakeExchange exchange = new FakeExchange(stream.container);
      other.open(exchange.request(), exchange.response(), ManualStream.visitor(null));
      other.send("x");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitOrDump(String what, Callable<Boolean> condition) {
    try {
      await(what).atMost(PATIENCE).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + dump(), e);
    }
  }

  private static String dump() {
    StringBuilder dump = new StringBuilder();
    for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
      dump.append("\n\n").append(thread.getKey()).append(' ').append(thread.getKey().getState());
      for (StackTraceElement frame : thread.getValue()) {
        dump.append("\n    at ").append(frame);
      }
    }
    return dump.toString();
  }

  /** A client that is cut off, and closed by callbacks, again and again. */
  private static final class Visiting extends ReconnectingClient {

    Visiting(LiveStream stream, SplittableRandom random) {
      super(stream, random, CUTS);
    }

    @Override
    void received(Message message) {
      // whatever it is, and however it ends
    }
  }

  /** A client that is never cut off, though strangers close it; wants every event to all. */
  private static final class Bystander extends ReconnectingClient {

    private final AtomicLong count = new AtomicLong();

    Bystander(LiveStream stream, SplittableRandom random) {
      super(stream, random, 0);
    }

    @Override
    void received(Message message) {
      if (message.data().startsWith("event ")) {
        assertThat(message.data()).isEqualTo("event " + count.incrementAndGet());
      }
    }

    long count() {
      return count.get();
    }
  }
}
