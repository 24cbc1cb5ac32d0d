package org.asynceventsource.security;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.asynceventsource.ConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * A user who can log in to one realm: a name, H(A1) per algorithm, and groups. Immutable; keeps no
 * password, and its description shows no hash.
 */
public final class DigestIdentity {

  private final String name;
  private final String realm;
  private final Map<DigestAlgorithm, String> hashes;
  private final Set<String> groups;

  private DigestIdentity(
      String name, String realm, Map<DigestAlgorithm, String> hashes, Set<String> groups) {
    this.name = name;
    this.realm = realm;
    this.hashes = Map.copyOf(hashes);
    this.groups = Set.copyOf(groups);
  }

  /**
   * A user with a password, of which only the hashes are kept.
   *
   * @param name the user's name, without a colon
   * @param realm the realm
   * @param password the password, not empty
   * @param algorithms the algorithms that clients may choose
   * @return the user, in no group
   * @throws ConfigurationException if name, realm or password can't be used
   */
  public static DigestIdentity withPassword(
      String name, String realm, String password, Collection<DigestAlgorithm> algorithms) {
    requireUsable(name, realm);
    DigestHash.passwordMistake(password)
        .ifPresent(
            mistake -> {
              throw new ConfigurationException(List.of(mistake));
            });
    Map<DigestAlgorithm, String> hashes = new EnumMap<>(DigestAlgorithm.class);
    for (DigestAlgorithm algorithm : algorithms) {
      hashes.put(algorithm, DigestHash.generateHash(name, realm, password, algorithm));
    }
    return new DigestIdentity(name, realm, hashes, Set.of());
  }

  /**
   * A user with a hash of a password.
   *
   * @param name the user's name, without a colon
   * @param realm the realm that the hash was made for
   * @param hash what {@link DigestHash#generateHash} made, with or without the algorithm as a tag:
   *     {@code {SHA-256}3ba6…}; without it, 64 digits are SHA-256 and 32 are MD5
   * @return the user, in no group
   * @throws ConfigurationException if name, realm or hash can't be used
   */
  public static DigestIdentity withHash(String name, String realm, String hash) {
    requireUsable(name, realm);
    StoredHash stored =
        StoredHash.parse(hash)
            .orElseThrow(() -> new ConfigurationException(List.of(StoredHash.EXPECTED)));
    return new DigestIdentity(name, realm, Map.of(stored.algorithm(), stored.hex()), Set.of());
  }

  /**
   * This user in groups, which are the roles that {@code isUserInRole} knows.
   *
   * @param groups all groups of the user
   * @return the user in these groups and no other
   */
  public DigestIdentity inGroups(Set<String> groups) {
    return new DigestIdentity(name, realm, hashes, groups);
  }

  /** This user, also with the hashes of the other, who has the same name and realm. */
  DigestIdentity and(DigestIdentity other) {
    Map<DigestAlgorithm, String> all = new EnumMap<>(hashes);
    all.putAll(other.hashes);
    return new DigestIdentity(name, realm, all, groups);
  }

  /**
   * The user's name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * The realm that the user can log in to.
   *
   * @return the realm
   */
  public String realm() {
    return realm;
  }

  /**
   * The groups of the user.
   *
   * @return the groups; unmodifiable
   */
  public Set<String> groups() {
    return groups;
  }

  /** The algorithms that there is a hash for. */
  Set<DigestAlgorithm> algorithms() {
    return hashes.keySet();
  }

  Optional<String> hash(DigestAlgorithm algorithm) {
    return Optional.ofNullable(hashes.get(algorithm));
  }

  /** Whether both log in with the same passwords; nobody, {@code null}, doesn't. */
  boolean hasHashesOf(@Nullable DigestIdentity other) {
    return other != null && hashes.equals(other.hashes);
  }

  private static void requireUsable(String name, String realm) {
    DigestHash.userMistake(name)
        .or(() -> DigestHash.realmMistake(realm))
        .ifPresent(
            mistake -> {
              throw new ConfigurationException(List.of(mistake));
            });
  }

  @Override
  public String toString() {
    return "DigestIdentity[name=%s, realm=%s, groups=%s]".formatted(name, realm, groups);
  }
}
