package org.asynceventsource.middleware;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A servlet filter that lets nothing but HTTP pass. */
abstract sealed class HttpMiddleware implements Filter
    permits AuthorizationMiddleware,
        CorsMiddleware,
        HeaderFilterMiddleware,
        HeaderFreeMiddleware,
        RateLimitMiddleware,
        RequestLogMiddleware {

  /**
   * Lets the request pass, or answers it.
   *
   * @param request the request
   * @param response the response
   * @param chain what comes behind
   * @throws IOException from what comes behind, or if the client is gone
   * @throws ServletException from what comes behind, or if this isn't HTTP
   */
  @Override
  public final void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse answer)) {
      throw new ServletException(getClass().getSimpleName() + " takes HTTP requests only");
    }
    filter(http, answer, chain);
  }

  abstract void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException;
}
