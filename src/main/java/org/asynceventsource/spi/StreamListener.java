package org.asynceventsource.spi;

import java.util.OptionalLong;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;

/**
 * Learns what happens on one event source, for metrics and the like; every method does nothing
 * unless it is overridden.
 *
 * <p>Called by publishing threads and by those that write to the clients, several at once, on the
 * hottest path there is: a listener must be quick and must not block. What it throws is caught,
 * logged once per cause, and concerns no client.
 */
public interface StreamListener {

  /** A listener that does nothing. */
  StreamListener NONE = new StreamListener() {};

  /** What made a client too slow. */
  enum Slowness {
    /** It took no bytes for longer than it may. */
    STALLED,
    /** The history left it behind. */
    LAPPED,
    /** It was further behind, in events or bytes, than it may be. */
    LAGGING,
    /** What waits for single clients had reached its memory limit. */
    MEMORY
  }

  /**
   * An event was appended to the history.
   *
   * @param bytes its size on the wire
   */
  default void appended(int bytes) {}

  /**
   * A client's stream is open.
   *
   * @param client the client
   */
  default void opened(AsyncEventSourceClient client) {}

  /**
   * A client's stream has ended or is about to; called once per client that was opened.
   *
   * @param client the client
   * @param reason why
   */
  default void closed(AsyncEventSourceClient client, DisconnectReason reason) {}

  /**
   * One write to one client was handed to its container.
   *
   * @param events how many events it held; 0 for a heartbeat and other lines of protocol
   * @param bytes how many bytes it had
   * @param ageNanos how long ago the oldest of its events was appended; negative if none of them is
   *     from the history, or while the client has not caught up since it came
   */
  default void written(int events, int bytes, long ageNanos) {}

  /**
   * A client takes no more bytes for now.
   *
   * @param client the client
   */
  default void stalled(AsyncEventSourceClient client) {}

  /**
   * A client takes bytes again.
   *
   * @param client the client
   * @param nanos how long it took none
   */
  default void recovered(AsyncEventSourceClient client, long nanos) {}

  /**
   * A client is too slow; depending on the policy it is disconnected, or events are left out.
   *
   * @param client the client
   * @param why what made it so
   */
  default void slow(AsyncEventSourceClient client, Slowness why) {}

  /**
   * A client was told of history that it will not get.
   *
   * @param client the client
   * @param reason the reason as the client reads it, such as {@code trimmed}
   * @param lost how many events, if that is known
   */
  default void gap(AsyncEventSourceClient client, String reason, OptionalLong lost) {}

  /**
   * A client that resumed has caught up with the history.
   *
   * @param client the client
   * @param events how many events it was behind when it came
   * @param nanos how long that took
   */
  default void replayed(AsyncEventSourceClient client, long events, long nanos) {}
}
