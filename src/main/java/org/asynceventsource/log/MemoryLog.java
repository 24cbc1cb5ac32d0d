package org.asynceventsource.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.log.Ring.Entry;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.spi.Resume;
import org.asynceventsource.spi.WarnOnce;
import org.asynceventsource.wire.EncodedEvent;
import org.asynceventsource.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A history in memory: a ring bounded by count, bytes and age, and gone with the process.
 *
 * <p>A cursor is the sequence number of the event behind it; the first event has number 1.
 * Appending takes one short lock; reading takes none and is told when it was lapped. Completion of
 * an append means that readers can see the event.
 */
public final class MemoryLog implements EventLog {

  /** Bytes that an event is reckoned to take besides its frame: objects, array header and slot. */
  public static final int EVENT_OVERHEAD = 96;

  /** Bytes that an own id is reckoned to take besides that: text and index. */
  public static final int OWN_ID_OVERHEAD = 160;

  private static final WarnOnce WARNINGS =
      new WarnOnce(System.getLogger(MemoryLog.class.getPackageName()));

  private final Bounds bounds;
  private final long ageNanos;
  private final LongSupplier nanoTime;
  private final SequenceIds ids = SequenceIds.create();
  private final OwnIds ownIds = new OwnIds(); // changed under the lock
  private final ReentrantLock lock = new ReentrantLock();

  // Written under the lock, read by all.
  private volatile Ring ring = Ring.create();
  private volatile long head;
  private volatile long tail;
  private volatile long appended; // bytes of all frames there ever were
  private volatile long bytes; // what is held

  // Guarded by the lock.
  private long held;
  private boolean closed;
  private @Nullable AppendListener listener;
  private @Nullable String ownIdAtHead;

  private MemoryLog(Bounds bounds, LongSupplier nanoTime) {
    this.bounds = bounds;
    this.nanoTime = nanoTime;
    ageNanos = bounds.ageNanos();
  }

  /**
   * How much is held; the oldest events go first. The newest event is held even if it alone is
   * larger than {@code bytes}, so that clients get it.
   *
   * @param events the most events, 1 to 2<sup>30</sup>
   * @param bytes the most bytes, at least 1: frames, and for each event {@link #EVENT_OVERHEAD},
   *     with an own id {@link #OWN_ID_OVERHEAD} too
   * @param age how long an event is held, counted by a clock that nobody sets; zero for no limit
   */
  public record Bounds(int events, long bytes, Duration age) {

    private static final int MAX_EVENTS = 1 << 30;

    /**
     * Checks the values.
     *
     * @param events the most events
     * @param bytes the most bytes
     * @param age how long an event is held
     * @throws ConfigurationException if one is out of range
     */
    public Bounds {
      List<String> mistakes = new ArrayList<>();
      if (events < 1 || events > MAX_EVENTS) {
        mistakes.add("history events is '%d' but must be 1 to %d".formatted(events, MAX_EVENTS));
      }
      if (bytes < 1) {
        mistakes.add("history bytes is '%d' but must be at least 1".formatted(bytes));
      }
      if (age.isNegative()) {
        mistakes.add("history age is '%s' but must be positive, or 0 for no limit".formatted(age));
      }
      if (!mistakes.isEmpty()) {
        throw new ConfigurationException(mistakes);
      }
    }

    /** The age; nearly three centuries, all that the clock can tell, if it is more or no limit. */
    private long ageNanos() {
      Duration longest = Duration.ofNanos(Long.MAX_VALUE);
      return age.isZero() || age.compareTo(longest) > 0 ? Long.MAX_VALUE : age.toNanos();
    }
  }

  /**
   * An empty history.
   *
   * @param bounds how much it holds
   * @return the log
   */
  public static MemoryLog create(Bounds bounds) {
    return create(bounds, System::nanoTime);
  }

  /**
   * An empty history with a clock of its own.
   *
   * @param bounds how much it holds
   * @param nanoTime the clock that ages are counted by, as {@link System#nanoTime()}
   * @return the log
   */
  public static MemoryLog create(Bounds bounds, LongSupplier nanoTime) {
    return new MemoryLog(bounds, nanoTime);
  }

