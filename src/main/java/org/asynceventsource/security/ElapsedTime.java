package org.asynceventsource.security;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that nobody sets: it began at the epoch when it was made, and never goes back. Any
 * thread.
 *
 * <p>Nonces don't outlive the process, so they need no date; a wall clock that is set back would
 * make every new one look forgotten, and every login stale, until it has caught up.
 */
final class ElapsedTime implements InstantSource {

  private final long begin = System.nanoTime();

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(System.nanoTime() - begin);
  }
}
