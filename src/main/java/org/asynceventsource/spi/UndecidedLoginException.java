package org.asynceventsource.spi;

import org.asynceventsource.EventSourceException;

/** Says that it can't be told at present whether a login holds, because a database is away, say. */
public class UndecidedLoginException extends EventSourceException {

  private static final long serialVersionUID = 1L;

  /**
   * A login that can't be judged.
   *
   * @param message what is away, and what to do; without names and passwords
   */
  public UndecidedLoginException(String message) {
    super(message);
  }
}
