package org.asynceventsource.boot;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.security.AccessFilter;
import org.asynceventsource.security.AccessRules;
import org.asynceventsource.security.DigestOptions;
import org.asynceventsource.security.Identities;
import org.asynceventsource.security.IdentitySettings;
import org.asynceventsource.security.OfferedAlgorithm;
import org.asynceventsource.security.TokenIdentities;
import org.asynceventsource.security.jwt.JwtOptions;
import org.asynceventsource.stream.Gate;

/**
 * Makes the configured servlet filters for each event source: who is it, and may they publish.
 *
 * <p>One mechanism serves all event sources, so that a browser's login holds for all of them.
 */
final class Guard {

  /** Those whom somebody else knows. */
  private static final Set<String> ANYBODY = Set.of("*");

  private final ServletContext context;
  private final AccessRules rules;
  private final Optional<Filter> origins;
  private final Optional<Filter> authentication;
  private final List<AutoCloseable> owned;

  private Guard(
      ServletContext context,
      AccessRules rules,
      Optional<Filter> origins,
      Optional<Filter> authentication,
      List<AutoCloseable> owned) {
    this.context = context;
    this.rules = rules;
    this.origins = origins;
    this.authentication = authentication;
    this.owned = List.copyOf(owned);
  }

  /**
   * The filters of an application.
   *
   * @param changes is told later of users whose rights have changed where users are kept
   */
  static Guard of(
      ServletContext context, Settings settings, Consumer<? super AccessChanged> changes) {
    AccessRules rules =
        new AccessRules(settings.auth() != Settings.Auth.NONE, Set.copyOf(settings.publishers()));
    List<AutoCloseable> owned = new ArrayList<>();
    Optional<Filter> authentication = authentication(settings, rules, changes, owned);
    return new Guard(context, rules, CrossOrigin.filter(settings.cors()), authentication, owned);
  }

  /** Ends what goes on behind the login, such as the fetching of keys. */
  void close() {
    for (AutoCloseable one : owned) {
      try {
        one.close();
      } catch (Exception e) {
        Log.LOGGER.log(Level.WARNING, "the login didn't stop in order", e);
      }
    }
  }

  /**
   * Where nobody can log in by settings, callers are those whom the container has authenticated;
   * and Jakarta Security needn't be there.
   */
  private static Optional<Filter> authentication(
      Settings settings,
      AccessRules rules,
      Consumer<? super AccessChanged> changes,
      List<AutoCloseable> owned) {
    Optional<Settings.Auth> publishing = publishing(settings);
    Optional<Settings.Auth> reading =
        settings.auth() == Settings.Auth.NONE ? publishing : Optional.of(settings.auth());
    if (reading.isEmpty()) {
      return Optional.empty();
    }
    try {
      LoginFilters logins = new LoginFilters(settings, rules, changes, owned);
      Filter readers = logins.filter(reading.get());
      return publishing.isEmpty() || publishing.equals(reading)
          ? Optional.of(readers)
          : Optional.of(byMethod(readers, logins.filter(publishing.get())));
    } catch (NoClassDefFoundError missing) {
      throw lacking(missing);
    }
  }

  /** How publishers log in; empty if nobody could. */
  private static Optional<Settings.Auth> publishing(Settings settings) {
    if (settings.publishAuth() != Settings.PublishAuth.AUTO) {
      return Optional.of(Settings.Auth.valueOf(settings.publishAuth().name()));
    }
    if (settings.auth() != Settings.Auth.NONE && settings.auth() != Settings.Auth.DENIED) {
      return Optional.of(settings.auth());
    }
    if (!settings.users().isEmpty()) {
      return Optional.of(Settings.Auth.DIGEST);
    }
    return settings.tokens().isEmpty() && !settings.jwt().isUsed()
        ? Optional.empty()
        : Optional.of(Settings.Auth.BEARER);
  }

  private static Filter byMethod(Filter readers, Filter publishers) {
    return (request, response, chain) -> {
      boolean publishes = request instanceof HttpServletRequest http && AccessRules.publishes(http);
      (publishes ? publishers : readers).doFilter(request, response, chain);
    };
  }

  static Identities identities(
      Settings settings, Consumer<? super AccessChanged> changes, List<String> mistakes) {
    try {
      return Identities.parse(
          new IdentitySettings(settings.users().text(), settings.groups()),
          options(settings),
          changes,
          mistakes);
    } catch (NoClassDefFoundError missing) {
      throw lacking(missing);
    }
  }

  private static EventSourceException lacking(NoClassDefFoundError missing) {
    if (String.valueOf(missing.getMessage()).contains("nimbus")) {
      return new EventSourceException(
          "signed tokens need a library that the application lacks; add com.nimbusds:nimbus-jose-jwt to WEB-INF/lib, or remove 'eventsource.jwt.issuer'",
          missing);
    }
    return new EventSourceException(
        "authentication needs Jakarta Security, which neither the container nor the application has; add jakarta.security.enterprise-api and jakarta.authentication-api to WEB-INF/lib, or remove 'eventsource.auth', 'eventsource.users' and 'eventsource.tokens'",
        missing);
  }

