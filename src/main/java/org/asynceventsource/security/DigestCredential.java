package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  private final String sessionCnonce;
  private final String a2;
  private boolean evaluated;
  private @Nullable String rspauth; // once verified

  DigestCredential(DigestResponse response, String method) {
    this(response, method, response.cnonce(), new byte[0]);
  }

  /**
   * A proof that may be one in a session, and may cover a body.
   *
   * @param sessionCnonce the cnonce that the session may have begun with, for algorithms with
   *     {@code -sess}
   * @param body the request's, for digests that cover it
   */
  DigestCredential(DigestResponse response, String method, String sessionCnonce, byte[] body) {
    this(response, sessionCnonce, a2(response, method, body));
  }

  private DigestCredential(DigestResponse response, String sessionCnonce, String a2) {
    this.response = response;
    this.sessionCnonce = sessionCnonce;
    this.a2 = a2;
  }

  /** The same proof, not yet verified. */
  DigestCredential again() {
    return new DigestCredential(response, sessionCnonce, a2);
  }

  /**
   * Who the caller claims to be.
   *
   * @return the user's name as the client sent it; no name but a hash if {@link #isNameHashed()}
   */
  public String callerName() {
    return response.username();
  }

  /**
   * Whether the client sent a hash of the user's name (RFC 7616 §3.4.4), as it may where {@link
   * DigestOptions#userhash()} says so. A store finds the user by an index of such hashes, or by
   * {@link #names}; the caller's name is then the store's. H(A1) is that of the plain name.
   *
   * @return whether {@link #callerName()} is H(name ":" realm) in lower-case hexadecimal digits
   */
  public boolean isNameHashed() {
    return response.nameHashed();
  }

  /**
   * Whether the caller claims to be a certain user, in whichever form; in constant time.
   *
   * @param user the plain name of a user
   * @return whether it is the name that was sent, or whose hash was sent
   */
  public boolean names(String user) {
    String sent = isNameHashed() ? DigestHash.userhash(user, response.realm(), algorithm()) : user;
    return MessageDigest.isEqual(
        sent.getBytes(StandardCharsets.UTF_8), callerName().getBytes(StandardCharsets.UTF_8));
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
   * @return the algorithm that the client chose among those offered, be it in its session form
   */
  public DigestAlgorithm algorithm() {
    return response.algorithm().hash();
  }

  /**
   * Whether the caller knows the password that a hash was made of; in constant time.
   *
   * @param ha1 H(A1) as {@link DigestHash#generateHash} makes it, for this realm and algorithm
   * @return whether it is this caller's
   */
  public boolean verify(String ha1) {
    evaluated = true;
    String stored = ha1.toLowerCase(Locale.ROOT);
    if (!response.algorithm().session()) {
      return matches(stored);
    }
    // Browsers take the cnonce of each request for its own session, other clients that of the
    // first request, as RFC 7616 §3.4.2 has it. Both are tried, so that both take the same time.
    boolean own = matches(sessionHash(stored, response.cnonce()));
    boolean first = matches(sessionHash(stored, sessionCnonce));
    return own || first;
  }

  /** Whether some store verified a hash, so that the time of doing it has been spent. */
  boolean evaluated() {
    return evaluated;
  }

  boolean verified() {
    return rspauth != null;
  }

  /**
   * What proves to the client that we know the hash too; empty unless verified. Empty also for a
   * digest that covers the body: the proof would have to cover the answer's, which may be a stream.
   */
  Optional<String> rspauth() {
    return response.coversBody() ? Optional.empty() : Optional.ofNullable(rspauth);
  }

  private boolean matches(String ha1) {
    byte[] expected = ascii(digest(ha1, a2));
    String proof = digest(ha1, ':' + response.uri());
    boolean matches = MessageDigest.isEqual(expected, ascii(response.response()));
    if (matches) {
      rspauth = proof;
    }
    return matches;
  }

  /** RFC 7616 §3.4.3. */
  private static String a2(DigestResponse response, String method, byte[] body) {
    String a2 = method + ':' + response.uri();
    return response.coversBody() ? a2 + ':' + response.algorithm().hash().hash(body) : a2;
  }

  /** RFC 7616 §3.4.2: H(A1) of the algorithms with {@code -sess}. */
  private String sessionHash(String ha1, String cnonce) {
    return hash(String.join(":", ha1, response.nonce(), cnonce));
  }

  /** RFC 7616 §3.4.1: KD(H(A1), nonce ":" nc ":" cnonce ":" qop ":" H(A2)). */
  private String digest(String ha1, String a2) {
    return hash(
        String.join(
            ":",
            ha1,
            response.nonce(),
            response.nc(),
            response.cnonce(),
            response.qop(),
            hash(a2)));
  }

  private String hash(String text) {
    return algorithm().hash(HeaderText.bytes(text));
  }

  private static byte[] ascii(String hex) {
    return hex.getBytes(StandardCharsets.US_ASCII);
  }

  /** A description without name and response: people type passwords into the wrong field. */
  @Override
  public String toString() {
    return "DigestCredential[realm=%s, algorithm=%s]"
        .formatted(realm(), response.algorithm().token());
  }
}
