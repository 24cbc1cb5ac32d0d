package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.asynceventsource.ConfigurationException;

/**
 * An identity store with a fixed set of tokens. Immutable; any thread.
 *
 * <p>A token is found by its hash, so that the time taken tells of the hash alone, from which
 * nothing of a token follows.
 */
public final class TokenIdentityStore implements IdentityStore {

  private final Map<String, TokenIdentity> identities;

  private TokenIdentityStore(Map<String, TokenIdentity> identities) {
    this.identities = Map.copyOf(identities);
  }

  /**
   * A store of tokens.
   *
   * @param identities the users; one may have several tokens, but no token several users
   * @return the store
   * @throws ConfigurationException if a token belongs to two users
   */
  public static TokenIdentityStore of(Collection<TokenIdentity> identities) {
    Map<String, TokenIdentity> byHash = new HashMap<>();
    for (TokenIdentity identity : identities) {
      if (byHash.putIfAbsent(identity.hash(), identity) != null) {
        throw new ConfigurationException(
            List.of("the token of user '%s' appears twice; remove one".formatted(identity.name())));
      }
    }
    return new TokenIdentityStore(byHash);
  }

  /**
   * The names of all users.
   *
   * @return the names; unmodifiable
   */
  public Set<String> names() {
    return identities.values().stream()
        .map(TokenIdentity::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Validates a {@link TokenCredential}.
   *
   * @param credential any credential
   * @return valid, invalid, or not validated for credentials of other types
   */
  @Override
  public CredentialValidationResult validate(Credential credential) {
    if (!(credential instanceof TokenCredential token)) {
      return CredentialValidationResult.NOT_VALIDATED_RESULT;
    }
    TokenIdentity identity = identities.get(TokenIdentity.hash(token.token()));
    return identity == null
        ? CredentialValidationResult.INVALID_RESULT
        : new CredentialValidationResult(identity.name(), identity.groups());
  }
}
