package org.asynceventsource.boot;

import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.security.AccessFilter;
import org.asynceventsource.security.AccessRules;
import org.asynceventsource.security.AuthenticationFilter;
import org.asynceventsource.security.AuthenticationMiddleware;
import org.asynceventsource.security.DigestAuthenticationMechanism;
import org.asynceventsource.security.DigestOptions;
import org.asynceventsource.security.Identities;
import org.asynceventsource.security.IdentityStores;
import org.asynceventsource.security.OfferedAlgorithm;
import org.asynceventsource.stream.Gate;

/**
 * Makes the configured servlet filters for each event source: who is it, and may they publish.
 *
 * <p>One mechanism serves all event sources, so that a browser's login holds for all of them.
 */
final class Guard {

  private final ServletContext context;
  private final AccessRules rules;
  private final Optional<Filter> authentication;

  private Guard(ServletContext context, AccessRules rules, Optional<Filter> authentication) {
    this.context = context;
    this.rules = rules;
    this.authentication = authentication;
  }

  static Guard of(ServletContext context, Settings settings) {
    AccessRules rules =
        new AccessRules(settings.auth() == Settings.Auth.DIGEST, Set.copyOf(settings.publishers()));
    return new Guard(context, rules, authentication(settings, rules));
  }

  /**
   * Without users of ours, callers are those whom the container has authenticated; and Jakarta
   * Security needn't be there.
   */
  private static Optional<Filter> authentication(Settings settings, AccessRules rules) {
    if (settings.users().isEmpty()) {
      return Optional.empty();
    }
    List<String> mistakes = new ArrayList<>();
    Identities identities = identities(settings, mistakes);
    if (!mistakes.isEmpty()) { // checked before, but a file of users may have changed since
      throw new ConfigurationException(mistakes);
    }
    return identities.stores().isEmpty()
        ? Optional.empty()
        : Optional.of(Linked.filter(settings, rules, identities));
  }

  private static Identities identities(Settings settings, List<String> mistakes) {
    try {
      return Identities.parse(settings.users().text(), options(settings), mistakes);
    } catch (NoClassDefFoundError missing) {
      throw new EventSourceException(
          "digest authentication needs Jakarta Security, which neither the container nor the application has; add jakarta.security.enterprise-api and jakarta.authentication-api to WEB-INF/lib, or remove 'eventsource.users'",
          missing);
    }
  }

  /** What needs Jakarta Security's classes even to be loaded. */
  private static final class Linked {

    static Filter filter(Settings settings, AccessRules rules, Identities identities) {
      HttpAuthenticationMechanism mechanism =
          DigestAuthenticationMechanism.of(
              options(settings), IdentityStores.of(identities.stores()));
      return new AuthenticationFilter(mechanism, rules::guards);
    }

    static Filter unlessReplaced(Filter filter, Gate gate) {
      return (request, response, chain) -> {
        if (gate.has(AuthenticationMiddleware.class)) {
          chain.doFilter(request, response);
        } else {
          filter.doFilter(request, response, chain);
        }
      };
    }
  }

  private static DigestOptions options(Settings settings) {
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

  /**
   * What is wrong with users and publishers, so that it is told together with all other mistakes.
   */
  static List<String> mistakes(Settings settings) {
    List<String> mistakes = new ArrayList<>();
    Set<String> names =
        settings.users().isEmpty() ? Set.of() : identities(settings, mistakes).names();
    if (settings.auth() == Settings.Auth.DIGEST && names.isEmpty()) {
      mistakes.add(
          "setting 'eventsource.auth' is 'digest' but 'eventsource.users' names nobody; add a user,"
              + " or set 'eventsource.auth' to none to let everybody read");
    }
    if (!names.isEmpty()) {
      settings.publishers().stream()
          .filter(name -> !names.contains(name))
          .map(
              name ->
                  "setting 'eventsource.publishers' names '%s', whom 'eventsource.users' doesn't know; add the user or remove the name"
                      .formatted(name))
          .forEach(mistakes::add);
    }
    return mistakes;
  }

  /**
   * Registers the authentication for one event source's servlet, before all filters that the
   * application declares for it by name.
   *
   * <p>Middleware that authenticates takes its place. With both, each would find the other's nonces
   * foreign and ask for new ones for ever, or no caller could have logged in to both realms.
   */
  void protect(String servletName, Gate gate) {
    authentication.ifPresent(
        filter -> {
          FilterRegistration.Dynamic registration =
              context.addFilter(
                  servletName + " authentication", Linked.unlessReplaced(filter, gate));
          registration.setAsyncSupported(true);
          registration.addMappingForServletNames(
              EnumSet.of(DispatcherType.REQUEST), false, servletName);
        });
  }

  /**
   * Who of those that are authenticated may read and publish: to stand behind the event source's
   * middleware, which may be what authenticates them.
   */
  Filter access() {
    return new AccessFilter(rules);
  }
}
