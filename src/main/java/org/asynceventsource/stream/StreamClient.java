package org.asynceventsource.stream;

import java.security.Principal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.asynceventsource.wire.FrameBatch;
import org.jspecify.annotations.Nullable;

/**
 * One open stream: a cursor in the history, a small queue of direct events, and a connection.
 *
 * <p>A direct event is anchored to the tail at the time of sending: what precedes it in the history
 * is written before it. While {@code onConnect} runs, the anchor is the starting cursor and nothing
 * of the history is written, so what is sent there precedes all of it.
 */
final class StreamClient implements AsyncEventSourceClient, Connection.Owner, Connection.Supply {

  private static final FrameBatch HEARTBEAT = FrameBatch.of(List.of(Encoder.comment("")));

  /** A frame for this client alone, and the cursor that has to be passed before it. */
  private record Direct(long anchor, Frame frame) {}

  private final StreamEventSource source;
  private final Shard shard;
  private final AtomicReference<DisconnectReason> reason = new AtomicReference<>();
  private final AtomicBoolean released = new AtomicBoolean();
  private final AtomicBoolean queued = new AtomicBoolean();
  private final AtomicInteger callbackSteps = new AtomicInteger();
  private final AtomicInteger holdsPlace = new AtomicInteger(2);
  private final Object directLock = new Object();
  private @Nullable ArrayDeque<Direct> direct; // guarded by directLock
  private volatile Visitor visitor;
  private volatile boolean live; // false until onConnect has run
  private volatile long closeAt = Long.MAX_VALUE; // where the history ends for this client
  private volatile long closingSince; // written before goodbyeDue
  private volatile boolean goodbyeDue; // what is pending is to be followed by the end
  private volatile long cursor; // written by the fan-out thread only
  private volatile @Nullable Connection connection; // null before it is attached and after its end

  // Confined to the fan-out thread.
  private int index = -1;
  private boolean heartbeatDue;
  private boolean goodbyeSaid;
  private boolean lapped;
  private long lastWrite;
  private long blockedSince;
  private boolean wasBlocked;
  private final Deadlines deadlines;

  // Handed from thread to thread with the fan-out's stack.
  private @Nullable StreamClient nextWoken;

  StreamClient(
      StreamEventSource source, Shard shard, Visitor visitor, long cursor, Deadlines deadlines) {
    this.source = source;
    this.shard = shard;
    this.visitor = visitor;
    this.cursor = cursor;
    this.deadlines = deadlines;
    this.lastWrite = deadlines.opened();
  }

  void attach(Connection opened) {
    connection = opened;
    if (isReleased()) { // the event source was closed meanwhile
      connection = null;
      opened.end();
    }
  }

  /**
   * Notes that the response has ended, or that the last callback has run.
   *
   * @return whether that was the second of the two, so that nothing of the client is left
   */
  boolean leave() {
    return holdsPlace.decrementAndGet() == 0;
  }

  /**
   * Marks a step of the client's callbacks.
   *
   * @return whether the other step had been marked before
   */
  boolean mark(int step) {
    return callbackSteps.getAndUpdate(steps -> steps | step) != 0;
  }

  /** Lets the history flow; called when {@code onConnect} has run. */
  void goLive() {
    live = true;
    visitor = visitor.withoutAttributes();
    wake();
  }

  // What the fan-out thread does.

  /** Writes what is pending and can be written; answers whether there is more to do at once. */
  boolean drain(int turns, long now) {
    Connection to = connection;
    if (to == null) {
      return false;
    }
    if (to.blocked()) {
      noteBlocked(now);
      return false;
    }
    wasBlocked = false; // it took something since, so that a slow reader isn't a stalled one
    Connection.Drained drained = to.drain(this, turns, now);
    if (drained == Connection.Drained.BLOCKED) {
      noteBlocked(now);
    } else if (drained == Connection.Drained.IDLE && goodbyeSaid) {
      to.end();
    }
    return drained == Connection.Drained.MORE;
  }

  private void noteBlocked(long now) {
    if (!wasBlocked) {
      wasBlocked = true;
      blockedSince = now;
    }
    if (connected()) {
      shard.noteBlocked(cursor);
    }
  }

