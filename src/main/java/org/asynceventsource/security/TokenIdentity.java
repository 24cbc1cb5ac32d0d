package org.asynceventsource.security;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.asynceventsource.ConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * A user who is known by a token: a name, the token's SHA-256, and groups. Immutable; keeps no
 * token, and its description shows no hash.
 *
 * <p>A fast hash is enough for a token, which is random and long, unlike a password.
 */
public final class TokenIdentity {

  private static final int SHORTEST = 16;
  private static final Pattern HASH = Pattern.compile("\\{SHA-256}(\\p{XDigit}{64})");

  private final String name;
  private final String hash;
  private final Set<String> groups;

  private TokenIdentity(String name, String hash, Set<String> groups) {
    this.name = name;
    this.hash = hash;
    this.groups = Set.copyOf(groups);
  }

  /**
   * A user with a token, of which only the hash is kept.
   *
   * @param name the user's name, without a colon
   * @param token at least 16 letters, digits and {@code -._~+/}, made at random
   * @return the user, in no group
   * @throws ConfigurationException if name or token can't be used
   */
  public static TokenIdentity withToken(String name, @Nullable String token) {
    if (token == null || token.length() < SHORTEST || !AuthorizationHeader.isWord(token)) {
      throw new ConfigurationException(
          List.of(
              "the token must be at least %d letters, digits and '-._~+/'; make it at random, such as with 'openssl rand -hex 24'"
                  .formatted(SHORTEST)));
    }
    return new TokenIdentity(usable(name), hash(token), Set.of());
  }

  /**
   * A user with the hash of a token.
   *
   * @param name the user's name, without a colon
   * @param hash {@code {SHA-256}} and the 64 hexadecimal digits
   * @return the user, in no group
   * @throws ConfigurationException if name or hash can't be used
   */
  public static TokenIdentity withHash(String name, String hash) {
    var digits = HASH.matcher(hash);
    if (!digits.matches()) {
      throw new ConfigurationException(
          List.of(
              "the hash of the token must be {SHA-256} and 64 hexadecimal digits; make it with"
                  + " 'java -jar eventsource.war hash --token'"));
    }
    return new TokenIdentity(usable(name), digits.group(1).toLowerCase(Locale.ROOT), Set.of());
  }

  private static String usable(String name) {
    DigestHash.userMistake(name)
        .ifPresent(
            mistake -> {
              throw new ConfigurationException(List.of(mistake));
            });
    return name;
  }

  /**
   * This user in groups, which are the roles that {@code isUserInRole} knows.
   *
   * @param groups all groups of the user
   * @return the user in these groups and no other
   */
  public TokenIdentity inGroups(Set<String> groups) {
    return new TokenIdentity(name, hash, groups);
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
   * The groups of the user.
   *
   * @return the groups; unmodifiable
   */
  public Set<String> groups() {
    return groups;
  }

  String hash() {
    return hash;
  }

  /**
   * The entry that the setting {@code eventsource.tokens} takes.
   *
   * @throws IllegalArgumentException if name or token can't be used
   */
  static String line(String name, String token) {
    try {
      return name + ":{SHA-256}" + withToken(name, token).hash();
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(String.join("; ", e.mistakes()), e);
    }
  }

  static String hash(String token) {
    return DigestAlgorithm.SHA_256.hash(token.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "TokenIdentity[name=%s, groups=%s]".formatted(name, groups);
  }
}
