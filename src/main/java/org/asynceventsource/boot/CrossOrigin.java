package org.asynceventsource.boot;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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
   * Registers what lets them in, for one path. By the path and not by the servlet's name: such
   * filters come first (Servlet 6.0 §6.2.4), and so before that of the login.
   */
  static void admit(ServletContext context, Settings.Cors cors, String path) {
    if (cors.origins().isEmpty()) {
      return;
    }
    CorsMiddleware middleware =
        CorsMiddleware.allow(cors.origins()).credentials(cors.credentials()).maxAge(cors.maxAge());
    FilterRegistration.Dynamic registration =
        context.addFilter(Application.servletName(path) + " origins", middleware);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, path);
  }
}
