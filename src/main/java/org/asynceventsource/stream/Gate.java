package org.asynceventsource.stream;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.asynceventsource.EventSourceException;
import org.jspecify.annotations.Nullable;

/** What the application puts before an event source: filters and conditions. Fails closed. */
public final class Gate {

  private final List<Filter> middleware = new CopyOnWriteArrayList<>();
  private final List<Predicate<? super HttpServletRequest>> filters = new CopyOnWriteArrayList<>();
  private final List<Predicate<? super HttpServletRequest>> authorizers =
      new CopyOnWriteArrayList<>();
  private final ServletContext context;

  Gate(ServletContext context) {
    this.context = context;
  }

  void addMiddleware(Filter filter) {
    try {
      filter.init(new MiddlewareConfig(filter, context));
    } catch (ServletException e) {
      throw new EventSourceException(
          "middleware %s can't be initialised: %s"
              .formatted(filter.getClass().getName(), e.getMessage()),
          e);
    }
    middleware.add(filter);
  }

  void addFilter(Predicate<? super HttpServletRequest> predicate) {
    filters.add(predicate);
  }

  void addAuthorizer(Predicate<? super HttpServletRequest> predicate) {
    authorizers.add(predicate);
  }

  void close() {
    middleware.forEach(Filter::destroy);
  }

  /**
   * Whether there is middleware of a kind.
   *
   * @param type the kind
   * @return whether at least one filter of the middleware is of this type
   */
  public boolean has(Class<? extends Filter> type) {
    return middleware.stream().anyMatch(type::isInstance);
  }

  /**
   * Sends a request through the middleware.
   *
   * @param request the request
   * @param response its response
   * @param end what comes behind the last filter
   * @throws IOException as thrown by a filter or the end
   * @throws ServletException as thrown by a filter or the end
   */
  public void pass(ServletRequest request, ServletResponse response, FilterChain end)
      throws IOException, ServletException {
    passFrom(0, request, response, end);
  }

  private void passFrom(
      int index, ServletRequest request, ServletResponse response, FilterChain end)
      throws IOException, ServletException {
    if (index >= middleware.size()) {
      end.doFilter(request, response);
    } else {
      middleware
          .get(index)
          .doFilter(request, response, (rq, rs) -> passFrom(index + 1, rq, rs, end));
    }
  }

  /**
   * Whether a request is for this event source.
   *
   * @param request the request
   * @return whether all filter conditions hold
   */
  public boolean accepts(HttpServletRequest request) {
    return all(filters, request);
  }

  /**
   * Whether a request may open a stream.
   *
   * @param request the request
   * @return whether all authorization conditions hold
   */
  public boolean authorizes(HttpServletRequest request) {
    return all(authorizers, request);
  }

  private static boolean all(
      List<Predicate<? super HttpServletRequest>> conditions, HttpServletRequest request) {
    try {
      for (Predicate<? super HttpServletRequest> condition : conditions) {
        if (!condition.test(request)) {
          return false;
        }
      }
      return true;
    } catch (RuntimeException failure) {
      Log.WARN.warn(
          "condition " + failure.getClass().getName(),
          "a condition on requests failed; such requests are refused",
          failure);
      return false;
    }
  }

  /** What a filter is told when it is initialised by us instead of the container. */
  private record MiddlewareConfig(Filter filter, ServletContext context) implements FilterConfig {

    @Override
    public String getFilterName() {
      return filter.getClass().getName();
    }

    @Override
    public ServletContext getServletContext() {
      return context;
    }

    @Override
    public @Nullable String getInitParameter(String name) {
      return null;
    }

    @Override
    public Enumeration<String> getInitParameterNames() {
      return Collections.emptyEnumeration();
    }
  }
}
