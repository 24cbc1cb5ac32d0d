package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.asynceventsource.spi.Login;

/**
 * A login that can be asked again as long as the stream lives that it opened. Keeps what the client
 * sent, a password or a token: nothing else tells whether it would still do.
 */
final class CredentialLogin implements Login {

  private final IdentityStoreHandler identities;
  private final Credential credential;
  private final String name;
  private final Set<String> groups;
  private final Optional<Instant> expiresAt;

  CredentialLogin(
      IdentityStoreHandler identities, Credential credential, CredentialValidationResult result) {
    this.identities = identities;
    this.credential = credential;
    this.name = result.getCallerPrincipal().getName();
    this.groups = Set.copyOf(result.getCallerGroups());
    this.expiresAt =
        result.getCallerPrincipal() instanceof ExpiringPrincipal expiring
            ? Optional.of(expiring.expiresAt())
            : Optional.empty();
  }

  @Override
  public boolean holds() {
    CredentialValidationResult now = identities.validate(credential);
    return now.getStatus() == Status.VALID
        && now.getCallerPrincipal().getName().equals(name)
        && now.getCallerGroups().equals(groups);
  }

  @Override
  public Optional<Instant> expiresAt() {
    return expiresAt;
  }

  /** A description without name and credential. */
  @Override
  public String toString() {
    return "CredentialLogin";
  }
}
