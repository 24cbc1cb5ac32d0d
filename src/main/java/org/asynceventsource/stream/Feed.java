package org.asynceventsource.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.SlowClients;
import org.asynceventsource.SlowClients.Policy;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.spi.Resume;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.spi.StreamListener.Slowness;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.asynceventsource.wire.FrameBatch;
import org.jspecify.annotations.Nullable;

/**
 * What one client gets, in order: the history from its cursor on, direct events where they belong,
 * and between them heartbeats, gaps and the farewell.
 *
 * <p>A direct event is anchored to the tail at the time of sending: what precedes it in the history
 * is written before it. While {@code onConnect} runs, the anchor is the starting cursor and nothing
 * of the history is written, so what is sent there precedes all of it.
 *
 * <p>Confined to the client's fan-out thread, but for the cursor, which any thread may read.
 */
final class Feed implements Connection.Supply {

  private static final FrameBatch HEARTBEAT = FrameBatch.of(List.of(Encoder.comment("")));

  private final StreamClient client;
  private final StreamEventSource source;
  private final EventLog log;
  private final Deadlines deadlines;
  private final long behind; // how many events there were to catch up with at the opening
  private volatile long cursor; // everything up to it is written or left out; written here only
  private long told; // the cursor whose id the client knows
  private long lastWrite;
  private long blockedSince;
  private long held; // bytes that the container holds of the last write while it is blocked
  private @Nullable FrameBatch writing; // handed out and not yet reported
  private boolean blocked;
  private boolean begun; // it has got something of the history
  private boolean caughtUp; // it has been at the tail once, so that from then on it can lag
  private boolean lagging; // it was further behind than it may be when it took bytes again
  private boolean cut; // nothing of the history may follow
  private boolean heartbeatDue;
  private boolean farewellSaid;

  Feed(StreamClient client, StreamEventSource source, long cursor, Deadlines deadlines) {
    this.client = client;
    this.source = source;
    this.log = source.log();
    this.deadlines = deadlines;
    this.cursor = cursor;
    this.told = cursor;
    this.behind = log.tail() - cursor;
    this.lastWrite = deadlines.opened();
  }

  long cursor() {
    return cursor;
  }

  boolean isBlocked() {
    return blocked && client.connected();
  }

  /** Writes what is pending and can be written; answers whether there is more to do at once. */
  boolean drain(Connection to, int turns) {
    long now = client.fanOut().now();
    if (to.blocked()) {
      noteBlocked(now);
      return false;
    }
    noteTaking(now);
    Connection.Drained drained = to.drain(this, turns, now);
    reportWritten();
    if (drained == Connection.Drained.BLOCKED) {
      noteBlocked(now);
    } else if (drained == Connection.Drained.IDLE) {
      noteIdle(to, now);
    }
    return drained == Connection.Drained.MORE;
  }

  private void noteIdle(Connection to, long now) {
    if (farewellSaid) {
      to.end();
      return;
    }
    lagging = false;
    if (!caughtUp && client.isLive() && !client.isHeld()) {
      caughtUp = true;
      if (behind > 0) {
        listener().replayed(client, behind, now - deadlines.opened());
      }
    }
  }

  private void noteBlocked(long now) {
    if (!blocked) {
      blocked = true;
      blockedSince = now;
      if (held > 0) {
        source.pending().add(held);
        listener().stalled(client);
      }
    }
    if (client.connected()) {
      client.shard().lane().noteBlocked(cursor);
    }
  }

  private void noteTaking(long now) {
    if (blocked) {
      blocked = false; // it took something since, so that a slow reader isn't a stalled one
      if (held > 0) {
        source.pending().add(-held);
        listener().recovered(client, now - blockedSince);
      }
      cursor = client.shard().skipQuiet(cursor);
      lagging = isBeyond(source.slowClients());
    }
    held = 0;
  }

  /** The client has left: what was held for it is free. */
  void release() {
    if (blocked) {
      blocked = false;
      source.pending().add(-held);
      held = 0;
    }
  }

  // What comes next.

  @Override
  public @Nullable FrameBatch next() {
    reportWritten();
    FrameBatch batch = farewellSaid ? null : choose();
    if (batch != null) {
      heartbeatDue = false;
      lastWrite = client.fanOut().now();
      held = batch.size();
      writing = batch;
    }
    return batch;
  }

