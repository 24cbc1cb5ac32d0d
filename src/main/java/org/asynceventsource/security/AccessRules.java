package org.asynceventsource.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/**
 * Who may do what with an event source. Immutable.
 *
 * <p>GET and HEAD read, POST and PUT publish; other methods do nothing here and are nobody's
 * business but the event source's, which answers 405.
 *
 * @param readingGuarded whether readers have to log in
 * @param publishers the names of those who may publish; the right to read doesn't imply it
 */
public record AccessRules(boolean readingGuarded, Set<String> publishers) {

  /**
   * The request attribute that says that somebody has let everybody read, whatever is configured.
   */
  static final String OPENED = "org.asynceventsource.security.opened";

  /**
   * Copies the names.
   *
   * @param readingGuarded whether readers have to log in
   * @param publishers the names of those who may publish
   */
  public AccessRules {
    publishers = Set.copyOf(publishers);
  }

  /**
   * Whether a request needs a caller who has logged in.
   *
   * @param request the request
   * @return {@code true} for reading if that is guarded, and for publishing; not while there are no
   *     publishers, when logging in would help nobody
   */
  public boolean guards(HttpServletRequest request) {
    return reads(request) ? readingGuarded : publishes(request) && !publishers.isEmpty();
  }

  /**
   * Whether a request publishes.
   *
   * @param request the request
   * @return whether its method is POST or PUT
   */
  public static boolean publishes(HttpServletRequest request) {
    return request.getMethod().equals("POST") || request.getMethod().equals("PUT");
  }

  static boolean reads(HttpServletRequest request) {
    return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
  }
}
