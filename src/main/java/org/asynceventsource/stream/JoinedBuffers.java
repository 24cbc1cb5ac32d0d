package org.asynceventsource.stream;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.wire.Frame;
import org.asynceventsource.wire.FrameBatch;
import org.jspecify.annotations.Nullable;

/**
 * Frames joined to single writes, each once for all clients of a group that are at the same cursor:
 * those that keep up, and those that catch up side by side. Confined to one fan-out thread.
 */
final class JoinedBuffers {

  /** The most bytes in one write; larger ones gain nothing and cost fairness. */
  static final int MAX_BATCH_BYTES = 64 * 1024;

  /** How many are remembered: bounds it to 4 MB and the events that are larger than a write. */
  private static final int MAX_REMEMBERED = 64;

  private static final long NOT_CONFLATED = -1;

  /**
   * Frames joined for all clients at a cursor.
   *
   * @param batch the frames; absent if none was for them
   * @param cursor the cursor behind them
   * @param full whether more would not have fitted, so that later events change nothing
   */
  record Joined(@Nullable FrameBatch batch, long cursor, boolean full) {

    /** Whether joining again, up to a cursor, would give the same. */
    boolean holdsUpTo(long limit) {
      return cursor == limit || (full && cursor < limit);
    }
  }

  /** Where conflated frames end matters, since every later event may make one out of date. */
  private record Place(InterestGroup group, long cursor, long conflatedTo) {

    boolean isConflated() {
      return conflatedTo != NOT_CONFLATED;
    }
  }

  private final Map<Place, Joined> remembered =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Joined> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  // What was asked for last; in a pass over clients that keep up it is asked for by all of them.
  private @Nullable InterestGroup lastGroup;
  private long lastCursor;
  private @Nullable Joined last;

  void clear() {
    remembered.clear();
    lastGroup = null;
    last = null;
  }

  /**
   * The frames from a cursor on, up to another one or the size of a write.
   *
   * @return the frames, or {@code null} if the history has left the cursor behind
   */
  @Nullable Joined from(InterestGroup group, long cursor, long limit) {
    Joined known = last;
    if (known != null && lastGroup == group && lastCursor == cursor && known.holdsUpTo(limit)) {
      return known;
    }
    Joined joined = remembered(new Place(group, cursor, NOT_CONFLATED), limit);
    lastGroup = group;
    lastCursor = cursor;
    last = joined;
    return joined;
  }

  /** As {@link #from}, without events that a later one with the same key makes out of date. */
  @Nullable Joined conflated(InterestGroup group, long cursor, long limit) {
    return remembered(new Place(group, cursor, limit), limit);
  }

  private @Nullable Joined remembered(Place place, long limit) {
    Joined known = remembered.get(place);
    if (known != null && known.holdsUpTo(limit)) {
      return known;
    }
    Joined joined = place.isConflated() ? conflate(place, limit) : join(place, limit);
    if (joined != null) {
      remembered.put(place, joined);
    }
    return joined;
  }

  private static @Nullable Joined join(Place place, long limit) {
    Collector collector = new Collector(place.group());
    long next = place.group().log().read(place.cursor(), limit, collector);
    return next == EventLog.LAPPED ? null : collector.joined(next);
  }

  private static @Nullable Joined conflate(Place place, long limit) {
    List<Frame> frames = new ArrayList<>();
    long end = place.group().log().read(place.cursor(), limit, frame -> frames.add(frame));
    if (end == EventLog.LAPPED) {
      return null;
    }
    boolean[] outdated = outdated(frames);
    Collector collector = new Collector(place.group());
    for (int i = 0; i < frames.size(); i++) {
      if (!outdated[i] && !collector.offer(frames.get(i))) {
        return collector.joined(place.cursor() + i);
      }
    }
    return collector.joined(end);
  }

  private static boolean[] outdated(List<Frame> frames) {
    boolean[] outdated = new boolean[frames.size()];
    Set<List<String>> newer = new HashSet<>();
    for (int i = frames.size() - 1; i >= 0; i--) {
      Frame frame = frames.get(i);
      String key = frame.key();
      outdated[i] = key != null && !newer.add(List.of(frame.channel(), key));
    }
    return outdated;
  }

  /** Collects matching frames up to the size of one write; the first is taken whatever its size. */
  private static final class Collector implements EventLog.FrameSink {

    private final InterestGroup group;
    private final List<Frame> frames = new ArrayList<>();
    private int bytes;
    private boolean full;

    Collector(InterestGroup group) {
      this.group = group;
    }

    @Override
    public boolean offer(Frame frame) {
      if (!group.matches(frame)) {
        return true;
      }
      if (!frames.isEmpty() && bytes + frame.size() > MAX_BATCH_BYTES) {
        full = true;
        return false;
      }
      bytes += frame.size();
      frames.add(frame);
      return true;
    }

    Joined joined(long cursor) {
      return new Joined(frames.isEmpty() ? null : FrameBatch.of(frames), cursor, full);
    }
  }
}
