package org.asynceventsource.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The clients of one interest group on one fan-out thread; woken when there is an event for them.
 *
 * <p>Everything but the number of members is confined to that thread.
 */
final class Shard extends Wakeable {

  private final InterestGroup group;
  private final Lane lane;
  private final List<StreamClient> clients = new ArrayList<>();
  private final AtomicInteger members = new AtomicInteger();

  // Written by the append that wakes it, handed over with the fan-out's stack.
  private long due;
  private long wokenBy;
  private long wokenAfter;

  private long tail; // as of the last look
  private long quietFrom; // between these two cursors there is nothing for the group
  private long quietTo;

  Shard(InterestGroup group, Lane lane) {
    super(lane.fanOut());
    this.group = group;
    this.lane = lane;
  }

  InterestGroup group() {
    return group;
  }

  Lane lane() {
    return lane;
  }

  /** How many clients have been given to this shard and have not left it. */
  AtomicInteger members() {
    return members;
  }

  /**
   * Wakes it for an event that its group wants.
   *
   * @param cursor the event's
   * @param previous the cursor of the event before it that the group wanted
   */
  void wake(long cursor, long previous) {
    if (claim()) {
      due = fanOut().lingerUntil();
      wokenBy = cursor;
      wokenAfter = previous;
      push();
    }
  }

  /** Begins a pass over its clients; from here on an append wakes it again. */
  void beginPass() {
    quietFrom = wokenAfter;
    quietTo = wokenBy - 1;
    taken();
    look();
  }

  /** When it is to be passed over; until then more events may come. */
  long due() {
    return due;
  }

  List<StreamClient> clients() {
    return clients;
  }

  void add(StreamClient client) {
    if (clients.isEmpty()) {
      lane.add(this);
    }
    client.index(clients.size());
    clients.add(client);
  }

  void remove(StreamClient client) {
    int index = client.index();
    StreamClient last = clients.remove(clients.size() - 1);
    if (last != client) {
      clients.set(index, last);
      last.index(index);
    }
    if (clients.isEmpty()) {
      lane.remove(this);
    }
  }

  /** A client has left, added or not. */
  void left() {
    members.decrementAndGet();
    lane.members().decrementAndGet();
  }

  /** Looks how far the history goes, once for all clients that are served now. */
  void look() {
    tail = group.log().tail();
  }

  /** How far clients get now. */
  long tail() {
    return tail;
  }

  /**
   * How far a client may go on without reading, since nothing there is for its group. So a client
   * whose channels are quiet isn't left behind by a history that turns over fast.
   */
  long skipQuiet(long cursor) {
    long quiet = cursor >= quietFrom ? Math.max(cursor, quietTo) : cursor;
    return group.skipQuiet(quiet);
  }
}
