package org.asynceventsource.stream;

import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.StreamListener.Slowness;
import org.asynceventsource.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * One open stream: what the application sees of it, and its way from open to released. What it gets
 * is in its {@link Feed}, what the container lent in its {@link Connection}.
 *
 * <p>A stream is open until it has a reason to end, ending until its response has ended, then
 * released. There are tens of thousands of them: states are fields, not objects.
 */
final class StreamClient extends Wakeable implements AsyncEventSourceClient, Connection.Owner {

  private static final AtomicReferenceFieldUpdater<StreamClient, @Nullable DisconnectReason>
      REASON =
          AtomicReferenceFieldUpdater.newUpdater(
              StreamClient.class, DisconnectReason.class, "reason");
  private static final AtomicIntegerFieldUpdater<StreamClient> RELEASED =
      AtomicIntegerFieldUpdater.newUpdater(StreamClient.class, "released");
  private static final AtomicIntegerFieldUpdater<StreamClient> CALLBACK_STEPS =
      AtomicIntegerFieldUpdater.newUpdater(StreamClient.class, "callbackSteps");
  private static final AtomicIntegerFieldUpdater<StreamClient> ENDS =
      AtomicIntegerFieldUpdater.newUpdater(StreamClient.class, "ends");

  private final StreamEventSource source;
  private final Shard shard;
  private final Feed feed;
  private volatile @Nullable DisconnectReason reason; // set once
  private volatile int released; // 1 when the response has ended

  @SuppressWarnings("UnusedVariable") // by its updater
  private volatile int callbackSteps;

  @SuppressWarnings("UnusedVariable") // by its updater
  private volatile int ends; // of response and callbacks

  private volatile Visitor visitor;
  private volatile boolean live; // false until onConnect has run
  private volatile long closeAt = Long.MAX_VALUE; // where the history ends for this client
  private volatile long closingSince; // written before ending
  private volatile boolean revoked; // nothing may follow but the end
  private final @Nullable Standing standing; // null if there is nobody to ask
  private volatile boolean ending; // what is pending is to be followed by the end
  private volatile @Nullable DirectQueue direct; // made when it is first needed; most never are
  private volatile @Nullable Connection connection; // null before it is attached and after its end

  // Confined to the fan-out thread.
  private int index = -1;
  private boolean gone;

  StreamClient(
      StreamEventSource source, Shard shard, Visitor visitor, long cursor, Deadlines deadlines) {
    super(shard.fanOut());
    this.source = source;
    this.shard = shard;
    this.visitor = visitor;
    this.standing = source.accesses().standing(visitor, deadlines.opened());
    this.feed = new Feed(this, source, cursor, deadlines);
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
    return ENDS.incrementAndGet(this) == 2;
  }

  /**
   * Marks a step of the client's callbacks.
   *
   * @return whether the other step had been marked before
   */
  boolean mark(int step) {
    return CALLBACK_STEPS.getAndUpdate(this, steps -> steps | step) != 0;
  }

  /** Lets the history flow; called when {@code onConnect} has run. */
  void goLive() {
    live = true;
    visitor = visitor.withoutAttributes();
    settle();
  }

  /** Who took the place that is given back with this client. */
  Visitor visitor() {
    return visitor;
  }

  /**
   * Becomes known to the fan-out thread, which is woken only if there is something to write; for
   * most there isn't, and thousands may come at once. Looks at the history last: an append before
   * that may have woken the thread too early to find this client.
   */
  private void settle() {
    wakeCalmly();
    if (ending || direct != null || feed.cursor() < source.log().tail()) {
      wake();
    }
  }

  // What the fan-out thread does.

  /** Writes what is pending and can be written; answers whether there is more to do at once. */
  boolean drain(int turns) {
    Connection to = connection;
    return to != null && feed.drain(to, turns);
  }

  /** Looks at what time has made due; answers whether there is something to write. */
  boolean sweep(long now) {
    Connection to = connection;
    return to != null && feed.sweep(to, now);
  }

  /** Ends the stream because the client is too slow, so that it resumes. */
  void drop(Slowness why) {
    feed.drop(why);
  }

  boolean isBlocked() {
    return feed.isBlocked();
  }

  int index() {
    return index;
  }

