package org.asynceventsource.launcher;

/** A command line that can't be followed; the message says what is wrong and the remedy. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
