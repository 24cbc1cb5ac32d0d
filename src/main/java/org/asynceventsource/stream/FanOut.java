package org.asynceventsource.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that writes to its share of the clients, and the only one that does.
 *
 * <p>Others only leave marks: an append wakes the shards of the groups that want it, everything
 * that concerns one client wakes that client. Both are pushed on one stack, once however often they
 * are woken, and unpark the thread if it rests. Each turn first passes over the clients of the
 * woken shards, then serves clients one by one from a queue: those woken singly, and those that
 * have more to catch up with than one serving takes. So the replay of a long history waits for live
 * events at every step, and has as much time as they have. Time is looked at every tick.
 *
 * <p>So a client's position and deadlines are confined to one thread, and its fence is hardly ever
 * contended. Draining on container threads under a lock per client was rejected, because Undertow's
 * I/O thread would wait for it.
 */
final class FanOut implements Runnable {

  /** How many batches a client may take before the others have their turn. */
  private static final int TURNS = 4;

  /** How many clients are served singly in a turn, however little time the passes took. */
  private static final int SERVED_AT_LEAST = 32;

  private final LongSupplier clock;
  private final long tick;
  private final long linger;
  private final boolean blocking;
  private final WriteWatch watch = new WriteWatch();
  private final List<WriteWatch> others = new CopyOnWriteArrayList<>();
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Wakeable> woken = new AtomicReference<>();
  private volatile boolean resting;
  private volatile boolean stopped;
  private volatile @Nullable Thread thread;

  // Confined to the thread.
  private final Queue<StreamClient> queue = new ArrayDeque<>();
  private final List<Shard> lingering = new ArrayList<>();
  private final JoinedBuffers buffers = new JoinedBuffers();
  private long nextSweep;
  private long now;

  /**
   * A fan-out.
   *
   * @param clock monotonic nanoseconds
   * @param tick how often time is looked at, in nanoseconds
   * @param linger how long an event may wait for others to be written together, in nanoseconds
   * @param blocking whether its clients' writes may block it
   */
  FanOut(LongSupplier clock, long tick, long linger, boolean blocking) {
    this.clock = clock;
    this.tick = tick;
    this.linger = linger;
    this.blocking = blocking;
    this.now = clock.getAsLong();
    this.nextSweep = now + tick;
  }

  /** Whether it is for clients whose writes may block it, see {@link Tomcat#mayBlock}. */
  boolean isBlocking() {
    return blocking;
  }

  /** What may interrupt its writes, if another one looks at it. */
  WriteWatch watch() {
    return watch;
  }

  /** Interrupts a write that blocks the thread, since the application stops. */
  void interruptWrite() {
    watch.look(clock.getAsLong(), WriteWatch.LAST_PATIENCE_NANOS);
  }

  /** Looks after the writes of another one, which may block it for ever. */
  void watch(FanOut other) {
    others.add(other.watch);
  }

  void adopt(Lane lane) {
    lanes.add(lane);
  }

  void abandon(Lane lane) {
    lanes.remove(lane);
  }

  void push(Wakeable item) {
    put(item);
    hurry();
  }

  /** Leaves something to be looked at in the next turn, whenever that is. */
  void put(Wakeable item) {
    Wakeable head;
    do {
      head = woken.get();
      item.next(head);
    } while (!woken.compareAndSet(head, item));
  }

  /** Lets the next turn begin, if the thread rests. */
  void hurry() {
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

  /** When a shard that is woken now is to be passed over. */
  long lingerUntil() {
    return linger == 0 ? 0 : clock.getAsLong() + linger;
  }

  JoinedBuffers buffers() {
    return buffers;
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

  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it, but a call takes less long
  private void rest() {
    buffers.clear(); // nobody is behind now, so that they would only take memory
    resting = true;
    if (woken.get() == null && !stopped) {
      LockSupport.parkNanos(this, Math.max(1, nextAppointment() - clock.getAsLong()));
      Thread.yield(); // whoever woke this thread has a call to finish, perhaps on the same core
    }
    resting = false;
  }

  private long nextAppointment() {
    long next = nextSweep;
    for (Shard shard : lingering) {
      next = shard.due() - next < 0 ? shard.due() : next;
    }
    return next;
  }

  /** Does what is to be done now; answers whether there was anything. */
  boolean turn() {
    now = clock.getAsLong();
    boolean busy = takeWoken();
    busy |= passLingering();
    busy |= serveQueue();
    if (now - nextSweep >= 0) {
      nextSweep = now + tick;
      lanes.forEach(Lane::sweep);
      others.forEach(other -> other.look(now, WriteWatch.PATIENCE_NANOS));
    }
    lanes.forEach(Lane::relieve);
    return busy;
  }

  private boolean takeWoken() {
    Wakeable item = woken.get() == null ? null : woken.getAndSet(null);
    boolean busy = false;
    while (item != null) {
      Wakeable next = item.next();
      item.next(null);
      busy |= take(item);
      item = next;
    }
    return busy;
  }

  private boolean take(Wakeable item) {
    if (item instanceof StreamClient client) {
      queue.add(client);
    } else if (item instanceof Shard shard) {
      if (linger > 0 && shard.due() - now > 0) {
        lingering.add(shard);
        return false;
      }
      pass(shard);
    }
    return true;
  }

  private boolean passLingering() {
    boolean busy = false;
    for (int i = lingering.size() - 1; i >= 0; i--) {
      if (lingering.get(i).due() - now <= 0) {
        pass(lingering.remove(i));
        busy = true;
      }
    }
    return busy;
  }

  private void pass(Shard shard) {
    shard.beginPass();
    List<StreamClient> clients = shard.clients();
    int served = 0;
    for (int i = clients.size() - 1; i >= 0; i--) { // backwards: removing moves the last one
      StreamClient client = clients.get(i);
      if (isPowerOfTwo(++served)) {
        shard.look(); // whoever sent the first event is often still sending; rarely, to share joins
      }
      if (!client.isQueued()) { // whoever is queued is served from there
        serve(client);
      }
    }
  }

  private static boolean isPowerOfTwo(int number) {
    return (number & (number - 1)) == 0;
  }

  /** Serves clients singly for as long as the passes of this turn took, and some at least. */
  private boolean serveQueue() {
    if (queue.isEmpty()) {
      return false;
    }
    long begin = clock.getAsLong();
    long share = begin - now;
    for (int served = 0; hasTime(served, begin, share); served++) {
      StreamClient client = queue.poll();
      if (client == null) {
        break;
      }
      client.taken();
      client.shard().look();
      welcome(client);
      serve(client);
    }
    return true;
  }

  private boolean hasTime(int served, long begin, long share) {
    return served < SERVED_AT_LEAST || clock.getAsLong() - begin < share;
  }

  private static void welcome(StreamClient client) {
    if (client.index() < 0 && !client.isReleased()) {
      client.shard().add(client);
    }
  }

  /** Serves one client; whatever it throws concerns nobody else. */
  void serve(StreamClient client) {
    if (!blocking) {
      serveSafely(client);
      return;
    }
    watch.begin(clock.getAsLong());
    try {
      serveSafely(client);
    } finally {
      watch.end(); // else it would go on interrupting a thread that writes nothing
    }
  }

  private static void serveSafely(StreamClient client) {
    try {
      if (client.isReleased()) {
        dismiss(client);
      } else if (client.drain(TURNS)) {
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
    client.dismissed();
  }

  void lookAfter(StreamClient client) {
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
