package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;

/** A token that says who its bearer is, to whoever can tell. For one request and its thread. */
public final class TokenCredential implements Credential {

  private final String token;

  TokenCredential(String token) {
    this.token = token;
  }

  /**
   * The token as the client sent it.
   *
   * @return letters, digits and some of {@code -._~+/=}; at most 8 KB
   */
  public String token() {
    return token;
  }

  /** A description without the token. */
  @Override
  public String toString() {
    return "TokenCredential";
  }
}
