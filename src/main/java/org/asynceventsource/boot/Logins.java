package org.asynceventsource.boot;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Consumer;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.security.AccessRules;
import org.asynceventsource.security.ContainerLoginFilter;

/**
 * How callers log in by the settings: readers in one way, publishers in the same or another.
 * Immutable.
 *
 * @param readers how those who read are to log in
 * @param publishers how those who publish are to log in; none if nobody could
 * @param reading logs readers in; empty if nobody is to
 * @param publishing logs publishers in; empty if nobody is to
 */
record Logins(
    Settings.Auth readers,
    Settings.Auth publishers,
    Optional<Filter> reading,
    Optional<Filter> publishing) {

  /**
   * Where nobody can log in by settings, callers are those whom the container has authenticated;
   * and Jakarta Security needn't be there.
   */
  static Logins of(
      Settings settings,
      AccessRules rules,
      Consumer<? super AccessChanged> changes,
      LoginLifeCycle lifeCycle) {
    Settings.Auth publishers = publishers(settings);
    // Whoever can log in is known also where reading is open.
    Settings.Auth readers = settings.auth() == Settings.Auth.NONE ? publishers : settings.auth();
    Optional<LoginFilters> ours =
        isOurs(readers) || isOurs(publishers)
            ? Optional.of(new LoginFilters(settings, rules, changes, lifeCycle))
            : Optional.empty();
    Optional<Filter> reading = filter(readers, rules, ours);
    return new Logins(
        readers,
        publishers,
        reading,
        publishers == readers ? reading : filter(publishers, rules, ours));
  }

  private static boolean isOurs(Settings.Auth scheme) {
    return scheme != Settings.Auth.NONE && scheme != Settings.Auth.CONTAINER;
  }

  private static Optional<Filter> filter(
      Settings.Auth scheme, AccessRules rules, Optional<LoginFilters> ours) {
    return scheme == Settings.Auth.CONTAINER
        ? Optional.of(new ContainerLoginFilter(rules::guards))
        : ours.filter(filters -> isOurs(scheme)).map(filters -> filters.filter(scheme));
  }

  /** How publishers log in by the settings; none if nobody could. */
  static Settings.Auth publishers(Settings settings) {
    if (settings.publishAuth() != Settings.PublishAuth.AUTO) {
      return Settings.Auth.valueOf(settings.publishAuth().name());
    }
    if (settings.auth() != Settings.Auth.NONE && settings.auth() != Settings.Auth.DENIED) {
      return settings.auth();
    }
    if (!settings.users().isEmpty()) {
      return Settings.Auth.DIGEST;
    }
    return settings.tokens().isEmpty() && !settings.jwt().isUsed()
        ? Settings.Auth.NONE
        : Settings.Auth.BEARER;
  }

  /** These, but where they are digest's or the container's, what the application has defined. */
  Logins definedAs(Filter defined) {
    return new Logins(
        readers,
        publishers,
        isDefined(readers) ? Optional.of(defined) : reading,
        isDefined(publishers) ? Optional.of(defined) : publishing);
  }

  /** Whether users of the settings would have been asked, whom a definition leaves unasked. */
  boolean asksUsersByDigest() {
    return readers == Settings.Auth.DIGEST || publishers == Settings.Auth.DIGEST;
  }

  private static boolean isDefined(Settings.Auth scheme) {
    return switch (scheme) {
      case NONE, DIGEST, CONTAINER -> true;
      case BASIC, BEARER, DENIED -> false;
    };
  }

  /** What logs the caller of a request in, if anything. */
  Optional<Filter> of(HttpServletRequest request) {
    return AccessRules.publishes(request) ? publishing : reading;
  }
}