  /**
   * What is wrong with users and publishers, so that it is told together with all other mistakes.
   */
  static List<String> mistakes(Settings settings) {
    List<String> mistakes = new ArrayList<>();
    Set<String> users =
        settings.users().isEmpty()
            ? Set.of()
            : identities(settings, change -> {}, mistakes).names();
    Set<String> bearers = TokenIdentities.parse(settings.tokens().text(), mistakes).names();
    if (settings.jwt().isUsed()) {
      Settings.Jwt jwt = settings.jwt();
      mistakes.addAll(JwtOptions.mistakes(jwt.issuer(), jwt.audience(), jwt.keys()));
      bearers = ANYBODY;
    }
    requireSomebody("auth", settings.auth(), users, bearers, mistakes);
    Optional<Settings.Auth> publishing = publishing(settings);
    if (settings.publishAuth() != Settings.PublishAuth.AUTO) {
      requireSomebody("publish.auth", publishing.get(), users, bearers, mistakes);
    }
    boolean byToken = publishing.equals(Optional.of(Settings.Auth.BEARER));
    requireKnown(settings.publishers(), byToken ? "tokens" : "users", byToken ? bearers : users)
        .forEach(mistakes::add);
    return mistakes;
  }

  private static void requireSomebody(
      String setting,
      Settings.Auth auth,
      Set<String> users,
      Set<String> bearers,
      List<String> mistakes) {
    boolean byToken = auth == Settings.Auth.BEARER;
    boolean login = byToken || auth == Settings.Auth.DIGEST || auth == Settings.Auth.BASIC;
    if (login && (byToken ? bearers : users).isEmpty()) {
      mistakes.add(
          "setting 'eventsource.%s' is '%s' but 'eventsource.%s' names nobody; add a %s, or %s"
              .formatted(
                  setting,
                  auth.name().toLowerCase(Locale.ROOT),
                  byToken ? "tokens" : "users",
                  byToken ? "token" : "user",
                  setting.equals("auth")
                      ? "set 'eventsource.auth' to none to let everybody read"
                      : "remove the setting"));
    }
  }

  private static List<String> requireKnown(
      List<String> publishers, String setting, Set<String> names) {
    return names.isEmpty() || names.equals(ANYBODY)
        ? List.of()
        : publishers.stream()
            .filter(name -> !names.contains(name))
            .map(
                name ->
                    "setting 'eventsource.publishers' names '%s', whom 'eventsource.%s' doesn't know; add the user or remove the name"
                        .formatted(name, setting))
            .toList();
  }

  /**
   * Registers for one event source's servlet what lets pages of other origins in, and the login,
   * before all filters that the application declares for it by name. As one filter, since
   * containers disagree on the order of those that code registers.
   *
   * <p>Middleware that authenticates takes the place of the login. With both, each would find the
   * other's nonces foreign and ask for new ones for ever, or no caller could have logged in to both
   * realms.
   */
  void protect(String servletName, Gate gate) {
    Optional<Filter> login =
        authentication.map(filter -> LoginFilters.unlessReplaced(filter, gate));
    Optional<Filter> all =
        origins.isPresent() && login.isPresent()
            ? Optional.of(sequence(origins.get(), login.get()))
            : origins.or(() -> login);
    all.ifPresent(
        filter -> {
          FilterRegistration.Dynamic registration =
              context.addFilter(servletName + " authentication", filter);
          registration.setAsyncSupported(true);
          registration.addMappingForServletNames(
              EnumSet.of(DispatcherType.REQUEST), false, servletName);
        });
  }

  private static Filter sequence(Filter first, Filter second) {
    return (request, response, chain) ->
        first.doFilter(
            request, response, (passed, answer) -> second.doFilter(passed, answer, chain));
  }

  /**
   * Who of those that are authenticated may read and publish: to stand behind the event source's
   * middleware, which may be what authenticates them.
   */
  Filter access() {
    return new AccessFilter(rules);
  }

  static DigestOptions options(Settings settings) {
    Settings.Digest digest = settings.digest();
    List<OfferedAlgorithm> offers =
        digest.algorithms().stream()
            .flatMap(token -> OfferedAlgorithm.parse(token).stream())
            .toList();
    DigestOptions options =
        DigestOptions.of(settings.realm())
            .withOffers(offers)
            .withDomain(digest.domain())
            .withCharset(digest.charset())
            .withUserhash(digest.userhash())
            .withNonceLifetime(digest.nonceLifetime())
            .withMaxNonces(digest.nonces());
    if (!digest.opaque().isEmpty()) {
      options = options.withOpaque(digest.opaque());
    }
    int body = settings.limits().body();
    return digest.integrity()
        ? options.withProtectedBodies(body, Math.max(body, digest.integrityMemory()))
        : options;
  }
}
