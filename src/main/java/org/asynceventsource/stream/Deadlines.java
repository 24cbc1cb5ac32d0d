package org.asynceventsource.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The moments at which one stream needs attention though nothing happens; each client has its own
 * jitter, so that many clients never act at once. Times are nanoseconds of one monotonic clock.
 */
record Deadlines(long opened, long heartbeat, long lifetime, long login) {

  /**
   * How long a stream that is to end may take nothing of what is pending: half of the two seconds
   * for an undeployment, since the container has work of its own to do in them.
   */
  static final long GOODBYE_NANOS = Duration.ofSeconds(1).toNanos();

  private static final double JITTER = 0.1;

  static Deadlines of(StreamOptions options, Visitor visitor, long now) {
    return new Deadlines(
        now,
        jittered(options.heartbeat()),
        jittered(options.lifetime()),
        visitor.expiresAt().map(Deadlines::nanosUntil).orElse(Long.MAX_VALUE));
  }

  private static long nanosUntil(Instant time) {
    try {
      return Math.max(0, Duration.between(Instant.now(), time).toNanos());
    } catch (ArithmeticException centuries) {
      return Long.MAX_VALUE;
    }
  }

  /** Up to a tenth less than the duration. */
  private static long jittered(Duration duration) {
    return (long) (duration.toNanos() * (1 - JITTER * ThreadLocalRandom.current().nextDouble()));
  }

  boolean heartbeatDue(long lastWrite, long now) {
    return heartbeat > 0 && now - lastWrite >= heartbeat;
  }

  boolean lifetimeOver(long now) {
    return lifetime > 0 && now - opened >= lifetime;
  }

  /** Whether the login that the stream was opened with has ended by itself. */
  boolean loginOver(long now) {
    return now - opened >= login;
  }

  /** Whether a client that takes nothing has had its time to take the end of its stream. */
  static boolean goodbyeOver(long blockedSince, long closingSince, long now) {
    return now - blockedSince >= GOODBYE_NANOS && now - closingSince >= GOODBYE_NANOS;
  }
}
