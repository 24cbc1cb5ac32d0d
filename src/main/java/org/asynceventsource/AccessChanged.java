package org.asynceventsource;

import java.util.Objects;
import java.util.Optional;

/**
 * Says that somebody's access to event sources may have changed, so that open streams are looked at
 * again: fire it as a CDI event, or pass it to {@link EventSources#changed}.
 *
 * <pre>{@code
 * @Inject Event<AccessChanged> access;
 *
 * void lock(Account account) {
 *   accounts.lock(account);
 *   access.fire(AccessChanged.ended(account.name()));
 * }
 * }</pre>
 *
 * <p>When the call returns, the streams concerned get no event that is sent afterwards, unless
 * their readers turn out to be allowed to go on; those who aren't are closed within a second, with
 * {@link DisconnectReason#REVOKED}. Their browsers reconnect and are answered like anybody who
 * comes anew; whoever logged in by digest, and whose access has {@linkplain #ended ended}, has to
 * type in the password again.
 *
 * @param user whose access it is, by the name of the principal; empty for everybody's
 * @param over whether it has ended, so that nobody has to be asked
 */
public record AccessChanged(Optional<String> user, boolean over) {

  /**
   * Checks that all is there.
   *
   * @param user the name of the principal, or empty
   * @param over whether access has ended
   */
  public AccessChanged {
    Objects.requireNonNull(user, "user");
  }

  /**
   * A user's rights may have changed: what let each of the user's streams in is asked again.
   *
   * @param user the name of the principal
   * @return the change
   */
  public static AccessChanged of(String user) {
    return new AccessChanged(Optional.of(user), false);
  }

  /**
   * Rules have changed: what let each stream in is asked again.
   *
   * @return the change
   */
  public static AccessChanged ofEverybody() {
    return new AccessChanged(Optional.empty(), false);
  }

  /**
   * A user has logged out or is locked: all of the user's streams are closed.
   *
   * @param user the name of the principal
   * @return the change
   */
  public static AccessChanged ended(String user) {
    return new AccessChanged(Optional.of(user), true);
  }
}
