package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.asynceventsource.ConfigurationException;

/** An identity store with a fixed set of users. Immutable; any thread. */
public final class MemoryIdentityStore implements IdentityStore {

  private final Map<Key, DigestIdentity> identities;

  private MemoryIdentityStore(Map<Key, DigestIdentity> identities) {
    this.identities = Map.copyOf(identities);
  }

  /**
   * A store of users.
   *
   * @param identities the users; a name may appear once per realm
   * @return the store
   * @throws ConfigurationException if a name appears twice in a realm
   */
  public static MemoryIdentityStore of(Collection<DigestIdentity> identities) {
    Map<Key, DigestIdentity> byKey = new HashMap<>();
    for (DigestIdentity identity : identities) {
      Key key = new Key(identity.name(), identity.realm());
      if (byKey.putIfAbsent(key, identity) != null) {
        throw new ConfigurationException(
            List.of("user '%s' appears twice; remove one".formatted(identity.name())));
      }
    }
    return new MemoryIdentityStore(byKey);
  }

  /**
   * A store of users.
   *
   * @param identities the users; a name may appear once per realm
   * @return the store
   * @throws ConfigurationException if a name appears twice in a realm
   */
  public static MemoryIdentityStore of(DigestIdentity... identities) {
    return of(List.of(identities));
  }

  /**
   * Validates a {@link DigestCredential}.
   *
   * @param credential any credential
   * @return valid, invalid, or not validated for credentials of other types
   */
  @Override
  public CredentialValidationResult validate(Credential credential) {
    if (!(credential instanceof DigestCredential digest)) {
      return CredentialValidationResult.NOT_VALIDATED_RESULT;
    }
    DigestIdentity identity = identities.get(new Key(digest.callerName(), digest.realm()));
    if (identity == null) {
      return CredentialValidationResult.INVALID_RESULT;
    }
    Optional<String> hash = identity.hash(digest.algorithm());
    return hash.isPresent() && digest.verify(hash.get())
        ? new CredentialValidationResult(identity.name(), identity.groups())
        : CredentialValidationResult.INVALID_RESULT;
  }

  private record Key(String name, String realm) {}
}
