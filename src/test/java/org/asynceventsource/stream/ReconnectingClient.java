package org.asynceventsource.stream;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynceventsource.stream.FakeExchange.Failure;
import org.asynceventsource.test.EventStreamParser;
import org.asynceventsource.test.EventStreamParser.Message;

/**
 * A client as browsers are: it presents the last event ID when it connects again, which it has to
 * do whenever its connection breaks at some random byte, or the server ends the stream.
 *
 * <p>One connection at a time feeds it; each hands over to the next through an executor.
 */
abstract class ReconnectingClient implements EventStreamParser.Receiver {

  private static final Failure[] WAYS_TO_TELL = {Failure.TOMCAT, Failure.JETTY, Failure.UNDERTOW};

  private final LiveStream stream;
  private final SplittableRandom random;
  private final CountDownLatch steady = new CountDownLatch(1);
  private volatile String lastId;
  private final AtomicInteger cutsLeft;
  private volatile Throwable failure;

  ReconnectingClient(LiveStream stream, SplittableRandom random, int cuts) {
    this.stream = stream;
    this.random = random;
    this.cutsLeft = new AtomicInteger(cuts);
  }

  /** Opens the next connection; any thread of the container. */
  final void connect() {
    connecting();
    CutExchange exchange = new CutExchange();
    if (cutsLeft.getAndDecrement() > 0) {
      exchange.failAfter(cutPoint(), WAYS_TO_TELL[random.nextInt(WAYS_TO_TELL.length)]);
      exchange.maybeSlow();
    } else {
      steady.countDown();
    }
    try {
      stream.source.open(exchange.request(), exchange.response(), ManualStream.visitor(lastId));
    } catch (IOException cutWithinTheOpening) {
      exchange.over();
    } catch (RuntimeException | AssertionError e) {
      fail(e);
    }
  }

  /** Mostly soon, sometimes so late that the client has caught up; never before its first id. */
  private int cutPoint() {
    int least = lastId == null ? 200 : 0;
    return least
        + switch (random.nextInt(10)) {
          case 0, 1, 2, 3, 4 -> random.nextInt(1_000);
          case 5, 6, 7, 8 -> random.nextInt(6_000);
          default -> random.nextInt(30_000);
        };
  }

  private synchronized void fail(Throwable thrown) {
    failure = failure == null ? thrown : failure;
    cutsLeft.set(0);
    steady.countDown();
  }

  @Override
  public final void message(Message message) {
    lastId = message.id();
    received(message);
  }

  @Override
  public final void lastEventId(String id) {
    if (lastId == null) {
      beginsAt(id);
    }
    lastId = id;
  }

  /** The first id has come, before any event. */
  void beginsAt(String id) {}

  /** The next connection begins. */
  void connecting() {}

  /** An event was dispatched; an error thrown here fails the test. */
  abstract void received(Message message);

  /** Whether the client has been cut off as often as it should be. */
  final boolean isDone() {
    return steady.getCount() == 0;
  }

  /** Waits until all clients have been cut off as often as they should be, or one has failed. */
  static void awaitSteady(List<? extends ReconnectingClient> clients) throws InterruptedException {
    for (ReconnectingClient client : clients) {
      while (!client.steady.await(100, TimeUnit.MILLISECONDS)) {
        clients.forEach(ReconnectingClient::rethrow);
      }
    }
    clients.forEach(ReconnectingClient::rethrow);
  }

  final void rethrow() {
    if (failure != null) {
      throw new AssertionError(failure);
    }
  }

  private final class CutExchange extends FakeExchange {

    private final EventStreamParser parser = new EventStreamParser(ReconnectingClient.this);
    private boolean over;

    CutExchange() {
      super(stream.container);
    }

    /** Every other client doesn't read for a while. */
    void maybeSlow() {
      if (random.nextBoolean()) {
        takeNoMoreThan(random.nextInt(3_000));
        int more = random.nextInt(10_000);
        stream.container.execute(
            () -> {
              take(more);
              stream.container.execute(this::takeEverything);
            });
      }
    }

    @Override
    void received(byte[] bytes, int offset, int length) {
      if (over || failure != null) {
        return;
      }
      try {
        parser.feed(bytes, offset, length);
      } catch (RuntimeException | AssertionError e) {
        fail(e);
      }
    }

    @Override
    void ended() {
      over();
    }

    /** The client sees the end of its connection and connects again. */
    synchronized void over() {
      if (over || failure != null) {
        return;
      }
      over = true;
      if (!violations().isEmpty()) {
        fail(new AssertionError(violations().toString()));
        return;
      }
      try {
        stream.container.execute(ReconnectingClient.this::connect);
      } catch (RejectedExecutionException testIsOver) {
        // nobody is left to reconnect
      }
    }
  }
}
