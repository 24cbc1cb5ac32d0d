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
  private long due; // written by the waking thread, before the fan-out thread is given it
  private long tail; // as of the last look

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

  @Override
  void waking() {
    due = fanOut().lingerUntil();
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
}
