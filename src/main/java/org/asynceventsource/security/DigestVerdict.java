package org.asynceventsource.security;

import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.asynceventsource.security.Nonces.Nonce;
import org.jspecify.annotations.Nullable;

/**
 * What a mechanism found of a request's digest, left in the request. Whoever drives the same
 * mechanism once more, a filter behind the container or {@code authenticate}, gets the same answer:
 * a digest is good for one use, and a wrong one counts once.
 *
 * @param by the mechanism
 * @param method the request's method, which somebody might change on the way
 * @param answer what the client sent
 * @param login the login, or {@code null} if the digest was refused
 * @param stale whether only the nonce was wrong
 */
record DigestVerdict(
    DigestAuthenticationMechanism by,
    String method,
    DigestResponse answer,
    @Nullable Accepted login,
    boolean stale) {

  private static final String ATTRIBUTE = DigestVerdict.class.getName();

  /**
   * A login.
   *
   * @param result who it is
   * @param credential what was verified
   * @param nonce the nonce that it was made with
   * @param info what the client is told with the answer to its request, if anything
   * @param body what the digest covered, or {@code null} if that was not the body
   */
  @SuppressWarnings("ArrayRecordComponent") // Within the package, and nobody changes it.
  record Accepted(
      CredentialValidationResult result,
      DigestCredential credential,
      Optional<Nonce> nonce,
      Optional<String> info,
      byte @Nullable [] body) {}

  /** What the mechanism found before, if the request is the same. */
  static Optional<DigestVerdict> earlier(
      HttpServletRequest request, DigestAuthenticationMechanism by, DigestResponse answer) {
    return request.getAttribute(ATTRIBUTE) instanceof DigestVerdict known
            && known.by == by
            && known.method.equals(request.getMethod())
            && known.answer.equals(answer)
        ? Optional.of(known)
        : Optional.empty();
  }

  DigestVerdict leftIn(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
    return this;
  }
}
