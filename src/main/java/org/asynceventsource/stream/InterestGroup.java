package org.asynceventsource.stream;

import java.util.List;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.wire.Frame;

/**
 * Clients of one event source with an equal interest: they are woken together and share joined
 * buffers. Its clients are spread over the fan-out threads; each thread has a {@link Shard} of its
 * own.
 */
final class InterestGroup {

  private final Interest interest;
  private final Interests interests;
  private final List<Shard> shards;
  private final List<Shard> ordinary;
  private final List<Shard> blocking; // for clients whose writes may block
  private volatile long
      matched; // cursor of the newest event it wants; written by appends, in order
  private volatile long matchedBefore = Long.MAX_VALUE; // what came before the group was known
  private int clients; // guarded by the interests

  InterestGroup(Interest interest, Interests interests, List<Lane> lanes) {
    this.interest = interest;
    this.interests = interests;
    this.shards = lanes.stream().map(lane -> new Shard(this, lane)).toList();
    this.ordinary = shards.stream().filter(shard -> !shard.fanOut().isBlocking()).toList();
    this.blocking = shards.stream().filter(shard -> shard.fanOut().isBlocking()).toList();
  }

  Interest interest() {
    return interest;
  }

  EventLog log() {
    return interests.log();
  }

  boolean matches(Frame frame) {
    return interest.matches(frame.channel());
  }

  /** A shard for one more client: on the thread that has the fewest. */
  Shard join() {
    Shard shard = ordinary.get(0);
    for (int i = 1; i < ordinary.size(); i++) {
      Shard other = ordinary.get(i);
      shard = other.lane().members().get() < shard.lane().members().get() ? other : shard;
    }
    return join(shard);
  }

  /**
   * A shard for one more client whose writes may block: on the same thread for all of one
   * connection, so that it blocks no other.
   *
   * @param connection a number of the client's connection
   */
  Shard join(int connection) {
    return join(blocking.get(Math.floorMod(connection, blocking.size())));
  }

  private static Shard join(Shard shard) {
    shard.lane().members().incrementAndGet();
    shard.members().incrementAndGet();
    return shard;
  }

  /** An event that the group wants was appended: one coalesced signal per thread with clients. */
  void appended(long cursor) {
    long previous = Math.max(matched, matchedBefore);
    matched = cursor;
    for (Shard shard : shards) {
      if (shard.members().get() > 0) {
        shard.wake(cursor, previous);
      }
    }
  }

  /** From now on the group is told of appends; all before the cursor may have concerned it. */
  void known(long cursor) {
    matchedBefore = cursor;
  }

  /**
   * How far a client at a cursor may go on without reading, since nothing there is for its group.
   */
  long skipQuiet(long cursor) {
    if (interest.isEverything()) {
      return cursor;
    }
    long announced = interests.announced(); // before the rest: every match up to it is known
    return cursor >= matched && cursor >= matchedBefore ? Math.max(cursor, announced) : cursor;
  }

  int enter() {
    return ++clients;
  }

  int leave() {
    return --clients;
  }
}
