package org.asynceventsource.metrics;

import java.util.Map;

/**
 * One event source as JMX shows it: {@code
 * org.asynceventsource:type=EventSource,context=/shop,path=/prices}.
 *
 * <p>Counters begin with the event source and only grow; sizes are in bytes, times in microseconds.
 */
public interface EventSourceMXBean {

  /**
   * How many clients are open.
   *
   * @return a gauge
   */
  int getClients();

  /**
   * How many clients were opened.
   *
   * @return a counter
   */
  long getClientsOpened();

  /**
   * How many clients' streams have ended.
   *
   * @return counters by reason: {@code gone}, {@code closed}, {@code slow}, {@code lifetime},
   *     {@code revoked}, {@code shutdown}
   */
  Map<String, Long> getClientsClosed();

  /**
   * How many events were appended to the history.
   *
   * @return a counter
   */
  long getEventsAppended();

  /**
   * How many bytes the appended events have on the wire, each counted once.
   *
   * @return a counter
   */
  long getBytesAppended();

  /**
   * How many writes were handed to the container, heartbeats and the like included.
   *
   * @return a counter
   */
  long getWrites();

  /**
   * How many events were written, each counted for every client.
   *
   * @return a counter
   */
  long getEventsWritten();

  /**
   * How many bytes were written.
   *
   * @return a counter
   */
  long getBytesWritten();

  /**
   * How many events a write had on average.
   *
   * @return a ratio of two counters; 0 without writes
   */
  double getEventsPerWrite();

  /**
   * How often a client took no more bytes for a while.
   *
   * @return a counter
   */
  long getStalls();

  /**
   * How often a client was too slow, so that it was disconnected or events were left out.
   *
   * @return counters by cause: {@code stalled}, {@code lapped}, {@code lagging}, {@code memory}
   */
  Map<String, Long> getSlow();

  /**
   * How often a client was told of a gap.
   *
   * @return counters by reason: {@code trimmed}, {@code unknown}, {@code future}, {@code skipped};
   *     one that never occurred is missing
   */
  Map<String, Long> getGaps();

  /**
   * How many events clients missed by gaps, where that is known.
   *
   * @return a counter
   */
  long getEventsLost();

  /**
   * How often a client that resumed has caught up.
   *
   * @return a counter
   */
  long getReplays();

  /**
   * How many events clients were behind when they resumed.
   *
   * @return a counter
   */
  long getEventsReplayed();

  /**
   * How many events the slowest client that takes no bytes is behind.
   *
   * @return a gauge
   */
  long getSlowestLag();

  /**
   * How many events the history has lost or forgotten: the number of the last one before it begins.
   *
   * @return a gauge
   */
  long getHistoryHead();

  /**
   * The number of the newest event in the history.
   *
   * @return a gauge
   */
  long getHistoryTail();

  /**
   * What the history takes.
   *
   * @return a gauge, bytes
   */
  long getHistoryBytes();

  /**
   * What waits for single clients, in queues and in the container's buffers.
   *
   * @return a gauge, bytes
   */
  long getPendingBytes();

  /**
   * The most that may wait for single clients, as the setting {@code eventsource.limits.pending}
   * has it.
   *
   * @return bytes
   */
  long getPendingLimit();

  /**
   * How many writes the latencies are of: those with events of the history, but no replays.
   *
   * @return a counter, until the latencies are reset
   */
  long getLatencyCount();

  /**
   * The median of the latency: from publishing the oldest event of a write until the write.
   * Replayed events count too.
   *
   * @return microseconds, rounded up by 4 % at most; 0 without writes
   */
  long getLatencyP50();

  /**
   * The latency that 99 of 100 writes don't exceed.
   *
   * @return microseconds
   */
  long getLatencyP99();

  /**
   * The longest latency.
   *
   * @return microseconds
   */
  long getLatencyMax();

  /**
   * How often a listener of the application's has failed.
   *
   * @return a counter
   */
  long getListenerFailures();

  /** Forgets all latencies so far. */
  void resetLatency();
}
