package org.asynceventsource;

/**
 * The root of this library's own exceptions; each message says what, the offending value and the
 * remedy.
 */
public class EventSourceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * An exception with a message for the developer or operator.
   *
   * @param message what is wrong, the offending value, and what to do
   */
  public EventSourceException(String message) {
    super(message);
  }

  /**
   * An exception with a message and the failure behind it.
   *
   * @param message what is wrong, the offending value, and what to do
   * @param cause the failure behind it
   */
  public EventSourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
