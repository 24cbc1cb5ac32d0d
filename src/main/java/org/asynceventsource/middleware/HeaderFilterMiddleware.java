package org.asynceventsource.middleware;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * Hides some header fields of requests from all that comes behind, such as those that only a proxy
 * may set.
 *
 * <pre>{@code
 * events.addMiddleware(HeaderFilterMiddleware.remove("X-User", "X-Tenant"));
 * }</pre>
 *
 * <p>Don't hide {@code Origin} or {@code Sec-Fetch-Site} where browsers publish: they tell foreign
 * pages apart. Immutable; any thread.
 */
public final class HeaderFilterMiddleware extends HttpMiddleware {

  private final FieldNames hidden;

  private HeaderFilterMiddleware(FieldNames hidden) {
    this.hidden = hidden;
  }

  /**
   * Hides header fields.
   *
   * @param names their names, in any case
   * @return the middleware
   */
  public static HeaderFilterMiddleware remove(String... names) {
    return new HeaderFilterMiddleware(FieldNames.of(List.of(names)));
  }

  /**
   * Doesn't hide some of them after all.
   *
   * @param names their names, in any case
   * @return a copy without these names
   */
  public HeaderFilterMiddleware without(String... names) {
    return new HeaderFilterMiddleware(hidden.without(List.of(names)));
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(new HiddenFields(request, hidden::contains), response);
  }
}