  private void reportWritten() {
    FrameBatch written = writing;
    if (written != null) {
      writing = null;
      long age =
          caughtUp ? written.age(client.fanOut().time()) : -1; // replay is late by its nature
      listener().written(written.events(), written.size(), age);
    }
  }

  private @Nullable FrameBatch choose() {
    boolean ending = client.isEnding(); // before the events: what was pending precedes the end
    FrameBatch batch = nextEvents();
    if (batch != null) {
      return batch;
    }
    if (ending && hasNothingLeft()) {
      farewellSaid = true;
      return FrameBatch.of(List.of(Farewell.frame(client.reason(), source.options())));
    }
    return heartbeatDue && !client.isHeartbeatDelayed() ? heartbeat() : null;
  }

  /** With the id that it goes on from, if events that were not for this client have moved that. */
  private FrameBatch heartbeat() {
    if (told == cursor) {
      return HEARTBEAT;
    }
    told = cursor;
    return FrameBatch.of(List.of(Encoder.id(log.idAt(cursor))));
  }

  private @Nullable FrameBatch nextEvents() {
    while (!cut) {
      long end = end(); // before the direct events: those of onConnect precede all history
      DirectQueue direct = client.direct();
      DirectQueue.Direct first = direct == null ? null : direct.peek();
      if (client.isHeld()) { // asked last, so that nothing sent after a revocation is met
        return null;
      }
      long anchor = first == null ? Long.MAX_VALUE : Math.min(first.anchor(), client.closeAt());
      long limit = Math.min(anchor, end);
      if (cursor < limit) {
        FrameBatch batch = nextHistory(limit);
        if (batch != null) {
          return batch;
        }
      } else if (direct != null && first != null && anchor <= cursor) {
        return takeDirect(direct);
      } else {
        return null;
      }
    }
    return null;
  }

  private long end() {
    long tail = client.shard().tail(); // before the close
    return client.isLive() ? Math.min(client.closeAt(), tail) : cursor;
  }

  private @Nullable FrameBatch nextHistory(long limit) {
    cursor = Math.min(limit, client.shard().skipQuiet(cursor));
    if (cursor == limit) {
      return null;
    }
    InterestGroup group = client.shard().group();
    Policy policy = source.slowClients().policy();
    if (lagging && policy != Policy.CONFLATE) {
      return tooSlow(Slowness.LAGGING, policy);
    }
    JoinedBuffers buffers = client.fanOut().buffers();
    JoinedBuffers.Joined joined =
        lagging ? buffers.conflated(group, cursor, limit) : buffers.from(group, cursor, limit);
    if (joined == null) {
      return tooSlow(Slowness.LAPPED, policy);
    }
    cursor = joined.cursor();
    if (joined.batch() != null) {
      told = cursor;
      begun = true;
    }
    return joined.batch();
  }

  // What becomes of a client that is too slow.

  /**
   * Whether a client that had caught up is further behind than it may be. One that still catches up
   * with the history isn't: it would be sent away again and again.
   */
  private boolean isBeyond(SlowClients limits) {
    if (!caughtUp) {
      return false;
    }
    return (limits.events() > 0 && log.tail() - cursor > limits.events())
        || (limits.bytes() > 0 && log.bytesBehind(cursor) > limits.bytes());
  }

  /**
   * A client that can be written to is told of a gap, or is sent away to resume. One that was left
   * behind by the history before its first write is always told: sent away, it might never begin.
   */
  private @Nullable FrameBatch tooSlow(Slowness why, Policy policy) {
    boolean goesOn = policy != Policy.DISCONNECT || (why == Slowness.LAPPED && !begun && !caughtUp);
    if (!goesOn || client.isEnding()) {
      drop(why);
      return null;
    }
    listener().slow(client, why);
    boolean trimmed = why == Slowness.LAPPED;
    long target = trimmed && policy != Policy.SKIP ? log.head() : log.tail();
    lagging = policy == Policy.CONFLATE;
    return skip(target, trimmed ? Resume.Reason.TRIMMED.wireName() : GapNotice.SKIPPED);
  }

