package org.asynceventsource.middleware;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * Hides all header fields of requests from all that comes behind, but for some.
 *
 * <pre>{@code
 * events.addMiddleware(HeaderFreeMiddleware.keep("Accept", "Last-Event-ID"));
 * }</pre>
 *
 * <p>What isn't kept is gone for the event source too: without {@code Last-Event-ID} nobody
 * resumes, without {@code Authorization} nobody logs in behind this, without {@code Content-Type}
 * nobody publishes, and without {@code Accept} everybody gets a stream. {@code Origin} and {@code
 * Sec-Fetch-Site} always stay: without them a foreign page could publish with its visitor's login.
 * Immutable; any thread.
 */
public final class HeaderFreeMiddleware extends HttpMiddleware {

  private static final FieldNames ALWAYS = FieldNames.of(List.of("Origin", "Sec-Fetch-Site"));

  private final FieldNames kept;

  private HeaderFreeMiddleware(FieldNames kept) {
    this.kept = kept;
  }

  /**
   * Hides all header fields but some.
   *
   * @param names the names of those, in any case
   * @return the middleware
   */
  public static HeaderFreeMiddleware keep(String... names) {
    return new HeaderFreeMiddleware(FieldNames.of(List.of(names)));
  }

  /**
   * Doesn't keep some of them after all.
   *
   * @param names their names, in any case
   * @return a copy without these names
   */
  public HeaderFreeMiddleware without(String... names) {
    return new HeaderFreeMiddleware(kept.without(List.of(names)));
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(new HiddenFields(request, this::hides), response);
  }

  private boolean hides(String name) {
    return !kept.contains(name) && !ALWAYS.contains(name);
  }
}
