package org.asynceventsource.spi;

/** What can be read off an event source at any moment, by any thread; every answer is quick. */
public interface StreamGauges {

  /**
   * How many clients are open.
   *
   * @return at least 0
   */
  int clients();

  /**
   * How far the slowest client that takes no bytes is behind the history's end.
   *
   * @return events; 0 if every client takes bytes
   */
  long slowestLag();

  /**
   * The cursor before the oldest event held; with {@link #tail()} it tells how many are held.
   *
   * @return at most {@link #tail()}
   */
  long head();

  /**
   * The cursor of the newest event, which is the number of events appended so far.
   *
   * @return at least 0
   */
  long tail();

  /**
   * What the history takes.
   *
   * @return bytes
   */
  long historyBytes();

  /**
   * What waits for single clients, in queues of ours and in containers' buffers.
   *
   * @return bytes
   */
  long pendingBytes();

  /**
   * The most that may wait for single clients before the slowest are disconnected.
   *
   * @return bytes
   */
  long pendingLimit();
}
