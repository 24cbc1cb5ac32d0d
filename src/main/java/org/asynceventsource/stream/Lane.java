package org.asynceventsource.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynceventsource.spi.StreamListener.Slowness;

/**
 * The clients of one event source on one fan-out thread, in a {@link Shard} for each interest.
 *
 * <p>Confined to that thread, but for the number of clients and the slowest cursor.
 */
final class Lane {

  private final FanOut fanOut;
  private final PendingMemory pending;
  private final Set<Shard> shards = new LinkedHashSet<>(); // those with clients
  private final AtomicInteger members = new AtomicInteger();
  private volatile long slowestBlocked = Long.MAX_VALUE; // written by the fan-out thread

  Lane(FanOut fanOut, PendingMemory pending) {
    this.fanOut = fanOut;
    this.pending = pending;
    fanOut.adopt(this);
  }

  FanOut fanOut() {
    return fanOut;
  }

  /** How many clients have been given to this thread and have not left it. */
  AtomicInteger members() {
    return members;
  }

  void add(Shard shard) {
    shards.add(shard);
  }

  void remove(Shard shard) {
    shards.remove(shard);
  }

  /** The cursor of the slowest client that takes no bytes; the greatest number if all take some. */
  long slowestBlocked() {
    return slowestBlocked;
  }

  void noteBlocked(long cursor) {
    if (cursor < slowestBlocked) {
      slowestBlocked = cursor;
    }
  }

  /** Looks at what time has made due. */
  void sweep() {
    for (Shard shard : List.copyOf(shards)) {
      shard.look();
      new ArrayList<>(shard.clients()).forEach(fanOut::lookAfter);
    }
    long slowest = Long.MAX_VALUE;
    for (StreamClient client : blocked()) {
      slowest = Math.min(slowest, client.cursor());
    }
    slowestBlocked = slowest;
  }

  /** If too much memory waits for clients, disconnects the slowest until it is enough. */
  void relieve() {
    if (!pending.isOver()) {
      return;
    }
    List<StreamClient> blocked = blocked();
    blocked.sort(Comparator.comparingLong(StreamClient::cursor));
    for (StreamClient client : blocked) {
      if (!pending.isOver()) {
        return;
      }
      client.drop(Slowness.MEMORY);
      fanOut.lookAfter(client); // ends it, since it takes nothing
      fanOut.serve(client); // takes it out, so that its memory counts as free
    }
  }

  private List<StreamClient> blocked() {
    List<StreamClient> blocked = new ArrayList<>();
    for (Shard shard : shards) {
      for (StreamClient client : shard.clients()) {
        if (client.isBlocked()) {
          blocked.add(client);
        }
      }
    }
    return blocked;
  }

  /** Leaves the fan-out thread. */
  void retire() {
    fanOut.abandon(this);
  }
}
