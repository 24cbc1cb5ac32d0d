package org.asynceventsource.security;

import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.asynceventsource.ConfigurationException;

/**
 * Authentication for one event source, as a servlet filter that guards every request. There it
 * takes the place of what the settings configure.
 *
 * <pre>{@code
 * events.addMiddleware(
 *     AuthenticationMiddleware.digest()
 *         .realm("My app name")
 *         .username("admin")
 *         .password("admin")
 *         .build());
 * }</pre>
 *
 * <p>Immutable; any thread. Keeps hashes, no passwords.
 */
public final class AuthenticationMiddleware implements Filter {

  private static final HttpAuthenticationMechanism NOBODY_ASKED =
      (request, response, context) -> {
        request.setAttribute(AccessRules.OPENED, true);
        return context.doNothing();
      };

  private final HttpAuthenticationMechanism mechanism;
  private final AuthenticationFilter filter;

  private AuthenticationMiddleware(HttpAuthenticationMechanism mechanism, String failureMessage) {
    this.mechanism = mechanism;
    boolean guarded = mechanism != NOBODY_ASKED;
    this.filter = new AuthenticationFilter(mechanism, request -> guarded, failureMessage);
  }

  /**
   * No authentication: everybody may read, whatever the settings say. Publishing still needs a
   * login, which nobody is asked for then.
   *
   * @return the middleware
   */
  public static AuthenticationMiddleware none() {
    return of(NOBODY_ASKED);
  }

  /**
   * Nobody may come in, whoever they are.
   *
   * @return the middleware
   */
  public static AuthenticationMiddleware denied() {
    return of(DeniedAuthenticationMechanism.of(DigestHash.DEFAULT_REALM))
        .failureMessage("nobody may come in here");
  }

  /**
   * Basic authentication (RFC 7617), over TLS.
   *
   * @return its options: realm {@value DigestHash#DEFAULT_REALM}, nobody who may log in
   */
  public static BasicAuthentication basic() {
    return BasicAuthentication.create();
  }

  /**
   * Bearer tokens (RFC 6750).
   *
   * @return its options: realm {@value DigestHash#DEFAULT_REALM}, nobody who may log in
   */
  public static BearerAuthentication bearer() {
    return BearerAuthentication.create();
  }

  /**
   * A check of the application's own.
   *
   * @param challenge what the 401 tells clients to log in by, as in the header field {@code
   *     WWW-Authenticate} (RFC 9110 §11.6.1), such as {@code Company realm="shop"}
   * @param function who the caller of a request is, or empty to refuse it; called by containers'
   *     threads, several at once; if it throws, the request is answered 500
   * @return the middleware
   */
  public static AuthenticationMiddleware authenticate(
      String challenge,
      Function<? super HttpServletRequest, ? extends Optional<? extends Principal>> function) {
    return of(
        (request, response, context) -> {
          Optional<? extends Principal> caller = function.apply(request);
          if (caller.isPresent()) {
            return context.notifyContainerAboutLogin(caller.get(), Set.of());
          }
          response.setHeader("WWW-Authenticate", challenge);
          return context.responseUnauthorized();
        });
  }

  /**
   * Digest authentication (RFC 7616).
   *
   * @return its options: realm {@value DigestHash#DEFAULT_REALM}, SHA-256, nobody who may log in
   */
  public static Digest digest() {
    return new Digest(DigestOptions.of(DigestHash.DEFAULT_REALM), List.of(), List.of());
  }

  /**
   * Any other authentication mechanism of Jakarta Security.
   *
   * @param mechanism the mechanism; must be safe for use by several threads
   * @return the middleware
   */
  public static AuthenticationMiddleware of(HttpAuthenticationMechanism mechanism) {
    return new AuthenticationMiddleware(mechanism, FilterMessageContext.LOGIN_REQUIRED);
  }

