package org.asynceventsource.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.wire.Frame;

/**
 * The interest groups of one event source, found by channel: an append costs as much as there are
 * groups that want it, however many others there are.
 */
final class Interests {

  private final EventLog log;
  private final List<Lane> lanes;
  private final InterestGroup everything;
  private final Map<Interest, InterestGroup> groups = new HashMap<>(); // guarded by this
  private final Set<InterestGroup> selective = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<InterestGroup>> byChannel = new ConcurrentHashMap<>();
  private volatile long announced; // cursor of the newest event that every group was told of

  Interests(EventLog log, List<Lane> lanes) {
    this.log = log;
    this.lanes = lanes;
    this.everything = new InterestGroup(Interest.EVERYTHING, this, lanes);
  }

  EventLog log() {
    return log;
  }

  long announced() {
    return announced;
  }

  /** The group for one more client; made if this is the first with such an interest. */
  InterestGroup enter(Interest interest) {
    if (interest.isEverything()) {
      return everything;
    }
    synchronized (this) {
      InterestGroup group = groups.get(interest);
      if (group == null) {
        group = create(interest);
      }
      group.enter();
      return group;
    }
  }

  private InterestGroup create(Interest interest) {
    InterestGroup group = new InterestGroup(interest, this, lanes);
    groups.put(interest, group);
    selective.add(group);
    for (String channel : interest.channels()) {
      byChannel.computeIfAbsent(channel, any -> ConcurrentHashMap.newKeySet()).add(group);
    }
    group.known(log.tail());
    return group;
  }

  /** A client has gone; its group goes with the last one. */
  void leave(InterestGroup group) {
    if (group == everything) {
      return;
    }
    synchronized (this) {
      if (group.leave() > 0) {
        return;
      }
      groups.remove(group.interest());
      selective.remove(group);
      for (String channel : group.interest().channels()) {
        byChannel.computeIfPresent(
            channel, (any, wanting) -> wanting.remove(group) && wanting.isEmpty() ? null : wanting);
      }
    }
  }

  /** Wakes the groups that want an event. Called by appends, one at a time and in order. */
  void appended(Frame frame, long cursor) {
    everything.appended(cursor);
    Set<InterestGroup> wanting =
        frame.channel().isEmpty() ? selective : byChannel.getOrDefault(frame.channel(), Set.of());
    for (InterestGroup group : wanting) {
      group.appended(cursor);
    }
    announced = cursor;
  }
}
