package org.asynceventsource;

/**
 * An event that can't be sent as text/event-stream: a line end in its name, an id too long, and the
 * like.
 */
public final class InvalidEventException extends EventSourceException {

  private static final long serialVersionUID = 1L;

  /**
   * A refusal of an event.
   *
   * @param message what is wrong, the offending value, and what to do
   */
  public InvalidEventException(String message) {
    super(message);
  }
}
