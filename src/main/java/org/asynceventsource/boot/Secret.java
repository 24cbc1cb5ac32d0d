package org.asynceventsource.boot;

/**
 * A text that no log line, message or answer may show.
 *
 * @param text the secret itself; hand it on only to the code that needs it
 */
public record Secret(String text) {

  /** Nothing to keep secret. */
  static final Secret NONE = new Secret("");

  /**
   * Whether there is nothing to keep secret.
   *
   * @return true for the empty text
   */
  public boolean isEmpty() {
    return text.isEmpty();
  }

  /** The same for every secret, its length included. */
  @Override
  public String toString() {
    return "(secret)";
  }
}
