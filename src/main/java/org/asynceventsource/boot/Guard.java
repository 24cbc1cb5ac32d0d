package org.asynceventsource.boot;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.security.AccessFilter;
import org.asynceventsource.security.AccessRules;
import org.asynceventsource.security.AuthenticationMiddleware;
import org.asynceventsource.security.DigestOptions;
import org.asynceventsource.security.Identities;
import org.asynceventsource.security.IdentitySettings;
import org.asynceventsource.security.LoginLimits;
import org.asynceventsource.security.OfferedAlgorithm;
import org.asynceventsource.security.TicketFilter;
import org.asynceventsource.security.Tickets;
import org.asynceventsource.security.TokenIdentities;
import org.asynceventsource.security.jwt.JwtOptions;
import org.asynceventsource.stream.Gate;
import org.jspecify.annotations.Nullable;

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
  private final Tickets tickets;
  private final LoginLifeCycle lifeCycle;
  private final List<String> remarks = new ArrayList<>(); // of the thread that deploys
  private volatile Logins logins;

  private Guard(
      ServletContext context,
      AccessRules rules,
      Optional<Filter> origins,
      Tickets tickets,
      Logins logins,
      LoginLifeCycle lifeCycle) {
    this.context = context;
    this.rules = rules;
    this.origins = origins;
    this.tickets = tickets;
    this.logins = logins;
    this.lifeCycle = lifeCycle;
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
    LoginLifeCycle lifeCycle = new LoginLifeCycle();
    try {
      Logins logins = Logins.of(settings, rules, changes, lifeCycle);
      return new Guard(
          context,
          rules,
          CrossOrigin.filter(settings.cors()),
          Tickets.lasting(settings.tickets()),
          logins,
          lifeCycle);
    } catch (NoClassDefFoundError missing) {
      lifeCycle.end();
      throw lacking(missing);
    } catch (RuntimeException failure) {
      lifeCycle.end(); // such as the fetching of keys, which nobody else would stop
      throw failure;
    }
  }

  /**
   * Logs callers in by what the application has defined from now on, wherever the settings say
   * digest, the container or nothing. It is found only after event sources may have been made.
   *
   * @param login makes the filter
   * @param everywhere whether the container logs callers in at all URLs, and not only the filter
   */
  void define(Function<AccessRules, Filter> login, boolean everywhere) {
    if (logins.asksUsersByDigest()) {
      remarks.add(
          "'eventsource.users' isn't asked, since @DigestAuthenticationMechanismDefinition leaves users to beans of type IdentityStore; add them there, or remove one of the two");
    }
    if (!everywhere) {
      remarks.add(
          "@DigestAuthenticationMechanismDefinition concerns event sources only, since the container has no Jakarta Security; guard other URLs by a filter of the application's, or deploy to a container that has it");
    }
    logins = logins.definedAs(login.apply(rules));
  }

  /** What the application should be told about its logins. */
  List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** The application has started, with or without CDI. */
  void connect(@Nullable Cdi cdi) {
    lifeCycle.started(cdi);
  }

  /** Ends what goes on behind the login, such as the fetching of keys. */
  void close() {
    lifeCycle.end();
  }

  static Identities identities(
      Settings settings, Consumer<? super AccessChanged> changes, List<String> mistakes) {
    try {
      return Identities.parse(
          new IdentitySettings(
              settings.users().text(),
              settings.stores().groups(),
              settings.stores().query(),
              settings.stores().groupsQuery()),
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
    Set<String> users = users(settings, mistakes);
    Set<String> bearers = TokenIdentities.parse(settings.tokens().text(), mistakes).names();
    if (settings.jwt().isUsed()) {
      Settings.Jwt jwt = settings.jwt();
      mistakes.addAll(JwtOptions.mistakes(jwt.issuer(), jwt.audience(), jwt.keys()));
      bearers = ANYBODY;
    }
    if (settings.auth() == Settings.Auth.DENIED && !settings.tickets().isZero()) {
      mistakes.add(
          "setting 'eventsource.tickets' issues tickets for reading but 'eventsource.auth' is 'denied', so that nobody may read; remove one of them");
    }
    requireSomebody("auth", settings.auth(), users, bearers, mistakes);
    Settings.Auth publishing = Logins.publishers(settings);
    if (settings.publishAuth() != Settings.PublishAuth.AUTO) {
      requireSomebody("publish.auth", publishing, users, bearers, mistakes);
    }
    boolean byToken = publishing == Settings.Auth.BEARER;
    if (publishing != Settings.Auth.CONTAINER) {
      requireKnown(settings.publishers(), byToken ? "tokens" : "users", byToken ? bearers : users)
          .forEach(mistakes::add);
    }
    return mistakes;
  }

  private static Set<String> users(Settings settings, List<String> mistakes) {
    if (settings.users().isEmpty()) {
      return Set.of();
    }
    Identities identities = identities(settings, change -> {}, mistakes);
    return identities.open() ? ANYBODY : identities.names();
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
  void protect(String servletName, String path, Gate gate) {
    Filter others = (request, response, chain) -> logIn(gate, request, response, chain);
    Filter login = tickets.areIssued() ? new TicketFilter(tickets, path, others) : others;
    FilterRegistration.Dynamic registration =
        context.addFilter(
            servletName + " authentication",
            origins.map(first -> sequence(first, login)).orElse(login));
    registration.setAsyncSupported(true);
    registration.addMappingForServletNames(EnumSet.of(DispatcherType.REQUEST), false, servletName);
  }

  private void logIn(Gate gate, ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Optional<Filter> login =
        request instanceof HttpServletRequest http && !gate.has(AuthenticationMiddleware.class)
            ? logins.of(http)
            : Optional.empty();
    if (login.isPresent()) {
      login.get().doFilter(request, response, chain);
    } else {
      chain.doFilter(request, response);
    }
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
  Filter access(String path) {
    return new AccessFilter(rules, path);
  }

  Tickets tickets() {
    return tickets;
  }

  static LoginLimits limits(Settings.Login login) {
    return new LoginLimits(login.failures(), login.delay().shortest(), login.delay().longest());
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
            .withMaxNonces(digest.nonces())
            .withLoginLimits(limits(settings.login()));
    if (!digest.opaque().isEmpty()) {
      options = options.withOpaque(digest.opaque());
    }
    int body = settings.limits().body();
    return digest.integrity()
        ? options.withProtectedBodies(body, Math.max(body, digest.integrityMemory()))
        : options;
  }
}
