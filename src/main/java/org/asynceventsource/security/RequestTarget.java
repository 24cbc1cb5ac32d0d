package org.asynceventsource.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;

/**
 * The request target as it stood in the request line, neither decoded nor normalised, query
 * included.
 *
 * <p>The digest covers the client's idea of it (RFC 7616 §3.4.6): were it not compared, a response
 * made for a harmless resource would open any other.
 */
final class RequestTarget {

  private RequestTarget() {}

  /** Whether the client's {@code uri} is the request's target. */
  static boolean matches(HttpServletRequest request, String uri) {
    String query = request.getQueryString();
    String path = request.getRequestURI();
    String target = query == null ? path : path + '?' + query;
    String claimed = withoutAuthority(request, uri);
    // Some containers don't tell "/a?" from "/a"; it is the same resource.
    boolean emptyQuery = query == null || query.isEmpty();
    return claimed.equals(target) || (emptyQuery && claimed.equals(path + '?'));
  }

  /** The origin form of an absolute one, if it names this host; else the text as it is. */
  private static String withoutAuthority(HttpServletRequest request, String uri) {
    String lower = uri.toLowerCase(Locale.ROOT);
    int length = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : 0;
    if (length == 0) {
      return uri;
    }
    int slash = uri.indexOf('/', length);
    if (slash < 0) {
      return uri;
    }
    return uri.substring(length, slash).equalsIgnoreCase(request.getHeader("Host"))
        ? uri.substring(slash)
        : uri;
  }
}
