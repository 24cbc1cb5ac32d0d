package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;

/**
 * Bearer tokens (RFC 6750) as an authentication mechanism of Jakarta Security.
 *
 * <p>A token is taken from the header field {@code Authorization} alone, never from the query or a
 * form, where others get to see it. Identity stores get a {@link TokenCredential}. Safe for use by
 * several threads.
 */
public final class BearerAuthenticationMechanism extends HeaderMechanism {

  private BearerAuthenticationMechanism(String realm, IdentityStoreHandler identities) {
    super("Bearer", realm, "", identities, LoginLimits.DEFAULT, System::nanoTime);
  }

  /**
   * A mechanism.
   *
   * @param realm what clients are told that they lack a token for
   * @param identities whose tokens are good, such as {@link IdentityStores} with a {@link
   *     TokenIdentityStore}
   * @return the mechanism
   * @throws org.asynceventsource.ConfigurationException if the realm can't be used
   */
  public static BearerAuthenticationMechanism of(String realm, IdentityStoreHandler identities) {
    return new BearerAuthenticationMechanism(realm, identities);
  }

  @Override
  String malformed() {
    return ", error=\"invalid_request\"";
  }

  @Override
  String wrong() {
    return ", error=\"invalid_token\"";
  }

  @Override
  String authType() {
    return "BEARER";
  }

  @Override
  Credential credential(AuthorizationHeader header) {
    return new TokenCredential(header.word());
  }
}
