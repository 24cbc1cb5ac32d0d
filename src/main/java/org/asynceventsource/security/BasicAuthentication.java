package org.asynceventsource.security;

import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.asynceventsource.ConfigurationException;

/**
 * The options of basic authentication for one event source. Immutable: each method answers a copy
 * with one change, in any order.
 */
public final class BasicAuthentication {

  private final String realm;
  private final List<Function<String, DigestIdentity>> users;
  private final List<IdentityStore> stores;
  private final boolean plainHttp;

  private BasicAuthentication(
      String realm,
      List<Function<String, DigestIdentity>> users,
      List<IdentityStore> stores,
      boolean plainHttp) {
    this.realm = realm;
    this.users = List.copyOf(users);
    this.stores = List.copyOf(stores);
    this.plainHttp = plainHttp;
  }

  static BasicAuthentication create() {
    return new BasicAuthentication(DigestHash.DEFAULT_REALM, List.of(), List.of(), false);
  }

  /**
   * What the caller logs in to.
   *
   * @param realm printable ASCII; shown by browsers and part of every stored hash
   * @return a copy with the realm
   */
  public BasicAuthentication realm(String realm) {
    return new BasicAuthentication(realm, users, stores, plainHttp);
  }

  /**
   * Begins a user; the next call gives the password. May be used several times.
   *
   * @param name the user's name, without a colon
   * @return what takes the password
   */
  public User username(String name) {
    return new User(this, name);
  }

  /**
   * Adds an identity store, which may know any number of users; asked after the users named here.
   *
   * @param store a store that validates {@code UsernamePasswordCredential} or {@link
   *     BasicCredential}
   * @return a copy with the store
   */
  public BasicAuthentication identityStore(IdentityStore store) {
    List<IdentityStore> more = new ArrayList<>(stores);
    more.add(store);
    return new BasicAuthentication(realm, users, more, plainHttp);
  }

  /**
   * Takes passwords without TLS from everywhere, although anybody on the way could read them.
   *
   * @return a copy
   */
  public BasicAuthentication overPlainHttp() {
    return new BasicAuthentication(realm, users, stores, true);
  }

  /**
   * Whether anybody could log in.
   *
   * @return whether there is a user or an identity store
   */
  public boolean hasCredentials() {
    return !users.isEmpty() || !stores.isEmpty();
  }

  /**
   * Makes the middleware; passwords are hashed here and not kept.
   *
   * @return the middleware
   * @throws ConfigurationException if nobody could log in, or a user or the realm can't be used
   */
  public AuthenticationMiddleware build() {
    if (!hasCredentials()) {
      throw new ConfigurationException(
          List.of("basic authentication has no users; add one by username and password"));
    }
    List<IdentityStore> all = new ArrayList<>();
    if (!users.isEmpty()) {
      all.add(MemoryIdentityStore.of(users.stream().map(user -> user.apply(realm)).toList()));
    }
    all.addAll(stores);
    BasicAuthenticationMechanism mechanism =
        BasicAuthenticationMechanism.of(realm, IdentityStores.of(all));
    return AuthenticationMiddleware.of(plainHttp ? mechanism.overPlainHttp() : mechanism);
  }

  private BasicAuthentication with(Function<String, DigestIdentity> user) {
    List<Function<String, DigestIdentity>> more = new ArrayList<>(users);
    more.add(user);
    return new BasicAuthentication(realm, more, stores, plainHttp);
  }

  /** A description without users. */
  @Override
  public String toString() {
    return "BasicAuthentication[realm=%s]".formatted(realm);
  }

  /** A user who lacks a password so far. */
  public static final class User {

    private final BasicAuthentication basic;
    private final String name;

    private User(BasicAuthentication basic, String name) {
      this.basic = basic;
      this.name = name;
    }

    /**
     * The user's password.
     *
     * @param password not empty
     * @return the options with this user added
     */
    public BasicAuthentication password(String password) {
      return basic.with(
          realm ->
              DigestIdentity.withPassword(name, realm, password, List.of(DigestAlgorithm.SHA_256)));
    }

    /**
     * The hash of the user's password.
     *
     * @param hash what {@link DigestHash#generateHash} made for name and realm
     * @return the options with this user added
     */
    public BasicAuthentication passwordHash(String hash) {
      return basic.with(realm -> DigestIdentity.withHash(name, realm, hash));
    }
  }
}
