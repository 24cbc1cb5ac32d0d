package org.asynceventsource.boot;

import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.servlet.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.security.AccessRules;
import org.asynceventsource.security.AuthenticationFilter;
import org.asynceventsource.security.BasicAuthenticationMechanism;
import org.asynceventsource.security.BearerAuthenticationMechanism;
import org.asynceventsource.security.ContainerLoginFilter;
import org.asynceventsource.security.DefinedDigestMechanism;
import org.asynceventsource.security.DeniedAuthenticationMechanism;
import org.asynceventsource.security.DigestAuthenticationMechanism;
import org.asynceventsource.security.Identities;
import org.asynceventsource.security.IdentityStores;
import org.asynceventsource.security.TokenIdentities;
import org.asynceventsource.security.TokenIdentityStore;
import org.asynceventsource.security.jwt.JwtIdentityStore;
import org.asynceventsource.security.jwt.JwtOptions;
import org.jspecify.annotations.Nullable;

/**
 * Makes what logs callers in. Needs Jakarta Security's classes even to be loaded; {@link Guard},
 * which must work without, touches it only where somebody is to log in.
 */
final class LoginFilters {

  private final Settings settings;
  private final AccessRules rules;
  private final Consumer<? super AccessChanged> changes;
  private final LoginLifeCycle lifeCycle;
  private @Nullable UserStores users; // made once for readers and publishers

  /**
   * What makes filters by settings, which are not kept by what it makes.
   *
   * @param changes is told later of users whose rights have changed where users are kept
   * @param lifeCycle takes what is to be told when the application has started and stops
   */
  LoginFilters(
      Settings settings,
      AccessRules rules,
      Consumer<? super AccessChanged> changes,
      LoginLifeCycle lifeCycle) {
    this.settings = settings;
    this.rules = rules;
    this.changes = changes;
    this.lifeCycle = lifeCycle;
  }

  Filter filter(Settings.Auth scheme) {
    String realm = settings.realm();
    return switch (scheme) {
      case BASIC -> {
        BasicAuthenticationMechanism basic =
            BasicAuthenticationMechanism.of(realm, users())
                .withLoginLimits(Guard.limits(settings.login()));
        yield filter(settings.basicInsecure() ? basic.overPlainHttp() : basic);
      }
      case BEARER ->
          new AuthenticationFilter(
              BearerAuthenticationMechanism.of(realm, tokens()),
              rules::guards,
              "login required: this needs a token");
      case DENIED ->
          new AuthenticationFilter(
              DeniedAuthenticationMechanism.of(realm), rules::guards, "nobody may read this");
      case DIGEST -> filter(DigestAuthenticationMechanism.of(Guard.options(settings), users()));
      case CONTAINER, NONE -> throw new IllegalArgumentException(scheme + " is no login of ours");
    };
  }

  private Filter filter(HttpAuthenticationMechanism mechanism) {
    return new AuthenticationFilter(mechanism, rules::guards);
  }

  private UserStores users() {
    if (users == null) {
      List<String> mistakes = new ArrayList<>();
      Identities identities = Guard.identities(settings, changes, mistakes);
      requireNone(mistakes);
      UserStores made = new UserStores(identities);
      lifeCycle.atStart(made::started);
      users = made;
    }
    return users;
  }

  private IdentityStores tokens() {
    List<String> mistakes = new ArrayList<>();
    TokenIdentities tokens = TokenIdentities.parse(settings.tokens().text(), mistakes);
    requireNone(mistakes);
    List<IdentityStore> stores = new ArrayList<>();
    stores.add(TokenIdentityStore.of(tokens.identities()));
    if (settings.jwt().isUsed()) {
      stores.add(Signed.store(settings.jwt(), lifeCycle));
    }
    return IdentityStores.of(stores);
  }

  /** Checked before, but a file may have changed since. */
  private static void requireNone(List<String> mistakes) {
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
  }

  /**
   * Lets in whom the mechanism of the application's annotation has logged in. Most containers have
   * driven it before; for those without Jakarta Security it is driven here.
   */
  static Filter defined(DefinedDigestMechanism mechanism, AccessRules rules) {
    Filter driven = new ContainerLoginFilter(rules::guards);
    Filter undriven = new AuthenticationFilter(mechanism, rules::guards);
    return (request, response, chain) ->
        (DefinedDigestMechanism.hasDriven(request) ? driven : undriven)
            .doFilter(request, response, chain);
  }

  /** What needs the library for signed tokens even to be loaded. */
  private static final class Signed {

    static IdentityStore store(Settings.Jwt jwt, LoginLifeCycle lifeCycle) {
      JwtIdentityStore store =
          JwtIdentityStore.of(
              JwtOptions.of(jwt.issuer(), jwt.audience(), jwt.keys())
                  .withAlgorithms(jwt.algorithms())
                  .withClaims(jwt.nameClaim(), jwt.groupsClaim())
                  .withSkew(jwt.skew()));
      lifeCycle.atEnd(store);
      return store;
    }
  }
}
