package org.asynceventsource.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.wire.Frame;
import org.asynceventsource.wire.FrameBatch;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one interest group on one fan-out thread.
 *
 * <p>Everything but the wake-up mark and the slowest cursor is confined to that thread.
 */
final class Shard {

  /** The most bytes in one write; larger ones gain nothing and cost fairness. */
  static final int MAX_BATCH_BYTES = 64 * 1024;

  /** How many joined buffers are remembered during a pass: bounds it to 4 MB. */
  private static final int MAX_JOINED = 64;

  /** Frames joined once for all clients at a cursor; {@code batch} is null if none matched. */
  record Joined(@Nullable FrameBatch batch, long cursor) {}

  private final InterestGroup group;
  private final FanOut fanOut;
  private final List<StreamClient> clients = new ArrayList<>();
  private final Map<Long, Joined> joined =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Joined> eldest) {
          return size() > MAX_JOINED;
        }
      };
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile long slowestBlocked = Long.MAX_VALUE; // written by the fan-out thread
  private long tail; // as of the current pass

  Shard(InterestGroup group, FanOut fanOut) {
    this.group = group;
    this.fanOut = fanOut;
  }

  FanOut fanOut() {
    return fanOut;
  }

  void wake() {
    if (!woken.get() && !woken.getAndSet(true)) {
      fanOut.signal();
    }
  }

  boolean takeWakeUp() {
    return woken.get() && woken.getAndSet(false);
  }

  boolean isWoken() {
    return woken.get();
  }

  void retire() {
    fanOut.abandon(this);
  }

  long slowestBlocked() {
    return slowestBlocked;
  }

  void noteBlocked(long cursor) {
    if (cursor < slowestBlocked) {
      slowestBlocked = cursor;
    }
  }

  void slowestBlocked(long cursor) {
    slowestBlocked = cursor;
  }

  List<StreamClient> clients() {
    return clients;
  }

  void add(StreamClient client) {
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
  }

  /** Begins a pass: what was joined before is forgotten, and the tail is read once. */
  void beginPass() {
    joined.clear();
    tail = group.log().tail();
  }

  void endPass() {
    joined.clear();
  }

  long tail() {
    return tail;
  }

  /**
   * The frames from a cursor on, as one batch.
   *
   * @return the batch and the cursor behind it, or {@code null} if the cursor has been lapped
   */
  @Nullable Joined from(long cursor, long limit) {
    if (limit != tail) {
      return join(cursor, limit);
    }
    Joined known = joined.get(cursor);
    if (known == null) {
      known = join(cursor, limit);
      if (known != null) {
        joined.put(cursor, known);
      }
    }
    return known;
  }

  private @Nullable Joined join(long cursor, long limit) {
    Collector collector = new Collector(group);
    long next = group.log().read(cursor, limit, collector);
    if (next == EventLog.LAPPED) {
      return null;
    }
    return new Joined(collector.frames.isEmpty() ? null : FrameBatch.of(collector.frames), next);
  }

  /** Collects matching frames up to the size of one write; the first is taken whatever its size. */
  private static final class Collector implements EventLog.FrameSink {

    private final InterestGroup group;
    private final List<Frame> frames = new ArrayList<>();
    private int bytes;

    Collector(InterestGroup group) {
      this.group = group;
    }

    @Override
    public boolean offer(Frame frame) {
      if (!group.matches(frame)) {
        return true;
      }
      if (!frames.isEmpty() && bytes + frame.size() > MAX_BATCH_BYTES) {
        return false;
      }
      bytes += frame.size();
      frames.add(frame);
      return true;
    }
  }
}
