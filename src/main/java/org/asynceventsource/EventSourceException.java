package org.asynceventsource;

/**
 * The root of this library's own exceptions; each message says what, the offending value and the
 * remedy.
 */
public class EventSourceException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 64;

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

  /**
   * A value as it may stand in a message, a log line or an answer.
   *
   * @param value any text
   * @return at most 64 characters of it, without control characters
   */
  public static String printable(String value) {
    StringBuilder shown = new StringBuilder();
    int length = Math.min(value.length(), SHOWN);
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '\uFFFD' : c);
    }
    return value.length() > SHOWN ? shown.append('…').toString() : shown.toString();
  }
}
