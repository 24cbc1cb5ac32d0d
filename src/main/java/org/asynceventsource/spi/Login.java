package org.asynceventsource.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * The login that a request came with, kept with the stream that it opened to be asked again. A
 * mechanism leaves it in the request's attribute {@link #ATTRIBUTE}; without one a stream's login
 * holds until somebody says that it has ended.
 *
 * <p>Called by threads of the callbacks' pool, several at once; may block. What it throws counts as
 * a login that doesn't hold, but for {@link UndecidedLoginException}.
 */
public interface Login {

  /** Name of the request's attribute. */
  String ATTRIBUTE = Login.class.getName();

  /**
   * Whether the same login would be accepted now, and with the same groups or roles: with others
   * the user has to come anew.
   *
   * @return whether it holds
   * @throws UndecidedLoginException if that can't be told at present: a stream that is asked about
   *     from time to time goes on until the next time; one whose access has changed is closed
   */
  boolean holds();

  /**
   * When the login ends by itself.
   *
   * @return the time, or empty if it doesn't
   */
  default Optional<Instant> expiresAt() {
    return Optional.empty();
  }
}