  /**
   * What callers who aren't let in are told.
   *
   * @param message plain text; to be shown to anybody
   * @return a copy
   */
  public AuthenticationMiddleware failureMessage(String message) {
    return new AuthenticationMiddleware(mechanism, message);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    boolean denied = mechanism instanceof DeniedAuthenticationMechanism;
    if (request.getAttribute(TicketFilter.ADMITTED) == null || denied) {
      filter.doFilter(request, response, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  /** Makes a user once realm and algorithms are known. */
  @FunctionalInterface
  private interface UserSource {
    DigestIdentity user(DigestOptions options);
  }

  /**
   * The options of digest authentication. Immutable: each method answers a copy with one change, in
   * any order.
   */
  public static final class Digest {

    private final DigestOptions options;
    private final List<UserSource> users;
    private final List<IdentityStore> stores;

    private Digest(DigestOptions options, List<UserSource> users, List<IdentityStore> stores) {
      this.options = options;
      this.users = List.copyOf(users);
      this.stores = List.copyOf(stores);
    }

    /**
     * What the caller logs in to.
     *
     * @param realm printable ASCII; shown by browsers and part of every stored hash
     * @return a copy with the realm
     * @throws ConfigurationException if the realm can't be used
     */
    public Digest realm(String realm) {
      return new Digest(options.withRealm(realm), users, stores);
    }

    /**
     * The algorithms that clients may choose from.
     *
     * @param algorithms one or more, the one that is preferred first; {@code SHA_256} unless set
     * @return a copy with the algorithms
     * @throws ConfigurationException if there is none
     */
    public Digest algorithms(DigestAlgorithm... algorithms) {
      return new Digest(options.withAlgorithms(List.of(algorithms)), users, stores);
    }

    /**
     * Changes any of the options, such as {@code options -> options.withDomain(paths)}.
     *
     * @param change what answers the changed options
     * @return a copy with the changed options
     * @throws ConfigurationException if an option can't be used
     */
    public Digest options(UnaryOperator<DigestOptions> change) {
      return new Digest(change.apply(options), users, stores);
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
     * @param store a store that validates {@link DigestCredential}
     * @return a copy with the store
     */
    public Digest identityStore(IdentityStore store) {
      return new Digest(options, users, plus(stores, store));
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
     * @throws ConfigurationException if nobody could log in, or a user can't be used
     */
    public AuthenticationMiddleware build() {
      if (!hasCredentials()) {
        throw new ConfigurationException(
            List.of("digest authentication has no users; add one by username and password"));
      }
      List<IdentityStore> all = new ArrayList<>();
      if (!users.isEmpty()) {
        all.add(MemoryIdentityStore.of(identities()));
      }
      all.addAll(stores);
      return of(DigestAuthenticationMechanism.of(options, IdentityStores.of(all)));
    }

    private List<DigestIdentity> identities() {
      List<DigestIdentity> identities = users.stream().map(user -> user.user(options)).toList();
      List<String> mistakes =
          identities.stream().flatMap(user -> MissingHashes.of(user, options).stream()).toList();
      if (!mistakes.isEmpty()) {
        throw new ConfigurationException(mistakes);
      }
      return identities;
    }

    private Digest with(UserSource user) {
      return new Digest(options, plus(users, user), stores);
    }

    private static <T> List<T> plus(Collection<T> some, T another) {
      List<T> all = new ArrayList<>(some);
      all.add(another);
      return all;
    }

    /** A description without users. */
    @Override
    public String toString() {
      return "Digest[realm=%s, algorithms=%s]".formatted(options.realm(), options.offers());
    }
  }

  /** A user who lacks a password so far. */
  public static final class User {

    private final Digest digest;
    private final String name;

    private User(Digest digest, String name) {
      this.digest = digest;
      this.name = name;
    }

    /**
     * The user's password.
     *
     * @param password not empty
     * @return the options with this user added
     */
    public Digest password(String password) {
      return digest.with(
          options ->
              DigestIdentity.withPassword(name, options.realm(), password, options.algorithms()));
    }

    /**
     * The hash of the user's password.
     *
     * @param hash what {@link DigestHash#generateHash} made for name, realm and the one algorithm
     *     offered
     * @return the options with this user added
     */
    public Digest passwordHash(String hash) {
      return digest.with(options -> DigestIdentity.withHash(name, options.realm(), hash));
    }
  }
}
