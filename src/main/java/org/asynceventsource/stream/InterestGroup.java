package org.asynceventsource.stream;

import java.util.List;
import java.util.function.Predicate;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.wire.Frame;

/**
 * Clients of one event source with an equal filter: they are woken together and share joined
 * buffers.
 *
 * <p>Its clients are spread over the fan-out threads; each thread has a {@link Shard} of its own.
 */
final class InterestGroup {

  private final EventLog log;
  private final Predicate<String> channels;
  private final List<Shard> shards;
  private int turn; // guarded by this

  InterestGroup(EventLog log, Predicate<String> channels, List<FanOut> fanOuts) {
    this.log = log;
    this.channels = channels;
    this.shards = fanOuts.stream().map(fanOut -> new Shard(this, fanOut)).toList();
    shards.forEach(shard -> shard.fanOut().adopt(shard));
  }

  EventLog log() {
    return log;
  }

  /** The shard for the next client, in rotation. */
  synchronized Shard nextShard() {
    turn = (turn + 1) % shards.size();
    return shards.get(turn);
  }

  boolean matches(Frame frame) {
    return channels.test(frame.channel());
  }

  /** Wakes the group if it wants the frame; one coalesced signal per thread, not one per client. */
  void appended(Frame frame) {
    if (!matches(frame)) {
      return;
    }
    for (Shard shard : shards) {
      shard.wake();
    }
  }

  /** Whether a client that can't be written to has fallen out of the history. */
  boolean hasLapped() {
    long head = log.head();
    for (Shard shard : shards) {
      if (shard.slowestBlocked() < head) {
        return true;
      }
    }
    return false;
  }

  /** Leaves the fan-out threads. */
  void retire() {
    shards.forEach(Shard::retire);
  }
}
