package org.asynceventsource.security;

import java.util.Locale;
import java.util.Optional;

/**
 * An algorithm as a challenge offers it (RFC 7616 §3.3): a hash algorithm, by itself or in its
 * session form. Both take the same stored hashes.
 *
 * @param hash the hash algorithm
 * @param session whether it is the form with {@code -sess}, which hashes a nonce of each side into
 *     H(A1) once more
 */
public record OfferedAlgorithm(DigestAlgorithm hash, boolean session) {

  private static final String SESSION = "-sess";

  /**
   * A hash algorithm by itself.
   *
   * @param hash the hash algorithm
   * @return the algorithm, not in its session form
   */
  public static OfferedAlgorithm of(DigestAlgorithm hash) {
    return new OfferedAlgorithm(hash, false);
  }

  /**
   * Finds an algorithm by its name.
   *
   * @param token a name such as {@code SHA-256} or {@code SHA-256-sess}, in any case
   * @return the algorithm, or empty if there is none of this name
   */
  public static Optional<OfferedAlgorithm> parse(String token) {
    boolean session = token.toLowerCase(Locale.ROOT).endsWith(SESSION);
    String name = session ? token.substring(0, token.length() - SESSION.length()) : token;
    return DigestAlgorithm.parse(name).map(hash -> new OfferedAlgorithm(hash, session));
  }

  /**
   * The algorithm's name on the wire.
   *
   * @return a name such as {@code SHA-256-sess}
   */
  public String token() {
    return session ? hash.token() + SESSION : hash.token();
  }

  @Override
  public String toString() {
    return token();
  }
}
