package org.asynceventsource.stream;

import java.util.concurrent.atomic.AtomicInteger;

/** The limit on clients of all event sources of an application together. */
public final class Places {

  private final int limit;
  private final AtomicInteger taken = new AtomicInteger();

  /**
   * As many places as there may be clients.
   *
   * @param limit how many, at least 1
   */
  public Places(int limit) {
    this.limit = limit;
  }

  /** Takes a place, unless all are taken, which is logged. */
  boolean take() {
    if (taken.incrementAndGet() <= limit) {
      return true;
    }
    taken.decrementAndGet();
    Log.WARN.warn(
        "limits.clients",
        "setting 'eventsource.limits.clients' allows %d clients and all places are taken; more are told to come back later"
            .formatted(limit));
    return false;
  }

  void giveBack() {
    taken.decrementAndGet();
  }

  int limit() {
    return limit;
  }
}
