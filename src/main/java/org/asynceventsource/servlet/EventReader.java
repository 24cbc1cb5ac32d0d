package org.asynceventsource.servlet;

import org.asynceventsource.InvalidEventException;
import org.asynceventsource.ServerSentEvent;

/** Turns the body of a publishing request into an event; one for each media type. */
@FunctionalInterface
interface EventReader {

  /**
   * Reads an event.
   *
   * @throws RefusedException if the body is malformed
   * @throws InvalidEventException if the event can't be sent
   */
  ServerSentEvent read(byte[] body, MediaType type);
}
