package org.asynceventsource.security;

import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Lets nobody in: 401, with a challenge that no client knows an answer to, so that browsers ask
 * nobody for a password. Safe for use by several threads.
 */
public final class DeniedAuthenticationMechanism implements HttpAuthenticationMechanism {

  private final String challenge;

  private DeniedAuthenticationMechanism(String realm) {
    this.challenge = "Denied realm=\"" + realm + '"';
  }

  /**
   * A mechanism.
   *
   * @param realm what nobody can log in to
   * @return the mechanism
   */
  public static DeniedAuthenticationMechanism of(String realm) {
    return new DeniedAuthenticationMechanism(DigestOptions.of(realm).realm());
  }

  @Override
  public AuthenticationStatus validateRequest(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
    if (!context.isProtected()) {
      return context.doNothing();
    }
    response.setHeader("WWW-Authenticate", challenge);
    return context.responseUnauthorized();
  }
}
