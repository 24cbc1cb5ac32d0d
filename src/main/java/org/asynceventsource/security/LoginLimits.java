package org.asynceventsource.security;

import java.time.Duration;
import java.util.List;
import org.asynceventsource.ConfigurationException;

/**
 * How whoever guesses passwords is held up.
 *
 * @param failures how many failures of one name from one address cost nothing; at least 1
 * @param shortest how long the pair is refused unseen after the next one; at least a millisecond
 * @param longest what doubling that with each further failure ends at, and how long failures are
 *     remembered
 */
public record LoginLimits(int failures, Duration shortest, Duration longest) {

  private static final Duration AT_LEAST = Duration.ofMillis(1);
  private static final Duration AT_MOST = Duration.ofDays(365);

  /** Five failures, then a second, up to five minutes. */
  public static final LoginLimits DEFAULT =
      new LoginLimits(5, Duration.ofSeconds(1), Duration.ofMinutes(5));

  /**
   * Checks the bounds.
   *
   * @param failures at least 1
   * @param shortest at least a millisecond
   * @param longest at least as long, and at most 365 days
   * @throws ConfigurationException if they can't be used
   */
  public LoginLimits {
    if (failures < 1
        || shortest.compareTo(AT_LEAST) < 0
        || longest.compareTo(shortest) < 0
        || longest.compareTo(AT_MOST) > 0) {
      throw new ConfigurationException(
          List.of(
              "logins may fail %d times and are then delayed by %s to %s, but must be allowed to fail at least once, and the delays must rise from at least a millisecond to at most 365 days"
                  .formatted(failures, shortest, longest)));
    }
  }
}
