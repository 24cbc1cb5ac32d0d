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

  boolean take() {
    if (taken.incrementAndGet() <= limit) {
      return true;
    }
    taken.decrementAndGet();
    return false;
  }

  void giveBack() {
    taken.decrementAndGet();
  }

  int limit() {
    return limit;
  }
}
