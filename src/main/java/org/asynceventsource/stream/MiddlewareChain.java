package org.asynceventsource.stream;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.asynceventsource.EventSourceException;
import org.jspecify.annotations.Nullable;

/** Servlet filters that requests pass in order; of one event source or of all. Any thread. */
public final class MiddlewareChain {

  private final ServletContext context;

  /**
   * Replaced as a whole, and read once per request: if a list changed under a request, it could
   * slip past a filter behind the one that was removed.
   */
  private volatile List<Filter> filters = List.of();

  /**
   * No filters so far.
   *
   * @param context the application
   */
  public MiddlewareChain(ServletContext context) {
    this.context = context;
  }

  /**
   * Adds a filter at the end, for requests that begin from now on.
   *
   * @param filter initialised here
   * @throws EventSourceException if it can't be initialised
   */
  public synchronized void add(Filter filter) {
    try {
      filter.init(new MiddlewareConfig(filter, context));
    } catch (ServletException e) {
      throw new EventSourceException(
          "middleware %s can't be initialised: %s"
              .formatted(filter.getClass().getName(), e.getMessage()),
          e);
    }
    List<Filter> more = new ArrayList<>(filters);
    more.add(filter);
    filters = List.copyOf(more);
  }

  /**
   * Removes a filter, as often as it was added, for requests that begin from now on. It isn't
   * destroyed, since requests may still be within it.
   *
   * @param filter the same object
   * @return whether it was here
   */
  public synchronized boolean remove(Filter filter) {
    List<Filter> left = filters.stream().filter(other -> other != filter).toList();
    boolean found = left.size() < filters.size();
    filters = left;
    return found;
  }

  /** Destroys the filters, which stay: a request that comes late must not pass without them. */
  public synchronized void close() {
    filters.forEach(MiddlewareChain::destroy);
  }

  private static void destroy(Filter filter) {
    try {
      filter.destroy();
    } catch (RuntimeException | LinkageError failure) {
      Log.WARN.warn(
          "destroy " + filter.getClass().getName(),
          "middleware %s failed to end; everything else ends as usual"
              .formatted(filter.getClass().getName()),
          failure);
    }
  }

  boolean has(Class<? extends Filter> type) {
    return filters.stream().anyMatch(type::isInstance);
  }

  void pass(ServletRequest request, ServletResponse response, FilterChain end)
      throws IOException, ServletException {
    passFrom(0, filters, request, response, end);
  }

  private static void passFrom(
      int index,
      List<Filter> filters,
      ServletRequest request,
      ServletResponse response,
      FilterChain end)
      throws IOException, ServletException {
    if (index >= filters.size()) {
      end.doFilter(request, response);
    } else {
      filters
          .get(index)
          .doFilter(request, response, (rq, rs) -> passFrom(index + 1, filters, rq, rs, end));
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
