package org.asynceventsource.security;

import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Holds up those who try passwords while a store is away: a wrong one can't be told from a right
 * one then, but the stores that are there would let the right one in.
 *
 * <p>Counted apart from wrong logins, so that an outage costs nobody those that are free. Safe for
 * use by several threads.
 */
final class UnjudgedLogins {

  /** What an outage may add to itself, for those who try again and again while it lasts. */
  static final Duration LONGEST = Duration.ofSeconds(30);

  private final LoginAttempts attempts;

  UnjudgedLogins(LoginLimits limits, LongSupplier clock) {
    this.attempts = new LoginAttempts(limits, LONGEST, clock);
  }

  /**
   * Asks the stores.
   *
   * @throws IdentitiesUnavailableException if they can't tell, or couldn't too often lately
   */
  CredentialValidationResult ask(
      String name, String source, Supplier<CredentialValidationResult> stores) {
    if (attempts.isDelayed(name, source)) {
      throw new IdentitiesUnavailableException("a login is tried too often while they are");
    }
    try {
      CredentialValidationResult result = stores.get();
      if (result.getStatus() == Status.VALID) {
        attempts.succeeded(name, source);
      }
      return result;
    } catch (IdentitiesUnavailableException e) {
      attempts.failed(name, source);
      throw e;
    }
  }
}
