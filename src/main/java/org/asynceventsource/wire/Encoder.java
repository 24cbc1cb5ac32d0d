package org.asynceventsource.wire;

import org.asynceventsource.ServerSentEvent;

/**
 * Makes text/event-stream bytes (WHATWG HTML §9.2.6); the only class that does.
 *
 * <p>UTF-8, LF, every event ends with an empty line; {@code data: } always with the space and one
 * such line per line of data, split at CR, LF and CRLF; unpaired surrogates become U+FFFD.
 * Stateless; any thread.
 */
public final class Encoder {

  private Encoder() {}

  /**
   * Encodes an event.
   *
   * @param event the event
   * @param channel the channel it belongs to; empty for the event source's only one
   * @return the bytes without an id, or with the event's own
   */
  public static EncodedEvent event(ServerSentEvent event, String channel) {
    throw new UnsupportedOperationException(event + channel);
  }

  /**
   * Encodes an event of the event source itself, whose name may be a reserved one.
   *
   * @param name the event name, without line ends
   * @param data the data
   * @param id the id to go on from: at most 64 of {@code [A-Za-z0-9._~-]}
   * @return the frame
   */
  public static Frame ownEvent(String name, String data, String id) {
    throw new UnsupportedOperationException(name + data + id);
  }

  /**
   * Encodes a comment, which clients ignore.
   *
   * @param text any text; split into as many comment lines as it has lines
   * @return the frame
   */
  public static Frame comment(String text) {
    throw new UnsupportedOperationException(text);
  }

  /**
   * Encodes an id without data: clients keep it as their last event ID and dispatch nothing.
   *
   * @param id at most 64 of {@code [A-Za-z0-9._~-]}
   * @return the frame
   */
  public static Frame id(String id) {
    throw new UnsupportedOperationException(id);
  }

  /**
   * Encodes a reconnect time without data.
   *
   * @param millis the reconnect time in milliseconds, not negative
   * @return the frame
   */
  public static Frame retry(long millis) {
    throw new UnsupportedOperationException(Long.toString(millis));
  }
}
