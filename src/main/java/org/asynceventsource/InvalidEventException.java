package org.asynceventsource;

/**
 * An event that can't be sent as text/event-stream: a line end in its name, an id too long, and the
 * like.
 */
public final class InvalidEventException extends EventSourceException {

  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 64;

  /**
   * A refusal of an event.
   *
   * @param message what is wrong, the offending value, and what to do
   */
  public InvalidEventException(String message) {
    super(message);
  }

  /**
   * The value as it may stand in a log line or an answer: short, and without control characters.
   */
  static String printable(String value) {
    StringBuilder shown = new StringBuilder();
    int length = Math.min(value.length(), SHOWN);
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '\uFFFD' : c);
    }
    return value.length() > SHOWN ? shown.append('…').toString() : shown.toString();
  }
}
