package org.asynceventsource.security;

/** Credentials as a client's request makes them. */
public final class Tokens {

  private Tokens() {}

  /** A bearer token. */
  public static TokenCredential credential(String token) {
    return new TokenCredential(token);
  }
}
