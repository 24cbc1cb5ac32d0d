package org.asynceventsource.security;

import org.asynceventsource.spi.UndecidedLoginException;

/**
 * Says that an identity store can't tell at present who somebody is, because the database, say,
 * that it asks is away. Identity stores of an application's may throw it, too.
 *
 * <p>Jakarta Security has no answer for that: a result is valid, invalid or not validated. Invalid
 * would be answered 401, upon which a browser asks for a password that isn't wrong and an
 * EventSource gives up; so {@link AuthenticationFilter} answers 503 instead, or to an EventSource a
 * stream with nothing but a reconnect time. It counts as no failed attempt; but who tries often
 * meanwhile is answered so for a while without being looked at ({@link LoginLimits}). Streams that
 * are open go on, for an hour at most, and are asked about again at their next recheck.
 */
public class IdentitiesUnavailableException extends UndecidedLoginException {

  private static final long serialVersionUID = 1L;

  /**
   * Something that is away.
   *
   * @param message what, and what to do; without names, passwords and messages of drivers, which
   *     may have them
   */
  public IdentitiesUnavailableException(String message) {
    super(message);
  }
}
