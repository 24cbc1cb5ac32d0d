package org.asynceventsource.middleware;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.spi.Forwarding;
import org.asynceventsource.stream.SendingAway;

/**
 * Lets so many requests pass in a time, of all callers together or of each.
 *
 * <pre>{@code
 * events.addMiddleware(RateLimitMiddleware.of(30, Duration.ofMinutes(1)).perAddress());
 * }</pre>
 *
 * <p>An EventSource that is over the limit gets a stream with nothing but a reconnect time, which
 * is the time left and somewhat more, of its own: a status such as 429 would close it for good.
 * Others get 429 and {@code Retry-After}. Requests over the limit don't count.
 *
 * <p>An address of IPv6 stands for its first 64 bits; addresses are those that trusted proxies
 * tell. Of each limit at most {@value Rates#MAX_CALLERS} callers are remembered; beyond that the
 * one that came the longest time ago is forgotten, and so may begin anew: an attacker with many
 * addresses gets through, but shuts nobody out. Safe for use by several threads.
 */
public final class RateLimitMiddleware extends HttpMiddleware {

  private static final int TOO_MANY_REQUESTS = 429; // RFC 6585 §4
  private static final String EVERYBODY = "";
  private static final String REASON = "too many requests; try again later";

  private final Rates rates;
  private final Function<HttpServletRequest, String> caller;

  private RateLimitMiddleware(Rates rates, Function<HttpServletRequest, String> caller) {
    this.rates = rates;
    this.caller = caller;
  }

  /**
   * A limit.
   *
   * @param requests how many, at least 1; as many may come at once
   * @param window in which time; then as many more
   * @return a limit for all callers together, until {@link #perAddress} or {@link #perUser}
   * @throws ConfigurationException if either is not above zero
   */
  public static RateLimitMiddleware of(int requests, Duration window) {
    return of(requests, window, System::nanoTime);
  }

  static RateLimitMiddleware of(int requests, Duration window, LongSupplier clock) {
    if (requests < 1 || window.isZero() || window.isNegative()) {
      throw new ConfigurationException(
          List.of(
              "%d requests in %s would let nobody pass; use numbers above zero"
                  .formatted(requests, window)));
    }
    return new RateLimitMiddleware(new Rates(requests, window, clock), request -> EVERYBODY);
  }

  /**
   * One limit for all callers together: one of them can use it up for all.
   *
   * @return a copy, which has counted nothing yet
   */
  public RateLimitMiddleware forAll() {
    return new RateLimitMiddleware(rates.anew(), request -> EVERYBODY);
  }

  /**
   * A limit for each address.
   *
   * @return a copy, which has counted nothing yet
   */
  public RateLimitMiddleware perAddress() {
    return new RateLimitMiddleware(rates.anew(), RateLimitMiddleware::address);
  }

  /**
   * A limit for each user who has logged in, and for each address of those who haven't. Put it
   * behind authentication.
   *
   * @return a copy, which has counted nothing yet
   */
  public RateLimitMiddleware perUser() {
    return new RateLimitMiddleware(rates.anew(), RateLimitMiddleware::user);
  }

  private static String address(HttpServletRequest request) {
    return "address " + Forwarding.network(Forwarding.of(request).clientAddress(request));
  }

  private static String user(HttpServletRequest request) {
    Principal user = request.getUserPrincipal();
    return user == null ? address(request) : "user " + user.getName();
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Duration left = rates.take(caller.apply(request));
    if (left.isZero()) {
      chain.doFilter(request, response);
    } else if (SendingAway.suits(request)) {
      SendingAway.answer(request, response, left, left.plus(jitter(left)));
    } else {
      response.setHeader("Retry-After", Long.toString(left.plusMillis(999).toSeconds()));
      PlainAnswer.send(response, TOO_MANY_REQUESTS, REASON);
    }
  }

  /** So that those who were turned away together don't come back together. */
  private static Duration jitter(Duration left) {
    Duration half = left.dividedBy(2);
    return half.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : half;
  }
}
