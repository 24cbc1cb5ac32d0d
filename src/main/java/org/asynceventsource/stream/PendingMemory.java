package org.asynceventsource.stream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits for single clients of one event source: direct events, and what containers hold of the
 * last write. The history isn't in it, which all clients share and which has a bound of its own.
 */
final class PendingMemory {

  private final long limit;
  private final AtomicLong bytes = new AtomicLong();

  PendingMemory(long limit) {
    this.limit = limit;
  }

  void add(long more) {
    bytes.addAndGet(more);
  }

  /** Takes room for bytes, unless that would be more than the limit. */
  boolean tryAdd(long more) {
    if (bytes.addAndGet(more) <= limit) {
      return true;
    }
    bytes.addAndGet(-more);
    return false;
  }

  boolean isOver() {
    return bytes.get() > limit;
  }

  long bytes() {
    return bytes.get();
  }

  long limit() {
    return limit;
  }
}
