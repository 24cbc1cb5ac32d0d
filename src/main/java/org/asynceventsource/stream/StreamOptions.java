package org.asynceventsource.stream;

import java.time.Duration;
import java.util.Set;
import org.asynceventsource.SlowClients;

/**
 * How an event source treats its clients.
 *
 * @param maxDirect how many direct events may wait per client
 * @param maxPending how many bytes may wait for single clients, all together
 * @param slow what becomes of slow clients unless the application says otherwise
 * @param heartbeat how long a stream may be silent; zero turns heartbeats off
 * @param lifetime how long a stream may last; zero for as long as it likes
 * @param retryMin the least reconnect time given to a client at shutdown
 * @param retryMax the greatest reconnect time given to a client at shutdown
 * @param gapEvent the name of the event that tells a client of lost history
 * @param hello whether a fresh client gets its resume point with an event instead of an id alone
 * @param recheck how long a client may go unasked whether it may still read; zero for ever
 * @param roles the roles that are asked for and kept when a client connects; immutable
 */
public record StreamOptions(
    int maxDirect,
    long maxPending,
    SlowClients slow,
    Duration heartbeat,
    Duration lifetime,
    Duration retryMin,
    Duration retryMax,
    String gapEvent,
    boolean hello,
    Duration recheck,
    Set<String> roles) {

  /** The shipped values. */
  public static final StreamOptions DEFAULTS =
      new StreamOptions(
          256,
          64L << 20,
          SlowClients.DEFAULT,
          Duration.ofSeconds(15),
          Duration.ZERO,
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          "eventsource.gap",
          false,
          Duration.ofSeconds(15),
          Set.of());
}
