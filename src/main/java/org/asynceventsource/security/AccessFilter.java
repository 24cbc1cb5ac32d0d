package org.asynceventsource.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Optional;
import org.asynceventsource.spi.WarnOnce;
import org.jspecify.annotations.Nullable;

/**
 * Lets only those read and publish who may; everybody else is answered 403 and told why. Stands
 * last, behind whatever finds out who the caller is: an {@link AuthenticationFilter}, an event
 * source's own middleware or the container.
 *
 * <p>Being last, it judges the request that is really served. A forwarded or included one passes no
 * filter that is there for requests, and one whose method somebody changed on the way was judged by
 * another. Any thread.
 */
public final class AccessFilter implements Filter {

  private final AccessRules rules;
  private final String path;
  private final WarnOnce warnings = SecurityLog.warnings();

  /**
   * A filter in front of an event source.
   *
   * @param rules who may read and publish
   * @param path the event source's path below the context, which tickets must be for
   */
  public AccessFilter(AccessRules rules, String path) {
    this.rules = rules;
    this.path = path;
  }

  /**
   * Lets the request pass unless it reads or publishes and may not.
   *
   * @param request the request
   * @param response the response
   * @param chain the event source
   * @throws IOException from the event source
   * @throws ServletException from the event source, or if this isn't HTTP
   */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse answer)) {
      throw new ServletException("only HTTP requests can be judged");
    }
    Optional<String> refusal = refusal(http);
    if (refusal.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    warnings.warn(refusal.get(), "a request was answered 403: " + refusal.get());
    PlainAnswer.send(answer, HttpServletResponse.SC_FORBIDDEN, refusal.get());
  }

  private Optional<String> refusal(HttpServletRequest request) {
    Principal caller = request.getUserPrincipal();
    if (AccessRules.publishes(request)) {
      return publishingRefusal(caller);
    }
    if (TicketFilter.isOutside(request, path)) {
      return Optional.of(
          "the ticket is for something else than what this request became on its way");
    }
    return caller == null
            && rules.guards(request)
            && request.getAttribute(AccessRules.OPENED) == null
        ? Optional.of(
            "reading needs a login, which a request can't make up for on its way; send it to the event source itself")
        : Optional.empty();
  }

  private Optional<String> publishingRefusal(@Nullable Principal caller) {
    if (rules.publishers().isEmpty()) {
      return Optional.of(
          "nobody may publish over HTTP; name those who may in the setting 'eventsource.publishers'");
    }
    if (caller == null) {
      return Optional.of(
          "publishing needs a login, but nobody can log in; set 'eventsource.users'");
    }
    return rules.publishers().contains(caller.getName())
        ? Optional.empty()
        : Optional.of(
            "this user may not publish; the setting 'eventsource.publishers' names those who may");
  }
}
