package org.asynceventsource.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * The header fields that ask for a digest (RFC 7616 §3.3). Immutable; any thread.
 *
 * <p>One field for each algorithm: some clients understand the first challenge of a field only.
 */
final class DigestChallenges {

  private final DigestOptions options;

  DigestChallenges(DigestOptions options) {
    this.options = options;
  }

  /**
   * Asks.
   *
   * @param stale whether the client may try again without asking its user
   */
  void addTo(
      HttpServletResponse response, HttpServletRequest request, String nonce, boolean stale) {
    String qop =
        options.protectedBody() > 0 && ProtectedBodies.canBeProtected(request)
            ? "auth,auth-int"
            : "auth";
    for (OfferedAlgorithm algorithm : options.offers()) {
      response.addHeader("WWW-Authenticate", challenge(algorithm, qop, nonce, stale));
    }
  }

  private String challenge(OfferedAlgorithm algorithm, String qop, String nonce, boolean stale) {
    StringBuilder challenge = new StringBuilder(DigestAuthenticationMechanism.SCHEME);
    challenge.append(" realm=\"").append(options.realm());
    challenge.append("\", qop=\"").append(qop);
    challenge.append("\", algorithm=").append(algorithm.token());
    challenge.append(", nonce=\"").append(nonce).append('"');
    options.opaque().ifPresent(opaque -> appendQuoted(challenge, "opaque", opaque));
    if (!options.domain().isEmpty()) {
      appendQuoted(challenge, "domain", String.join(" ", options.domain()));
    }
    challenge.append(options.charset() ? ", charset=UTF-8" : "");
    challenge.append(options.userhash() ? ", userhash=true" : "");
    return challenge.append(stale ? ", stale=true" : "").toString();
  }

  /** The options have no characters that would have to be escaped. */
  private static void appendQuoted(StringBuilder challenge, String name, String value) {
    challenge.append(", ").append(name).append("=\"").append(value).append('"');
  }
}
