package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Instant;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.spi.Login;
import org.asynceventsource.spi.UndecidedLoginException;
import org.jspecify.annotations.Nullable;

/**
 * Who publishes a stream, to be asked again while it is open.
 *
 * @param principal who it is, or {@code null}
 * @param login what tells whether it still is, or {@code null} if nothing does
 */
record PublisherLogin(@Nullable Principal principal, @Nullable Login login) {

  static PublisherLogin of(HttpServletRequest request) {
    return new PublisherLogin(
        request.getUserPrincipal(),
        request.getAttribute(Login.ATTRIBUTE) instanceof Login login ? login : null);
  }

  boolean isConcernedBy(AccessChanged change) {
    return change
        .user()
        .map(user -> principal != null && user.equals(principal.getName()))
        .orElse(true);
  }

  /**
   * Whether the publisher may go on, as far as that can be asked; a failure says no.
   *
   * @param inDoubt the answer if nobody can tell at present
   */
  boolean holds(boolean inDoubt) {
    if (login == null) {
      return true;
    }
    try {
      return login.holds()
          && login.expiresAt().map(end -> Instant.now().isBefore(end)).orElse(true);
    } catch (UndecidedLoginException away) {
      return inDoubt;
    } catch (RuntimeException failure) {
      return false;
    }
  }
}
