package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;

/**
 * A caller's proof that they know a password, without the password (RFC 7616 §3.4.1).
 *
 * <p>An identity store doesn't compare secrets; it hands over what it has stored:
 *
 * <pre>{@code
 * String stored = select("ha1", credential.callerName(), credential.realm(), credential.algorithm());
 * return stored != null && credential.verify(stored)
 *     ? new CredentialValidationResult(credential.callerName(), groups)
 *     : CredentialValidationResult.INVALID_RESULT;
 * }</pre>
 *
 * <p>A store that calls a credential valid although no {@link #verify} succeeded is not believed.
 * For one request and its thread; not safe for use by several.
 */
public final class DigestCredential implements Credential {

  private final DigestResponse response;
  private final String method;
  private boolean evaluated;
  private boolean verified;

  DigestCredential(DigestResponse response, String method) {
    this.response = response;
    this.method = method;
  }

  /**
   * Who the caller claims to be.
   *
   * @return the user's name as the client sent it
   */
  public String callerName() {
    return response.username();
  }

  /**
   * The realm that the stored hash must be for.
   *
   * @return the realm
   */
  public String realm() {
    return response.realm();
  }

  /**
   * The algorithm that the stored hash must be made with.
   *
   * @return the algorithm that the client chose among those offered
   */
  public DigestAlgorithm algorithm() {
    return response.algorithm();
  }

  /**
   * Whether the caller knows the password that a hash was made of; in constant time.
   *
   * @param ha1 H(A1) as {@link DigestHash#generateHash} makes it, for this realm and algorithm
   * @return whether it is this caller's
   */
  public boolean verify(String ha1) {
    evaluated = true;
    byte[] expected = ascii(expectedResponse(ha1.toLowerCase(Locale.ROOT)));
    boolean matches = MessageDigest.isEqual(expected, ascii(response.response()));
    verified |= matches;
    return matches;
  }

  /** Whether some store verified a hash, so that the time of doing it has been spent. */
  boolean evaluated() {
    return evaluated;
  }

  boolean verified() {
    return verified;
  }

  /** RFC 7616 §3.4.1: KD(H(A1), nonce ":" nc ":" cnonce ":" qop ":" H(A2)). */
  private String expectedResponse(String ha1) {
    String ha2 = algorithm().hash(HeaderText.bytes(method + ':' + response.uri()));
    String data =
        String.join(
            ":", ha1, response.nonce(), response.nc(), response.cnonce(), response.qop(), ha2);
    return algorithm().hash(HeaderText.bytes(data));
  }

  private static byte[] ascii(String hex) {
    return hex.getBytes(StandardCharsets.US_ASCII);
  }

  /** A description without name and response: people type passwords into the wrong field. */
  @Override
  public String toString() {
    return "DigestCredential[realm=%s, algorithm=%s]".formatted(realm(), algorithm().token());
  }
}
