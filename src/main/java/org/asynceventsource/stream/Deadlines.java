package org.asynceventsource.stream;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The moments at which one stream needs attention though nothing happens; each client has its own
 * jitter, so that many clients never act at once. Times are nanoseconds of one monotonic clock.
 */
record Deadlines(long opened, long heartbeat, long lifetime) {

  /** How long a stream that is to end may take to accept what is pending. */
  static final long GOODBYE_NANOS = Duration.ofMillis(1_500).toNanos();

  private static final double JITTER = 0.1;

  static Deadlines of(StreamOptions options, long now) {
    return new Deadlines(now, jittered(options.heartbeat()), jittered(options.lifetime()));
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

  /** Whether a client that takes nothing has had its time to take the end of its stream. */
  static boolean goodbyeOver(long blockedSince, long closingSince, long now) {
    return now - blockedSince >= GOODBYE_NANOS && now - closingSince >= GOODBYE_NANOS;
  }
}
