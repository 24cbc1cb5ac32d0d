package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.asynceventsource.ConfigurationException;
import org.jspecify.annotations.Nullable;

/** An identity store with a fixed set of users. Immutable; any thread. */
public final class MemoryIdentityStore implements IdentityStore {

  private static final DigestIdentity NOBODY =
      DigestIdentity.withHash("nobody", DigestHash.DEFAULT_REALM, "{SHA-256}" + "0".repeat(64));

  private final Map<Key, DigestIdentity> identities;
  private final List<DigestIdentity> strangers;
  private final Map<HashedKey, DigestIdentity> identitiesByHash = new HashMap<>(); // never changed

  private MemoryIdentityStore(Map<Key, DigestIdentity> identities) {
    this.identities = Map.copyOf(identities);
    this.strangers = identities.values().stream().map(DigestIdentity::stranger).toList();
    for (DigestIdentity user : identities.values()) {
      for (DigestAlgorithm algorithm : user.algorithms()) {
        String hash = DigestHash.userhash(user.name(), user.realm(), algorithm);
        identitiesByHash.put(new HashedKey(hash, user.realm(), algorithm), user);
      }
    }
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
   * Validates a {@link DigestCredential} or a {@link BasicCredential}.
   *
   * @param credential any credential
   * @return valid, invalid, or not validated for credentials of other types
   */
  @Override
  public CredentialValidationResult validate(Credential credential) {
    if (credential instanceof BasicCredential basic) {
      return validate(basic);
    }
    if (!(credential instanceof DigestCredential digest)) {
      return CredentialValidationResult.NOT_VALIDATED_RESULT;
    }
    DigestIdentity known = find(digest);
    DigestIdentity identity = known == null ? stranger(digest.callerName()) : known;
    Optional<String> hash = identity.hash(digest.algorithm());
    boolean verified = hash.isPresent() && digest.verify(hash.get());
    return verified && known != null
        ? new CredentialValidationResult(identity.name(), identity.groups())
        : CredentialValidationResult.INVALID_RESULT;
  }

  /**
   * Somebody with a password that nobody knows, one of as many as there are users: so a hash is
   * fetched for those who aren't there, from memory that is as cold as the users'.
   */
  private DigestIdentity stranger(String name) {
    return strangers.isEmpty()
        ? NOBODY
        : strangers.get(Math.floorMod(name.hashCode(), strangers.size()));
  }

  /** Whether a user exists must not show in the time taken: a nobody's hash is verified as well. */
  private CredentialValidationResult validate(BasicCredential basic) {
    DigestIdentity known = identities.get(new Key(basic.getCaller(), basic.realm()));
    DigestIdentity identity = known == null ? NOBODY : known;
    DigestAlgorithm algorithm = Collections.min(identity.algorithms());
    boolean verified = basic.verify(identity.hash(algorithm).orElseThrow(), algorithm);
    return verified && identity != NOBODY
        ? new CredentialValidationResult(identity.name(), identity.groups())
        : CredentialValidationResult.INVALID_RESULT;
  }

  private @Nullable DigestIdentity find(DigestCredential digest) {
    String name = digest.callerName();
    return digest.isNameHashed()
        ? identitiesByHash.get(new HashedKey(name, digest.realm(), digest.algorithm()))
        : identities.get(new Key(name, digest.realm()));
  }

  private record Key(String name, String realm) {}

  private record HashedKey(String hash, String realm, DigestAlgorithm algorithm) {}
}
