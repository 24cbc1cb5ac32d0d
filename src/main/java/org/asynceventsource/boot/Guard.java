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
import org.asynceventsource.security.AccessRules;
import org.asynceventsource.security.AuthenticationFilter;
import org.asynceventsource.security.DigestAlgorithm;
import org.asynceventsource.security.DigestAuthenticationMechanism;
import org.asynceventsource.security.DigestOptions;
import org.asynceventsource.security.Identities;
import org.asynceventsource.security.IdentityStores;
import org.asynceventsource.security.PublisherFilter;

/**
 * Makes the configured servlet filters for each event source: who is it, and may they publish.
 *
 * <p>One mechanism serves all event sources, so that a browser's login holds for all of them.
 */
final class Guard {

  private final ServletContext context;
  private final AccessRules rules;
  private final Optional<AuthenticationFilter> authentication;

  private Guard(
      ServletContext context, AccessRules rules, Optional<AuthenticationFilter> authentication) {
    this.context = context;
    this.rules = rules;
    this.authentication = authentication;
  }

  static Guard of(ServletContext context, Settings settings) {
    AccessRules rules =
        new AccessRules(settings.auth() == Settings.Auth.DIGEST, Set.copyOf(settings.publishers()));
    return new Guard(
        context,
        rules,
        mechanism(settings).map(found -> new AuthenticationFilter(found, rules::guards)));
  }

  /**
   * Without users of ours, callers are those whom the container has authenticated. The settings
   * were checked before, but a file of users may have changed since: a broken one must not open the
   * door.
   */
  private static Optional<HttpAuthenticationMechanism> mechanism(Settings settings) {
    List<String> mistakes = new ArrayList<>();
    DigestOptions options = options(settings);
    Identities identities = Identities.parse(settings.users().text(), options, mistakes);
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    return identities.stores().isEmpty()
        ? Optional.empty()
        : Optional.of(
            DigestAuthenticationMechanism.of(options, IdentityStores.of(identities.stores())));
  }

  private static DigestOptions options(Settings settings) {
    List<DigestAlgorithm> algorithms =
        settings.digestAlgorithms().stream()
            .flatMap(token -> DigestAlgorithm.parse(token).stream())
            .toList();
    return DigestOptions.of(settings.realm()).withAlgorithms(algorithms);
  }

  /**
   * What is wrong with users and publishers, so that it is told together with all other mistakes.
   */
  static List<String> mistakes(Settings settings) {
    List<String> mistakes = new ArrayList<>();
    Identities identities = Identities.parse(settings.users().text(), options(settings), mistakes);
    if (settings.auth() == Settings.Auth.DIGEST && identities.names().isEmpty()) {
      mistakes.add(
          "setting 'eventsource.auth' is 'digest' but 'eventsource.users' names nobody; add a user,"
              + " or set 'eventsource.auth' to none to let everybody read");
    }
    if (!identities.names().isEmpty()) {
      settings.publishers().stream()
          .filter(name -> !identities.names().contains(name))
          .map(
              name ->
                  "setting 'eventsource.publishers' names '%s', whom 'eventsource.users' doesn't know; add the user or remove the name"
                      .formatted(name))
          .forEach(mistakes::add);
    }
    return mistakes;
  }

  /**
   * Registers the authentication for one servlet, before all filters that the application declares.
   */
  void protect(String servletName) {
    authentication.ifPresent(
        filter -> {
          FilterRegistration.Dynamic registration =
              context.addFilter(servletName + " authentication", filter);
          registration.setAsyncSupported(true);
          registration.addMappingForServletNames(
              EnumSet.of(DispatcherType.REQUEST), false, servletName);
        });
  }

  /**
   * Who of those that are authenticated may publish: to stand behind the event source's middleware,
   * which may be what authenticates them.
   */
  Filter publishers() {
    return new PublisherFilter(rules);
  }
}
