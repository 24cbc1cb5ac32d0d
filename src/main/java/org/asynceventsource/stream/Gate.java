package org.asynceventsource.stream;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import org.asynceventsource.Access;
import org.asynceventsource.Reader;

/** What the application puts before an event source: filters and conditions. Fails closed. */
public final class Gate {

  private final List<Predicate<? super HttpServletRequest>> filters = new CopyOnWriteArrayList<>();
  private final List<Predicate<? super HttpServletRequest>> authorizers =
      new CopyOnWriteArrayList<>();
  private final List<Function<? super Reader, Access>> rules = new CopyOnWriteArrayList<>();
  private final MiddlewareChain own;
  private final MiddlewareChain nothing;
  private volatile MiddlewareChain common;

  Gate(ServletContext context) {
    this.own = new MiddlewareChain(context);
    this.nothing = new MiddlewareChain(context);
    this.common = nothing;
  }

  /**
   * Lets requests pass the filters of all event sources first.
   *
   * @param shared closed by whoever made them
   */
  public void standBehind(MiddlewareChain shared) {
    common = shared;
  }

  void standAlone() {
    common = nothing;
  }

  MiddlewareChain middleware() {
    return own;
  }

  void addFilter(Predicate<? super HttpServletRequest> predicate) {
    filters.add(predicate);
  }

  void addAuthorizer(Predicate<? super HttpServletRequest> predicate) {
    authorizers.add(predicate);
  }

  void addRule(Function<? super Reader, Access> rule) {
    rules.add(rule);
  }

  /** Whether there are rules for who may read what. */
  boolean hasRules() {
    return !rules.isEmpty();
  }

  /**
   * Whether the application itself decides who may open a stream.
   *
   * @return whether there is a condition, or a rule, for who may
   */
  public boolean decides() {
    return hasRules() || !authorizers.isEmpty();
  }

  void close() {
    own.close();
  }

  /**
   * Whether there is middleware of a kind.
   *
   * @param type the kind
   * @return whether at least one filter of the middleware, the common one included, is of this type
   */
  public boolean has(Class<? extends Filter> type) {
    return common.has(type) || own.has(type);
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
    common.pass(request, response, (passed, answer) -> own.pass(passed, answer, end));
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

  /** The first rule's answer that isn't {@link Access#GRANTED}, if there is one. */
  Access access(Reader reader) {
    try {
      for (Function<? super Reader, Access> rule : rules) {
        Access access = rule.apply(reader);
        if (access != Access.GRANTED) {
          return Objects.requireNonNull(access, "a rule's answer");
        }
      }
      return Access.GRANTED;
    } catch (RuntimeException | LinkageError failure) {
      Log.WARN.warn(
          "rule " + failure.getClass().getName(),
          "a rule for who may read failed; such readers are refused",
          failure);
      return Access.FORBIDDEN;
    }
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
    } catch (RuntimeException | LinkageError failure) {
      Log.WARN.warn(
          "condition " + failure.getClass().getName(),
          "a condition on requests failed; such requests are refused",
          failure);
      return false;
    }
  }
}