  /** Supplies the connection: history up to the next direct event, that event, and so on. */
  @Override
  public @Nullable FrameBatch next() {
    if (goodbyeSaid) {
      return null;
    }
    boolean ending = goodbyeDue; // before the events: what was pending then precedes the end
    FrameBatch batch = nextEvents();
    if (batch == null && ending && hasNothingLeft()) {
      goodbyeSaid = true;
      batch = FrameBatch.of(List.of(Farewell.frame(reason.get(), source.options())));
    } else if (batch == null && heartbeatDue) {
      batch = HEARTBEAT;
    }
    if (batch != null) {
      heartbeatDue = false;
      lastWrite = shard.fanOut().now();
    }
    return batch;
  }

  private @Nullable FrameBatch nextEvents() {
    while (!lapped) {
      long end = live ? Math.min(closeAt, shard.tail()) : cursor; // before the direct events:
      Direct first = peekDirect(); // what onConnect has sent is seen before any history flows
      long anchor = first == null ? Long.MAX_VALUE : Math.min(first.anchor(), closeAt);
      if (cursor < Math.min(anchor, end)) {
        FrameBatch batch = nextHistory(Math.min(anchor, end));
        if (batch != null) {
          return batch;
        }
      } else if (first != null && anchor <= cursor) {
        return takeDirect();
      } else {
        return null;
      }
    }
    return null;
  }

  private @Nullable FrameBatch nextHistory(long limit) {
    Shard.Joined joined = shard.from(cursor, limit);
    if (joined == null) {
      lapped = true; // nothing may follow the hole, whyever the stream is ending
      disconnect(DisconnectReason.SLOW);
      return null;
    }
    cursor = joined.cursor();
    return joined.batch();
  }

  /** Whether all that was pending at the close is written, of what can be written at all. */
  private boolean hasNothingLeft() {
    return lapped || !live || cursor >= closeAt;
  }

  private @Nullable Direct peekDirect() {
    synchronized (directLock) {
      return direct == null ? null : direct.peek();
    }
  }

  /** All direct events whose turn it is, as far as they fit in one write; there is at least one. */
  private FrameBatch takeDirect() {
    List<Frame> frames = new ArrayList<>();
    int bytes = 0;
    for (Direct next = peekDirect(); next != null && isDue(next); next = peekDirect()) {
      bytes += next.frame().size();
      if (!frames.isEmpty() && bytes > Shard.MAX_BATCH_BYTES) {
        break;
      }
      removeDirect();
      frames.add(next.frame());
      if (next.frame().ownId().isPresent()) {
        frames.add(Encoder.id(source.log().idAt(cursor))); // where the client resumes
      }
    }
    return FrameBatch.of(frames);
  }

  private boolean isDue(Direct next) {
    return Math.min(next.anchor(), closeAt) <= cursor;
  }

  private void removeDirect() {
    synchronized (directLock) {
      if (direct != null) {
        direct.poll();
        direct = direct.isEmpty() ? null : direct;
      }
    }
  }

  /** Looks at what time has made due; answers whether there is something to write. */
  boolean sweep(long now) {
    Connection to = connection;
    if (to == null) {
      return false;
    }
    to.endIfAbandoned(now);
    if (connected() && deadlines.lifetimeOver(now)) {
      disconnect(DisconnectReason.LIFETIME);
    }
    if (to.blocked() && wasBlocked) {
      sweepBlocked(to, now);
      return false;
    }
    heartbeatDue = deadlines.heartbeatDue(lastWrite, now);
    return heartbeatDue || goodbyeDue;
  }

  private void sweepBlocked(Connection to, long now) {
    if (connected() && (deadlines.stalled(blockedSince, now) || cursor < source.log().head())) {
      disconnect(DisconnectReason.SLOW);
    }
    boolean over =
        reason.get() == DisconnectReason.SLOW
            || Deadlines.goodbyeOver(blockedSince, closingSince, now);
    if (goodbyeDue && over) {
      to.end(); // it takes nothing, not even the goodbye
    }
  }

