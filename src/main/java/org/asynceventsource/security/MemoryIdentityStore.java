package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.asynceventsource.ConfigurationException;

/** An identity store with a fixed set of users. Immutable; any thread. */
public final class MemoryIdentityStore implements IdentityStore {

  private final Lookup<Key> byName;
  private final Lookup<HashedKey> byHash;

  private MemoryIdentityStore(Map<Key, DigestIdentity> identities) {
    Map<HashedKey, DigestIdentity> hashed = new HashMap<>();
    for (DigestIdentity user : identities.values()) {
      for (DigestAlgorithm algorithm : user.algorithms()) {
        String hash = DigestHash.userhash(user.name(), user.realm(), algorithm);
        hashed.put(new HashedKey(hash, user.realm(), algorithm), user);
      }
    }
    this.byName = new Lookup<>(identities, Key::copy, Key::nobodys);
    this.byHash = new Lookup<>(hashed, HashedKey::copy, HashedKey::nobodys);
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
    Found found = find(digest);
    Optional<String> hash = found.user().hash(digest.algorithm());
    boolean verified = hash.isPresent() && digest.verify(hash.get());
    return found.result(verified);
  }

  private CredentialValidationResult validate(BasicCredential basic) {
    Found found = byName.find(new Key(basic.getCaller(), basic.realm()));
    DigestAlgorithm algorithm = Collections.min(found.user().algorithms());
    boolean verified = basic.verify(found.user().hash(algorithm).orElseThrow(), algorithm);
    return found.result(verified);
  }

  private Found find(DigestCredential digest) {
    String name = digest.callerName();
    return digest.isNameHashed()
        ? byHash.find(new HashedKey(name, digest.realm(), digest.algorithm()))
        : byName.find(new Key(name, digest.realm()));
  }

  /**
   * Users by one kind of key. Whether somebody is one must not show in the time taken: each look-up
   * finds one user and misses one, and where the first misses it is somebody else's hash that is
   * verified, from memory that is as cold, and to no avail.
   *
   * @param users who there are
   * @param hits keys of all users, and not the same objects
   * @param misses as many keys that nobody has
   */
  private record Lookup<K>(Map<K, DigestIdentity> users, List<K> hits, List<K> misses) {

    private static final DigestIdentity NOBODY =
        DigestIdentity.withHash("nobody", DigestHash.DEFAULT_REALM, "{SHA-256}" + "0".repeat(64));

    Lookup(Map<K, DigestIdentity> users, UnaryOperator<K> copy, UnaryOperator<K> miss) {
      this(
          Map.copyOf(users),
          users.keySet().stream().map(copy).toList(),
          users.keySet().stream().map(miss).toList());
    }

    Found find(K key) {
      if (hits.isEmpty()) {
        return new Found(NOBODY, false);
      }
      int other = Math.floorMod(key.hashCode(), hits.size());
      DigestIdentity first = users.get(key);
      DigestIdentity second = users.get(first == null ? hits.get(other) : misses.get(other));
      return first == null
          ? new Found(Objects.requireNonNull(second), false)
          : new Found(first, true);
    }
  }

  /**
   * Whose hash is to be verified.
   *
   * @param user a user
   * @param known whether it is the one that was looked for
   */
  private record Found(DigestIdentity user, boolean known) {

    CredentialValidationResult result(boolean verified) {
      return verified && known
          ? new CredentialValidationResult(user.name(), user.groups())
          : CredentialValidationResult.INVALID_RESULT;
    }
  }

  private record Key(String name, String realm) {

    /** Of characters of its own. */
    Key copy() {
      return new Key(new String(name.toCharArray()), realm);
    }

    /** No user's name has a colon. */
    Key nobodys() {
      return new Key(name + ':', realm);
    }
  }

  private record HashedKey(String hash, String realm, DigestAlgorithm algorithm) {

    HashedKey copy() {
      return new HashedKey(new String(hash.toCharArray()), realm, algorithm);
    }

    /** No digit of a hash is a colon. */
    HashedKey nobodys() {
      return new HashedKey(hash + ':', realm, algorithm);
    }
  }
}
