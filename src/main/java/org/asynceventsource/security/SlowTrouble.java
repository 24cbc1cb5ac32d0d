package org.asynceventsource.security;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Keeps threads from waiting, one after the other, for something that takes long to fail: after
 * such a failure everybody is refused at once for a moment, and then until somebody who tried has
 * met with success.
 *
 * <p>Who was waiting already, when the first one failed, isn't called back. Safe for use by several
 * threads.
 */
final class SlowTrouble {

  private static final long SLOW = Duration.ofMillis(500).toNanos();
  private static final long MOMENT = Duration.ofSeconds(1).toNanos();

  private final LongSupplier clock;
  private final AtomicBoolean probing = new AtomicBoolean(); // somebody tries whether it is over
  private volatile boolean lasts;
  private volatile long retryAt; // while it lasts

  SlowTrouble(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * Lets somebody try, who has to {@link #leave(boolean) leave} afterwards.
   *
   * @return whether it is the one who tries whether the trouble is over
   * @throws IdentitiesUnavailableException if it isn't worth trying now
   */
  boolean enter() {
    if (!lasts) {
      return false;
    }
    if (clock.getAsLong() - retryAt >= 0 && probing.compareAndSet(false, true)) {
      return true;
    }
    throw new IdentitiesUnavailableException("the database of users didn't answer a moment ago");
  }

  void leave(boolean wasProbing) {
    if (wasProbing) {
      probing.set(false);
    }
  }

  /** An attempt that began then has failed. */
  void failed(long begin) {
    long now = clock.getAsLong();
    if (lasts || now - begin >= SLOW) {
      retryAt = now + MOMENT;
      lasts = true;
    }
  }

  /** An attempt has met with success. */
  void isOver() {
    lasts = false;
  }
}
