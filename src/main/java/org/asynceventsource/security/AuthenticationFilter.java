package org.asynceventsource.security;

import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
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
import java.util.function.Predicate;
import org.asynceventsource.spi.UnspokenFailure;
import org.asynceventsource.spi.WarnOnce;

/**
 * Drives an authentication mechanism of Jakarta Security, any one, without the container's
 * security.
 *
 * <p>Behind it {@code getUserPrincipal}, {@code getRemoteUser}, {@code isUserInRole} (a group is a
 * role) and {@code getAuthType} answer what the mechanism found. A guarded request passes only if
 * the mechanism named a caller. One that isn't guarded passes without, unless it presents
 * credentials that the mechanism refuses: nobody silently becomes somebody less. Whatever fails,
 * fails closed: 500, and the cause in the log, once.
 *
 * <p>While identities are unavailable ({@link IdentitiesUnavailableException}), the answer is 503
 * with {@code Retry-After}; an EventSource, which any such status would close for good, gets a
 * stream with nothing but a reconnect time.
 *
 * <p>Register it as async-supported, for {@code REQUEST} dispatches only. It never calls {@code
 * secureResponse}: a stream's response is still open when the filter returns. A mechanism of digest
 * may have been driven by the container before: the verdict on a request is then found in it. One
 * of another's that counts nonces must not, since every request would be a replay. Any thread.
 */
public final class AuthenticationFilter implements Filter {

  private final HttpAuthenticationMechanism mechanism;
  private final Predicate<? super HttpServletRequest> guarded;
  private final String failureMessage;
  private final WarnOnce warnings = SecurityLog.warnings();

  /**
   * A filter in front of something to guard.
   *
   * @param mechanism finds out who the caller is
   * @param guarded which requests need a caller, such as {@link AccessRules#guards}
   */
  public AuthenticationFilter(
      HttpAuthenticationMechanism mechanism, Predicate<? super HttpServletRequest> guarded) {
    this(mechanism, guarded, FilterMessageContext.LOGIN_REQUIRED);
  }

  /**
   * A filter in front of something to guard.
   *
   * @param mechanism finds out who the caller is
   * @param guarded which requests need a caller, such as {@link AccessRules#guards}
   * @param failureMessage what callers who aren't let in are told
   */
  public AuthenticationFilter(
      HttpAuthenticationMechanism mechanism,
      Predicate<? super HttpServletRequest> guarded,
      String failureMessage) {
    this.mechanism = mechanism;
    this.guarded = guarded;
    this.failureMessage = failureMessage;
  }

  /**
   * Lets the request pass with its caller, or answers it.
   *
   * @param request the request
   * @param response the response
   * @param chain what is guarded
   * @throws IOException from what is guarded
   * @throws ServletException from what is guarded, or if this isn't HTTP
   */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse answer)) {
      throw new ServletException("only HTTP requests can be authenticated");
    }
    Optional<FilterMessageContext> passed = authenticate(http, answer);
    if (passed.isPresent()) {
      FilterMessageContext context = passed.get();
      chain.doFilter(requestOf(context), context.getResponse());
    }
  }

  /** What to go on with; empty if the request has been answered. */
  private Optional<FilterMessageContext> authenticate(
      HttpServletRequest request, HttpServletResponse response) {
    try {
      FilterMessageContext context =
          new FilterMessageContext(request, response, guarded.test(request), failureMessage);
      AuthenticationStatus status = mechanism.validateRequest(request, response, context);
      return passes(status, context) ? Optional.of(context) : Optional.empty();
    } catch (IdentitiesUnavailableException e) {
      warnings.warn("unavailable", "logins can't be checked now: " + e.getMessage());
      UnavailableAnswer.send(request, response);
      return Optional.empty();
    } catch (AuthenticationException | RuntimeException | LinkageError e) {
      warnings.warn(
          "failure " + e.getClass().getName(),
          "authentication failed inside and the request was answered 500; mend the cause",
          UnspokenFailure.of(e));
      PlainAnswer.send(
          response,
          HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
          "the login could not be checked; the server's log says why");
      return Optional.empty();
    }
  }

  private static boolean passes(AuthenticationStatus status, FilterMessageContext context) {
    return switch (status) {
      case SUCCESS, NOT_DONE -> passes(context);
      case SEND_CONTINUE -> false;
      case SEND_FAILURE -> {
        refuseIfUnanswered(context.getResponse());
        yield false;
      }
    };
  }

  private static boolean passes(FilterMessageContext context) {
    if (context.caller() != null || !context.isProtected()) {
      return true;
    }
    refuseIfUnanswered(context.getResponse());
    return false;
  }

  /** Mechanisms should answer what they refuse; a 200 without content must not come of it. */
  private static void refuseIfUnanswered(HttpServletResponse response) {
    if (response.getStatus() < HttpServletResponse.SC_BAD_REQUEST) {
      PlainAnswer.send(response, HttpServletResponse.SC_FORBIDDEN, "not allowed without a login");
    }
  }

  private static HttpServletRequest requestOf(FilterMessageContext context) {
    Principal caller = context.caller();
    return caller == null
        ? context.getRequest()
        : new AuthenticatedRequest(
            context.getRequest(), caller, context.getGroups(), context.authType());
  }
}
