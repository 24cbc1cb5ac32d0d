package org.asynceventsource.stream;

import java.time.Duration;
import java.util.Set;

/**
 * How an event source treats its clients.
 *
 * @param maxDirect how many direct events may wait per client
 * @param stalled how long a client may be not ready before it is disconnected
 * @param heartbeat how long a stream may be silent; zero turns heartbeats off
 * @param lifetime how long a stream may last; zero for as long as it likes
 * @param retryMin the least reconnect time given to a client at shutdown
 * @param retryMax the greatest reconnect time given to a client at shutdown
 * @param gapEvent the name of the event that tells a client of lost history
 * @param hello whether a fresh client gets its resume point with an event instead of an id alone
 * @param roles the roles that are asked for and kept when a client connects; immutable
 */
public record StreamOptions(
    int maxDirect,
    Duration stalled,
    Duration heartbeat,
    Duration lifetime,
    Duration retryMin,
    Duration retryMax,
    String gapEvent,
    boolean hello,
    Set<String> roles) {

  /** The shipped values. */
  public static final StreamOptions DEFAULTS =
      new StreamOptions(
          256,
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          Duration.ZERO,
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          "eventsource.gap",
          false,
          Set.of());
}
