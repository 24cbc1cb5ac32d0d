package org.asynceventsource.metrics;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.spi.StreamListener;

/**
 * Counts what happens on one event source, from its beginning. A write costs five additions without
 * a lock; nothing here waits or allocates.
 */
final class StreamMeter implements StreamListener {

  private final LongAdder appended = new LongAdder();
  private final LongAdder bytesAppended = new LongAdder();
  private final LongAdder opened = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder events = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder stalls = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder replays = new LongAdder();
  private final LongAdder replayed = new LongAdder();
  private final Map<String, LongAdder> closed = counters(DisconnectReason.values());
  private final Map<String, LongAdder> slow = counters(Slowness.values());
  private final Map<String, LongAdder> gaps = counters();
  private final LatencyHistogram latency = new LatencyHistogram();

  /** Counters by name; those of the constants are there from the beginning. */
  private static Map<String, LongAdder> counters(Enum<?>... constants) {
    Map<String, LongAdder> counters = new ConcurrentHashMap<>();
    for (Enum<?> constant : constants) {
      counters.put(Names.of(constant), new LongAdder());
    }
    return counters;
  }

  private static void count(Map<String, LongAdder> counters, String name) {
    counters.computeIfAbsent(name, absent -> new LongAdder()).increment();
  }

  @Override
  public void appended(int size) {
    appended.increment();
    bytesAppended.add(size);
  }

  @Override
  public void opened(AsyncEventSourceClient client) {
    opened.increment();
  }

  @Override
  public void closed(AsyncEventSourceClient client, DisconnectReason reason) {
    count(closed, Names.of(reason));
  }

  @Override
  public void written(int count, int size, long ageNanos) {
    writes.increment();
    events.add(count);
    bytes.add(size);
    if (ageNanos >= 0) {
      latency.record(ageNanos);
    }
  }

  @Override
  public void stalled(AsyncEventSourceClient client) {
    stalls.increment();
  }

  @Override
  public void slow(AsyncEventSourceClient client, Slowness why) {
    count(slow, Names.of(why));
  }

  @Override
  public void gap(AsyncEventSourceClient client, String reason, OptionalLong count) {
    count(gaps, reason);
    lost.add(count.orElse(0));
  }

  @Override
  public void replayed(AsyncEventSourceClient client, long count, long nanos) {
    replays.increment();
    replayed.add(count);
  }

  long eventsAppended() {
    return appended.sum();
  }

  long bytesAppended() {
    return bytesAppended.sum();
  }

  long opened() {
    return opened.sum();
  }

  long writes() {
    return writes.sum();
  }

  long eventsWritten() {
    return events.sum();
  }

  long bytesWritten() {
    return bytes.sum();
  }

  long stalls() {
    return stalls.sum();
  }

  long lost() {
    return lost.sum();
  }

  long replays() {
    return replays.sum();
  }

  long eventsReplayed() {
    return replayed.sum();
  }

  Map<String, Long> closed() {
    return sums(closed);
  }

  Map<String, Long> slow() {
    return sums(slow);
  }

  Map<String, Long> gaps() {
    return sums(gaps);
  }

  LatencyHistogram latency() {
    return latency;
  }

  private static Map<String, Long> sums(Map<String, LongAdder> counters) {
    Map<String, Long> sums = new TreeMap<>();
    counters.forEach((name, counter) -> sums.put(name, counter.sum()));
    return sums;
  }
}
