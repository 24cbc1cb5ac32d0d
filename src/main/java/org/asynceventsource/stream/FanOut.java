package org.asynceventsource.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that writes to its share of the clients, and the only one that does.
 *
 * <p>Others only leave marks: an append marks a shard, everything that concerns one client pushes
 * that client on a stack (once, however often it is woken, so the stack is bounded by the clients),
 * and both unpark the thread if it rests. Time is looked at every tick.
 *
 * <p>So a client's position and deadlines are confined to one thread, and its fence is hardly ever
 * contended. Draining on container threads under a lock per client was rejected, because Undertow's
 * I/O thread would wait for it.
 */
final class FanOut implements Runnable {

  /** How many batches a client may take before the others have their turn. */
  private static final int TURNS = 4;

  private final LongSupplier clock;
  private final long tick;
  private final List<Shard> shards = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable StreamClient> woken = new AtomicReference<>();
  private volatile boolean resting;
  private volatile boolean stopped;
  private volatile @Nullable Thread thread;
  private long nextSweep; // confined to the thread
  private long now; // confined to the thread

  /**
   * A fan-out.
   *
   * @param clock monotonic nanoseconds
   * @param tick how often time is looked at, in nanoseconds
   */
  FanOut(LongSupplier clock, long tick) {
    this.clock = clock;
    this.tick = tick;
    this.now = clock.getAsLong();
    this.nextSweep = now + tick;
  }

  void adopt(Shard shard) {
    shards.add(shard);
  }

  void abandon(Shard shard) {
    shards.remove(shard);
  }

  /** Asks for a look at one client; the client sees to it that it is pushed only once. */
  void wake(StreamClient client) {
    StreamClient head;
    do {
      head = woken.get();
      client.nextWoken(head);
    } while (!woken.compareAndSet(head, client));
    signal();
  }

  void signal() {
    if (resting) {
      LockSupport.unpark(thread);
    }
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  /** The time of the current turn; for the thread's own use. */
  long now() {
    return now;
  }

  /** The time by the clock that all deadlines are kept by. */
  long time() {
    return clock.getAsLong();
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    while (!stopped) {
      if (!turnSafely()) {
        rest();
      }
    }
  }

  private boolean turnSafely() {
    try {
      return turn();
    } catch (Throwable failure) {
      Log.WARN.warn(
          "turn " + failure.getClass().getName(),
          "a fan-out thread failed and goes on; please report this",
          failure);
      return false;
    }
  }

  private void rest() {
    resting = true;
    if (woken.get() == null && shards.stream().noneMatch(Shard::isWoken) && !stopped) {
      LockSupport.parkNanos(this, Math.max(1, nextSweep - clock.getAsLong()));
    }
    resting = false;
  }

  /** Does what is to be done now; answers whether there was anything. */
  boolean turn() {
    now = clock.getAsLong();
    boolean busy = false;
    for (Shard shard : shards) {
      if (shard.takeWakeUp()) {
        busy = true;
        pass(shard);
      }
    }
    busy |= serveWoken();
    if (now - nextSweep >= 0) {
      nextSweep = now + tick;
      shards.forEach(this::sweep);
    }
    return busy;
  }

  private void pass(Shard shard) {
    shard.beginPass();
    List<StreamClient> clients = shard.clients();
    for (int i = clients.size() - 1; i >= 0; i--) { // backwards: removing moves the last one
      serve(clients.get(i));
    }
    shard.endPass();
  }

  private boolean serveWoken() {
    StreamClient client = woken.getAndSet(null);
    boolean busy = client != null;
    Shard current = null;
    while (client != null) {
      StreamClient next = client.nextWoken();
      client.nextWoken(null);
      client.dequeued();
      if (client.shard() != current) {
        current = client.shard();
        current.beginPass();
      }
      welcome(client);
      serve(client);
      client = next;
    }
    if (current != null) {
      current.endPass();
    }
    return busy;
  }

  private static void welcome(StreamClient client) {
    if (client.index() < 0 && !client.isReleased()) {
      client.shard().add(client);
    }
  }

  /** Serves one client; whatever it throws concerns nobody else. */
  private void serve(StreamClient client) {
    try {
      if (client.isReleased()) {
        dismiss(client);
      } else if (client.drain(TURNS, now)) {
        client.wake();
      }
    } catch (Throwable failure) { // the thread must survive every failure of one client
      abort(client, failure);
    }
  }

  private static void dismiss(StreamClient client) {
    if (client.index() >= 0) {
      client.shard().remove(client);
      client.index(-1);
    }
  }

  private void sweep(Shard shard) {
    shard.beginPass();
    long slowest = Long.MAX_VALUE;
    for (StreamClient client : new ArrayList<>(shard.clients())) {
      lookAfter(client);
      if (client.isBlocked()) {
        slowest = Math.min(slowest, client.cursor());
      }
    }
    shard.slowestBlocked(slowest);
    shard.endPass();
  }

  private void lookAfter(StreamClient client) {
    try {
      if (client.sweep(now)) {
        serve(client);
      }
    } catch (Throwable failure) {
      abort(client, failure);
    }
  }

  private static void abort(StreamClient client, Throwable failure) {
    Log.WARN.warn(
        "fan-out " + failure.getClass().getName(),
        "a client failed unexpectedly and is disconnected; please report this",
        failure);
    client.abort();
  }
}