  private FrameBatch skip(long target, String reason) {
    boolean all = client.shard().group().interest().isEverything();
    OptionalLong lost = all ? OptionalLong.of(target - cursor) : OptionalLong.empty();
    GapNotice gap = new GapNotice(log.idAt(cursor), log.idAt(target), lost, reason);
    cursor = target;
    told = target;
    listener().gap(client, reason, lost);
    return FrameBatch.of(List.of(gap.frame(source.options().gapEvent())));
  }

  /** Sends the client away, to resume; nothing of the history follows. */
  void drop(Slowness why) {
    if (!cut) {
      cut = true;
      listener().slow(client, why);
    }
    client.disconnect(DisconnectReason.SLOW);
  }

  // Direct events.

  /** All direct events whose turn it is, as far as they fit in one write; there is at least one. */
  private @Nullable FrameBatch takeDirect(DirectQueue direct) {
    List<Frame> frames = new ArrayList<>();
    int bytes = 0;
    for (DirectQueue.Direct next = due(direct); next != null; next = due(direct)) {
      bytes += next.frame().size();
      if (!frames.isEmpty() && bytes > JoinedBuffers.MAX_BATCH_BYTES) {
        break;
      }
      direct.remove();
      frames.add(next.frame());
      if (next.frame().ownId().isPresent()) {
        frames.add(Encoder.id(log.idAt(cursor))); // where the client resumes
        told = cursor;
      }
    }
    return frames.isEmpty() ? null : FrameBatch.of(frames); // empty if the client went meanwhile
  }

  private DirectQueue.@Nullable Direct due(DirectQueue direct) {
    DirectQueue.Direct next = direct.peek();
    boolean due = next != null && Math.min(next.anchor(), client.closeAt()) <= cursor;
    return due && !client.isHeld() ? next : null;
  }

  /** Whether all that was pending at the close is written, of what can be written at all. */
  private boolean hasNothingLeft() {
    return cut || client.isRevoked() || !client.isLive() || cursor >= client.closeAt();
  }

  // What time makes due.

  /** Looks at what time has made due; answers whether there is something to write. */
  boolean sweep(Connection to, long now) {
    to.endIfAbandoned(now);
    boolean beats = isForgotten() || deadlines.heartbeatDue(lastWrite, now);
    if (client.connected()) {
      sweepRight(beats, now);
    }
    if (to.blocked() && blocked) {
      sweepBlocked(to, now);
      return false;
    }
    heartbeatDue = beats;
    return heartbeatDue || client.isEnding();
  }

  private void sweepRight(boolean beats, long now) {
    client.sweepAccess(beats, now);
    if (deadlines.loginOver(now)) {
      client.revoke();
    } else if (deadlines.lifetimeOver(now)) {
      client.disconnect(DisconnectReason.LIFETIME);
    }
  }

  /** Whether the client knows only an id that is gone, because nothing was for it since. */
  private boolean isForgotten() {
    return client.isLive()
        && !client.shard().group().interest().isEverything()
        && told < log.head();
  }

  private void sweepBlocked(Connection to, long now) {
    if (client.connected()) {
      dropIfTooSlow(now);
    }
    boolean over =
        client.reason() == DisconnectReason.SLOW
            || client.isRevoked()
            || Deadlines.goodbyeOver(blockedSince, client.closingSince(), now);
    if (client.isEnding() && over) {
      to.end(); // it takes nothing, not even the goodbye
    }
  }

  private void dropIfTooSlow(long now) {
    cursor = client.shard().skipQuiet(cursor);
    SlowClients limits = source.slowClients();
    boolean disconnecting = limits.policy() == Policy.DISCONNECT;
    if (now - blockedSince >= limits.stalled().toNanos()) {
      drop(Slowness.STALLED);
    } else if (disconnecting && isLapped()) {
      drop(Slowness.LAPPED);
    } else if (disconnecting && isBeyond(limits)) {
      drop(Slowness.LAGGING);
    }
  }

  private boolean isLapped() {
    return cursor < log.head() && !client.shard().isQueued(); // else a pass knows better
  }

  private StreamListener listener() {
    return source.listener();
  }
}
