package org.asynceventsource.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Predicate;
import org.asynceventsource.spi.UnspokenFailure;
import org.asynceventsource.spi.WarnOnce;

/**
 * Lets a guarded request pass if the container has authenticated its caller, and else has the
 * container ask for a login (Servlet 6.0 §13.3, {@code authenticate}): by the mechanism of Jakarta
 * Security that it drives, or by the {@code login-config} of {@code web.xml}. Drives no mechanism
 * itself, and needs no Jakarta Security.
 *
 * <p>Fails closed: what the container neither lets pass nor answers, is answered 403. Any thread.
 */
public final class ContainerLoginFilter implements Filter {

  private static final String NOBODY =
      "login required, but the container has asked for none; give the application a login-config in web.xml, or a mechanism of Jakarta Security";

  private final Predicate<? super HttpServletRequest> guarded;
  private final WarnOnce warnings = SecurityLog.warnings();

  /**
   * A filter in front of something to guard.
   *
   * @param guarded which requests need a caller, such as {@link AccessRules#guards}
   */
  public ContainerLoginFilter(Predicate<? super HttpServletRequest> guarded) {
    this.guarded = guarded;
  }

  /**
   * Lets the request pass with its caller, or has it answered.
   *
   * @param request the request
   * @param response the response
   * @param chain what is guarded
   * @throws IOException from what is guarded, or if the container can't send its challenge
   * @throws ServletException from what is guarded, or if this isn't HTTP
   */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse answer)) {
      throw new ServletException("only HTTP requests can be authenticated");
    }
    if (!guarded.test(http) || http.getUserPrincipal() != null || logsIn(http, answer)) {
      chain.doFilter(request, response);
    } else if (answer.getStatus() < HttpServletResponse.SC_BAD_REQUEST) {
      PlainAnswer.send(answer, HttpServletResponse.SC_FORBIDDEN, NOBODY);
    }
  }

  private boolean logsIn(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      return request.authenticate(response) && request.getUserPrincipal() != null;
    } catch (ServletException | RuntimeException e) {
      warnings.warn(
          "failure " + e.getClass().getName(),
          "the container can't log callers in, and their requests are refused; give the"
              + " application a login-config in web.xml, or set 'eventsource.auth'",
          UnspokenFailure.of(e));
      return false;
    }
  }
}