  void index(int position) {
    index = position;
  }

  /** The client has been taken out of its shard, or never was in it. Idempotent. */
  void dismissed() {
    if (!gone) {
      gone = true;
      feed.release();
      shard.left();
    }
  }

  // What any thread does.

  Shard shard() {
    return shard;
  }

  @Nullable DirectQueue direct() {
    return direct;
  }

  private synchronized DirectQueue makeDirect() {
    DirectQueue made = direct;
    if (made == null) {
      made = new DirectQueue(source.pending(), source.options().maxDirect());
      if (isReleased()) {
        made.close();
      }
      direct = made;
    }
    return made;
  }

  private synchronized void closeDirect() {
    if (direct != null) {
      direct.close();
    }
  }

  long cursor() {
    return feed.cursor();
  }

  boolean isLive() {
    return live;
  }

  boolean isReleased() {
    return released != 0;
  }

  boolean isEnding() {
    return ending;
  }

  long closeAt() {
    return closeAt;
  }

  long closingSince() {
    return closingSince;
  }

  @Nullable DisconnectReason reason() {
    return reason;
  }

  /**
   * Ends the stream for a reason when what is pending has been written; the first reason counts.
   */
  void disconnect(DisconnectReason why) {
    if (REASON.compareAndSet(this, null, why)) {
      closeAt = source.log().tail();
      closingSince = fanOut().time();
      ending = true;
      source.disconnected(this, why);
      wake();
    }
  }

  /**
   * Ends the stream without what is pending, since the client may no longer read. An event that is
   * sent after this has returned is never written.
   */
  void revoke() {
    revoked = true;
    disconnect(DisconnectReason.REVOKED);
  }

  boolean isRevoked() {
    return revoked;
  }

  /** Whether nothing may be written for now, or ever; to be asked after what there is to write. */
  boolean isHeld() {
    return revoked || (standing != null && standing.isHeld());
  }

  /** Whether a heartbeat has to wait until it is known that the client may still read. */
  boolean isHeartbeatDelayed() {
    return standing != null && standing.delaysHeartbeat(fanOut().time());
  }

  @Nullable Standing standing() {
    return standing;
  }

  /**
   * Looks whether the client may still read, if it is time to; {@code beats} if it is to be told.
   */
  void sweepAccess(boolean beats, long now) {
    if (standing == null) {
      return;
    }
    if (standing.isOverdue(now)) {
      revoke();
    } else if (standing.isDue(now) || (beats && standing.isOld(now))) {
      source.accesses().ask(this, false);
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
  public void begun() {
    settle();
  }

  @Override
  public void writable() {
    wake();
  }

  @Override
  public void expiring() {
    disconnect(DisconnectReason.SHUTDOWN);
  }

  @Override
  public void lost() {
    if (REASON.compareAndSet(this, null, DisconnectReason.GONE)) {
      source.disconnected(this, DisconnectReason.GONE);
    }
  }

  @Override
  public void ended() {
    if (RELEASED.compareAndSet(this, 0, 1)) {
      lost();
      connection = null; // the application may keep this client, but not what the container lent
      closeDirect();
      source.released(this);
      wake();
    }
  }

  // What the application sees.

  @Override
  public Boolean send(ServerSentEvent event) {
    event.id().ifPresent(this::requireForeign);
    Frame frame = source.encode(event).frame();
    long anchor = live ? source.log().tail() : feed.cursor();
    if (!connected() || !makeDirect().offer(new DirectQueue.Direct(anchor, frame))) {
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

  @Override
  public AsyncEventSource eventSource() {
    return source;
  }

  @Override
  public Optional<String> lastId() {
    return visitor.presentedId();
  }

  @Override
  public Set<String> channels() {
    return visitor.interest().channels();
  }

  @Override
  public boolean connected() {
    return reason == null;
  }

  @Override
  public Optional<DisconnectReason> disconnectReason() {
    return Optional.ofNullable(reason);
  }

  @Override
  public long pending() {
    DirectQueue queue = direct;
    int waiting = queue == null ? 0 : queue.size();
    return connected() ? Math.max(0, source.log().tail() - feed.cursor()) + waiting : 0;
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
    return visitor.hasRole(role, source.options().roles());
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
