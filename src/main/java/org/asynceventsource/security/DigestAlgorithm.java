package org.asynceventsource.security;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A hash algorithm of digest access authentication (RFC 7616 §3.2), which stored hashes belong to.
 */
public enum DigestAlgorithm {
  /** SHA-256: what current clients and browsers choose. */
  SHA_256("SHA-256", "SHA-256", 64),
  /** SHA-512/256: as long as SHA-256, and what few clients know. */
  SHA_512_256("SHA-512-256", "SHA-512/256", 64),
  /** MD5: for clients and files that know nothing better; offered only if configured. */
  MD5("MD5", "MD5", 32);

  private final String token;
  private final String javaName;
  private final int hexDigits;

  DigestAlgorithm(String token, String javaName, int hexDigits) {
    this.token = token;
    this.javaName = javaName;
    this.hexDigits = hexDigits;
  }

  /**
   * Finds an algorithm by its name.
   *
   * @param token a name such as {@code SHA-256}, in any case
   * @return the algorithm, or empty if there is none of this name
   */
  public static Optional<DigestAlgorithm> parse(String token) {
    for (DigestAlgorithm algorithm : values()) {
      if (algorithm.token.equalsIgnoreCase(token)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /**
   * The algorithm's name on the wire and in files.
   *
   * @return a name such as {@code SHA-256}
   */
  public String token() {
    return token;
  }

  /**
   * How long a hash is.
   *
   * @return the number of hexadecimal digits
   */
  public int hexDigits() {
    return hexDigits;
  }

  /** H(data) of RFC 7616 §3.3: the hash in lower-case hexadecimal digits. */
  String hash(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(javaName).digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "this Java runtime lacks the hash algorithm '%s'; use one that has it"
              .formatted(javaName),
          e);
    }
  }
}
