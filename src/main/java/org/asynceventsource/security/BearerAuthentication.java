package org.asynceventsource.security;

import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.ConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * The options of bearer tokens for one event source. Immutable: each method answers a copy with one
 * change, in any order.
 */
public final class BearerAuthentication {

  private static final String TOKEN_REQUIRED = "login required: this needs a token";

  private final String realm;
  private final List<TokenIdentity> tokens;
  private final List<IdentityStore> stores;

  private BearerAuthentication(
      String realm, List<TokenIdentity> tokens, List<IdentityStore> stores) {
    this.realm = realm;
    this.tokens = List.copyOf(tokens);
    this.stores = List.copyOf(stores);
  }

  static BearerAuthentication create() {
    return new BearerAuthentication(DigestHash.DEFAULT_REALM, List.of(), List.of());
  }

  /**
   * What the token is for.
   *
   * @param realm printable ASCII
   * @return a copy with the realm
   */
  public BearerAuthentication realm(String realm) {
    return new BearerAuthentication(realm, tokens, stores);
  }

  /**
   * Adds a token; only its hash is kept.
   *
   * @param name the user's name
   * @param token at least 16 letters, digits and {@code -._~+/}, made at random
   * @return a copy with the token
   * @throws ConfigurationException if name or token can't be used
   */
  public BearerAuthentication token(String name, @Nullable String token) {
    return token(TokenIdentity.withToken(name, token));
  }

  /**
   * Adds a token.
   *
   * @param identity the token's hash, and whose it is
   * @return a copy with the token
   */
  public BearerAuthentication token(TokenIdentity identity) {
    List<TokenIdentity> more = new ArrayList<>(tokens);
    more.add(identity);
    return new BearerAuthentication(realm, more, stores);
  }

  /**
   * Adds an identity store, which may know any number of tokens; asked after the tokens named here.
   *
   * @param store a store that validates {@link TokenCredential}
   * @return a copy with the store
   */
  public BearerAuthentication identityStore(IdentityStore store) {
    List<IdentityStore> more = new ArrayList<>(stores);
    more.add(store);
    return new BearerAuthentication(realm, tokens, more);
  }

  /**
   * Whether anybody could log in.
   *
   * @return whether there is a token or an identity store
   */
  public boolean hasCredentials() {
    return !tokens.isEmpty() || !stores.isEmpty();
  }

  /**
   * Makes the middleware.
   *
   * @return the middleware
   * @throws ConfigurationException if nobody could log in, or a token appears twice, or the realm
   *     can't be used
   */
  public AuthenticationMiddleware build() {
    if (!hasCredentials()) {
      throw new ConfigurationException(
          List.of("bearer authentication has no tokens; add one by token"));
    }
    List<IdentityStore> all = new ArrayList<>();
    if (!tokens.isEmpty()) {
      all.add(TokenIdentityStore.of(tokens));
    }
    all.addAll(stores);
    return AuthenticationMiddleware.of(
            BearerAuthenticationMechanism.of(realm, IdentityStores.of(all)))
        .failureMessage(TOKEN_REQUIRED);
  }

  /** A description without tokens. */
  @Override
  public String toString() {
    return "BearerAuthentication[realm=%s]".formatted(realm);
  }
}
