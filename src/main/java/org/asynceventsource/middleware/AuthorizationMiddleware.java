package org.asynceventsource.middleware;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.asynceventsource.ConfigurationException;

/**
 * Lets a request pass if the application says so, and answers a status of its choice otherwise.
 *
 * <pre>{@code
 * events.addMiddleware(
 *     AuthorizationMiddleware.require(request -> request.isUserInRole("editor")).orStatus(404));
 * }</pre>
 *
 * <p>Every status but 204 is an error for an EventSource, which then never comes back; 204 tells it
 * to stop without an error. A condition that throws holds for nobody. Immutable; any thread.
 */
public final class AuthorizationMiddleware extends HttpMiddleware {

  private static final String REASON = "this is not for you";

  private final Predicate<? super HttpServletRequest> condition;
  private final int status;

  private AuthorizationMiddleware(Predicate<? super HttpServletRequest> condition, int status) {
    this.condition = condition;
    this.status = status;
  }

  /**
   * Requires a condition.
   *
   * @param condition called by a container's thread for every request; must be quick and must not
   *     keep the request
   * @return what answers 403 to others
   */
  public static AuthorizationMiddleware require(Predicate<? super HttpServletRequest> condition) {
    return new AuthorizationMiddleware(condition, HttpServletResponse.SC_FORBIDDEN);
  }

  /**
   * What others are answered.
   *
   * @param status 204, or from 400 to 499; with 401 goes a challenge that no browser asks a
   *     password for, since HTTP wants one (RFC 9110 §15.5.2)
   * @return a copy with the status
   * @throws ConfigurationException if it is another
   */
  public AuthorizationMiddleware orStatus(int status) {
    if (status != HttpServletResponse.SC_NO_CONTENT && (status < 400 || status > 499)) {
      throw new ConfigurationException(
          List.of("status %d is no refusal; use 204, or one from 400 to 499".formatted(status)));
    }
    return new AuthorizationMiddleware(condition, status);
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (holds(request)) {
      chain.doFilter(request, response);
    } else if (status == HttpServletResponse.SC_NO_CONTENT) {
      response.setStatus(status);
      response.setHeader("Cache-Control", "no-store");
    } else {
      if (status == HttpServletResponse.SC_UNAUTHORIZED) {
        response.setHeader("WWW-Authenticate", "Denied realm=\"eventsource\"");
      }
      PlainAnswer.send(response, status, REASON);
    }
  }

  private boolean holds(HttpServletRequest request) {
    try {
      return condition.test(request);
    } catch (RuntimeException failure) {
      Log.WARN.warn(
          "condition " + failure.getClass().getName(),
          "a condition on requests failed; such requests are refused",
          failure);
      return false;
    }
  }
}