  @Override
  public CompletionStage<String> append(EncodedEvent event) {
    event.ownId().ifPresent(this::requireForeign);
    lock.lock();
    try {
      if (closed) {
        return CompletableFuture.failedFuture(
            new EventSourceException(
                "the event was not kept, because the history is closed; send before the stop"));
      }
      return CompletableFuture.completedFuture(store(event));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean claims(String id) {
    return SequenceIds.isShaped(id);
  }

  private void requireForeign(String ownId) {
    if (claims(ownId)) {
      throw new InvalidEventException(
          "event id '%s' looks like one that the history assigns; give it another form"
              .formatted(ownId));
    }
  }

  private String store(EncodedEvent event) {
    long sequence = tail + 1;
    String id = ids.of(sequence);
    long now = nanoTime.getAsLong();
    Frame frame = event.frame(id, now);
    dropExpired(now);
    makeRoom(footprint(frame));
    occupy(footprint(frame));
    long end = appended + frame.size();
    ring.put(new Entry(sequence, end, frame));
    appended = end;
    String ownId = frame.ownId().orElse(null);
    if (ownId != null) {
      ownIds.add(ownId, sequence);
    }
    tail = sequence;
    tell(frame, sequence);
    return ownId == null ? id : ownId;
  }

  private void occupy(long change) {
    held += change;
    bytes = held;
  }

  private void makeRoom(long added) {
    while (head < tail && (tail - head == bounds.events() || bytes + added > bounds.bytes())) {
      dropOldest();
    }
    if (tail - head == ring.length()) {
      ring = ring.grown();
    }
  }

  private void dropExpired(long now) {
    while (head < tail && now - oldest().frame().appendedAt() > ageNanos) {
      dropOldest();
    }
  }

  private void dropOldest() {
    Entry oldest = oldest();
    Frame frame = oldest.frame();
    head = oldest.sequence();
    ring.clear(oldest.sequence());
    occupy(-footprint(frame));
    // The id of the last event dropped is still exact: what follows it is held. So it goes last.
    if (ownIdAtHead != null) {
      ownIds.removeFirst(ownIdAtHead);
    }
    ownIdAtHead = frame.ownId().orElse(null);
  }

  private Entry oldest() {
    return Objects.requireNonNull(ring.get(head + 1));
  }

  private static long footprint(Frame frame) {
    return (long) frame.size() + EVENT_OVERHEAD + (frame.ownId().isPresent() ? OWN_ID_OVERHEAD : 0);
  }

  /** Under the lock, so that it is told in order; a listener that fails hurts no publisher. */
  private void tell(Frame frame, long sequence) {
    if (listener == null) {
      return;
    }
    try {
      listener.appended(frame, sequence);
    } catch (RuntimeException e) {
      WARNINGS.warn("listener", "the listener of a history failed; clients may be late", e);
    }
  }

  @Override
  public Resume locate(String id) {
    dropExpiredUnlessBusy();
    OptionalLong own = ownIds.first(id);
    OptionalLong sequence = own.isPresent() ? own : ids.parse(id);
    if (sequence.isEmpty()) {
      return new Resume.Gap(tail, OptionalLong.empty(), Resume.Reason.UNKNOWN);
    }
    return resumeBehind(sequence.getAsLong());
  }

  private Resume resumeBehind(long sequence) {
    long end = tail;
    if (sequence > end) {
      return new Resume.Gap(end, OptionalLong.empty(), Resume.Reason.FUTURE);
    }
    long begin = head;
    return sequence >= begin
        ? new Resume.Exact(sequence)
        : new Resume.Gap(begin, OptionalLong.of(begin - sequence), Resume.Reason.TRIMMED);
  }

  @Override
  public long head() {
    dropExpiredUnlessBusy();
    return head;
  }

  @Override
  public long tail() {
    return tail;
  }

  @Override
  public String idAt(long cursor) {
    return ids.of(cursor);
  }

  @Override
  public long read(long cursor, long limit, FrameSink sink) {
    dropExpiredUnlessBusy();
    long end = Math.min(limit, tail);
    Ring held = ring; // after the tail: it has all that was visible then
    long passed = cursor;
    while (passed < end) {
      Entry entry = held.get(passed + 1);
      if (entry == null) {
        return passed == cursor ? LAPPED : passed;
      }
      if (!sink.offer(entry.frame())) {
        return passed;
      }
      passed++;
    }
    return passed;
  }

  /** Ages are enforced without appends too; an append under way does it itself. */
  private void dropExpiredUnlessBusy() {
    Entry oldest = ring.get(head + 1);
    if (oldest == null || nanoTime.getAsLong() - oldest.frame().appendedAt() <= ageNanos) {
      return;
    }
    if (lock.tryLock()) {
      try {
        dropExpired(nanoTime.getAsLong());
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public long bytesBehind(long cursor) {
    Entry next = ring.get(cursor + 1);
    if (next != null) {
      return appended - next.end() + next.frame().size();
    }
    return cursor < head ? Long.MAX_VALUE : 0;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void listen(AppendListener listener) {
    lock.lock();
    try {
      if (this.listener != null) {
        throw new IllegalStateException("the history has a listener already; it takes one");
      }
      this.listener = listener;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      head = tail;
      ring = Ring.create();
      ownIds.clear();
      ownIdAtHead = null;
      occupy(-held);
    } finally {
      lock.unlock();
    }
  }
}
