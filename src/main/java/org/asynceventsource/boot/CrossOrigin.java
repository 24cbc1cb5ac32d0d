package org.asynceventsource.boot;

import jakarta.servlet.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.asynceventsource.middleware.CorsMiddleware;

/**
 * Lets the pages of configured origins in, before anybody is asked for a login: a browser's
 * preflight request has none, and a script can't see a 401 that doesn't name its origin.
 */
final class CrossOrigin {

  private static final String ANYBODY = "*";

  private CrossOrigin() {}

  /** What is wrong with the settings together, so that it is told with all other mistakes. */
  static List<String> mistakes(Settings settings) {
    Settings.Cors cors = settings.cors();
    List<String> mistakes = new ArrayList<>();
    if (!cors.origins().contains(ANYBODY)) {
      return mistakes;
    }
    if (cors.origins().size() > 1) {
      mistakes.add(
          "setting 'eventsource.cors.origins' names '*' beside others; name '*' alone or the others");
    }
    if (cors.credentials()) {
      mistakes.add(
          "setting 'eventsource.cors.credentials' is 'true' while 'eventsource.cors.origins' is '*':"
              + " any page could read with its visitor's login; name the origins");
    }
    if (settings.auth() != Settings.Auth.NONE) {
      mistakes.add(
          "setting 'eventsource.cors.origins' is '*' although 'eventsource.auth' guards reading;"
              + " name the origins");
    }
    return mistakes;
  }

  /**
   * What lets them in, if any are named; to stand before the login.
   *
   * @param cors which origins
   */
  static Optional<Filter> filter(Settings.Cors cors) {
    return cors.origins().isEmpty()
        ? Optional.empty()
        : Optional.of(
            CorsMiddleware.allow(cors.origins())
                .credentials(cors.credentials())
                .maxAge(cors.maxAge()));
  }
}
