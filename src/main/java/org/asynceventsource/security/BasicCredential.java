package org.asynceventsource.security;

import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;

/**
 * Name and password as a client sent them, for a realm.
 *
 * <p>Stores that keep passwords or hashes of their own take it for what it is, a {@code
 * UsernamePasswordCredential}; those that keep H(A1) ask {@link #verify}. For one request and its
 * thread.
 */
public final class BasicCredential extends UsernamePasswordCredential {

  private final String realm;

  BasicCredential(String name, String realm, String password) {
    super(name, password);
    this.realm = realm;
  }

  /**
   * The realm that the caller logs in to.
   *
   * @return the realm, which stored hashes must be for
   */
  public String realm() {
    return realm;
  }

  /**
   * Whether a hash was made of this name and password; in constant time.
   *
   * @param ha1 H(A1) as {@link DigestHash#generateHash} makes it, for this realm
   * @param algorithm what it was made with
   * @return whether it is this caller's
   */
  public boolean verify(String ha1, DigestAlgorithm algorithm) {
    String own = DigestHash.hash(getCaller(), realm, getPasswordAsString(), algorithm);
    return MessageDigest.isEqual(ascii(own), ascii(ha1.toLowerCase(Locale.ROOT)));
  }

  private static byte[] ascii(String hex) {
    return hex.getBytes(StandardCharsets.US_ASCII);
  }

  /** A description without name and password. */
  @Override
  public String toString() {
    return "BasicCredential[realm=%s]".formatted(realm);
  }
}
