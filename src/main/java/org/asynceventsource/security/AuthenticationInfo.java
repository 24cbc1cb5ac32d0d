package org.asynceventsource.security;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The header field Authentication-Info (RFC 7616 §3.5): the server's proof that it knows the
 * password's hash too, and the nonce to go on with.
 */
final class AuthenticationInfo {

  static final String NAME = "Authentication-Info";

  /** What a client sent is sent back; there is no need to send back just anything. */
  private static final int LONGEST_CNONCE = 256;

  private AuthenticationInfo() {}

  /**
   * The field's value, or empty if there is nothing to say.
   *
   * <p>The proof has four parts or none: clients that find one miss the others.
   *
   * @param answer the client's right answer
   * @param rspauth the proof, made for this answer, or empty for none
   * @param nextNonce the nonce to use from now on, or empty for the same
   */
  static Optional<String> of(
      DigestResponse answer, Optional<String> rspauth, Optional<String> nextNonce) {
    List<String> parts = new ArrayList<>();
    if (rspauth.isPresent() && canBeSentBack(answer.cnonce())) {
      parts.add("rspauth=\"" + rspauth.get() + '"');
      parts.add("qop=" + answer.qop());
      parts.add("nc=" + answer.nc());
      parts.add("cnonce=\"" + escaped(answer.cnonce()) + '"');
    }
    nextNonce.ifPresent(nonce -> parts.add("nextnonce=\"" + nonce + '"'));
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
  }

  private static boolean canBeSentBack(String cnonce) {
    return cnonce.length() <= LONGEST_CNONCE && cnonce.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