  boolean isBlocked() {
    return wasBlocked && connected();
  }

  long cursor() {
    return cursor;
  }

  int index() {
    return index;
  }

  void index(int position) {
    index = position;
  }

  boolean isReleased() {
    return released.get();
  }

  // What any thread does.

  void wake() {
    if (!queued.getAndSet(true)) {
      shard.fanOut().wake(this);
    }
  }

  void dequeued() {
    queued.set(false);
  }

  Shard shard() {
    return shard;
  }

  @Nullable StreamClient nextWoken() {
    return nextWoken;
  }

  void nextWoken(@Nullable StreamClient next) {
    nextWoken = next;
  }

  /**
   * Ends the stream for a reason when what is pending has been written; the first reason counts.
   */
  void disconnect(DisconnectReason why) {
    if (reason.compareAndSet(null, why)) {
      closeAt = source.log().tail();
      closingSince = shard.fanOut().time();
      goodbyeDue = true;
      source.disconnected(this, why);
      wake();
    }
  }

  /** Ends the stream now, whatever is pending. */
  void abort() {
    Connection to = connection;
    if (to != null) {
      to.end();
    } else {
      ended();
    }
  }

  @Override
  public void writable() {
    wake();
  }

  @Override
  public void lost() {
    if (reason.compareAndSet(null, DisconnectReason.GONE)) {
      source.disconnected(this, DisconnectReason.GONE);
    }
  }

  @Override
  public void ended() {
    if (released.compareAndSet(false, true)) {
      lost();
      connection = null; // the application may keep this client, but not what the container lent
      synchronized (directLock) {
        direct = null;
      }
      source.released(this);
      wake();
    }
  }

  // What the application sees.

  @Override
  public Boolean send(ServerSentEvent event) {
    event.id().ifPresent(this::requireForeign);
    if (!offer(source.encode(event).frame())) {
      return false;
    }
    wake();
    return true;
  }

  private void requireForeign(String id) {
    if (source.log().claims(id)) {
      throw new InvalidEventException(
          "event id '%s' looks like one that the history assigns; give it another form"
              .formatted(id));
    }
  }

  private boolean offer(Frame frame) {
    synchronized (directLock) {
      if (!connected()) {
        return false;
      }
      if (direct == null) {
        direct = new ArrayDeque<>(2);
      }
      if (direct.size() >= source.options().maxDirect()) {
        return false;
      }
      direct.add(new Direct(live ? source.log().tail() : cursor, frame));
      return true;
    }
  }

  @Override
  public AsyncEventSource eventSource() {
    return source;
  }

  @Override
  public Optional<String> lastId() {
    return visitor.presentedId();
  }

  @Override
  public boolean connected() {
    return reason.get() == null;
  }

  @Override
  public Optional<DisconnectReason> disconnectReason() {
    return Optional.ofNullable(reason.get());
  }

  @Override
  public long pending() {
    int waiting;
    synchronized (directLock) {
      waiting = direct == null ? 0 : direct.size();
    }
    return connected() ? Math.max(0, source.log().tail() - cursor) + waiting : 0;
  }

  @Override
  public void close() {
    disconnect(DisconnectReason.CLOSED);
  }

  @Override
  public Optional<Principal> principal() {
    return Optional.ofNullable(visitor.principal());
  }

  @Override
  public boolean hasRole(String role) {
    if (!source.options().roles().contains(role)) {
      throw new IllegalArgumentException(
          "role '%s' is not declared; add it to the setting 'eventsource.roles'".formatted(role));
    }
    return visitor.roles().contains(role);
  }

  @Override
  public String remoteAddress() {
    return visitor.remoteAddress();
  }

  @Override
  public Optional<Object> requestAttribute(String name) {
    if (live) {
      throw new IllegalStateException(
          "request attribute '%s' is asked for outside onConnect, when the request is gone; keep it there"
              .formatted(name));
    }
    return Optional.ofNullable(visitor.attributes().get(name));
  }

  @Override
  public String toString() {
    return "client of %s at %s".formatted(source.path(), remoteAddress());
  }
}
