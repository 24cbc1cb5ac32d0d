package org.asynceventsource.middleware;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.spi.Forwarding;

/**
 * Tells of every request in one line, without what is secret in it.
 *
 * <pre>{@code
 * events.addMiddleware(RequestLogMiddleware.to(System.out::println).headers("User-Agent"));
 *
 * 192.0.2.1 GET /events?channel=a&token=… 200 3ms User-Agent="curl/8.5.0"
 * }</pre>
 *
 * <p>The line is written when the status is known: for a stream when it has begun, with the time
 * until then. The status is {@code -} where it is not known yet when the request goes on
 * asynchronously. Of the query, the values of {@code ticket}, {@code token}, {@code access_token},
 * {@code key} and {@code password} are left out, and all of path parameters such as the session's
 * id. Of header fields only those that are named appear, and never one that holds credentials.
 * Nothing that a client sends can begin a line of its own. Any thread.
 */
public final class RequestLogMiddleware extends HttpMiddleware {

  private static final FieldNames SECRET =
      FieldNames.of(
          List.of(
              "Authorization",
              "Authentication-Info",
              "Cookie",
              "Proxy-Authenticate",
              "Proxy-Authentication-Info",
              "Proxy-Authorization",
              "Set-Cookie",
              "WWW-Authenticate"));

  private final Consumer<? super String> lines;
  private final BooleanSupplier enabled;
  private final List<String> headers;
  private final LongSupplier clock;

  private RequestLogMiddleware(
      Consumer<? super String> lines,
      BooleanSupplier enabled,
      List<String> headers,
      LongSupplier clock) {
    this.lines = lines;
    this.enabled = enabled;
    this.headers = List.copyOf(headers);
    this.clock = clock;
  }

  /**
   * Writes lines.
   *
   * @param lines called by containers' threads, several at once; should be quick
   * @return what is always on and shows no header fields
   */
  public static RequestLogMiddleware to(Consumer<? super String> lines) {
    return to(lines, System::nanoTime);
  }

  static RequestLogMiddleware to(Consumer<? super String> lines, LongSupplier clock) {
    return new RequestLogMiddleware(lines, () -> true, List.of(), clock);
  }

  /**
   * Writes lines only at times.
   *
   * @param enabled asked at every request
   * @return a copy
   */
  public RequestLogMiddleware enabled(BooleanSupplier enabled) {
    return new RequestLogMiddleware(lines, enabled, headers, clock);
  }

  /**
   * Shows some header fields of requests.
   *
   * @param names their names, in any case
   * @return a copy
   * @throws ConfigurationException if one of them holds credentials
   */
  public RequestLogMiddleware headers(String... names) {
    List<String> mistakes =
        List.of(names).stream()
            .filter(RequestLogMiddleware::isSecret)
            .map(
                name ->
                    "header field '%s' holds credentials and can't be logged; leave it out"
                        .formatted(EventSourceException.printable(name)))
            .toList();
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    return new RequestLogMiddleware(lines, enabled, List.of(names), clock);
  }

  private static boolean isSecret(String name) {
    return SECRET.contains(name) || name.toLowerCase(Locale.ROOT).startsWith("proxy-");
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!enabled.getAsBoolean()) {
      chain.doFilter(request, response);
      return;
    }
    String begin = begin(request); // now, since an asynchronous request may be over afterwards
    String end = fields(request);
    long since = clock.getAsLong();
    String status = "500"; // what a container makes of an exception
    try {
      chain.doFilter(request, response);
      status = status(request, response);
    } finally {
      long millis = TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - since);
      lines.accept(begin + ' ' + status + ' ' + millis + "ms" + end);
    }
  }

  private static String begin(HttpServletRequest request) {
    String target = LoggedText.target(request.getRequestURI(), request.getQueryString());
    String address = Forwarding.of(request).clientAddress(request);
    return LoggedText.safe(address) + ' ' + LoggedText.safe(request.getMethod()) + ' ' + target;
  }

  private String fields(HttpServletRequest request) {
    StringBuilder shown = new StringBuilder();
    for (String name : headers) {
      for (String value : Collections.list(request.getHeaders(name))) {
        shown.append(' ').append(name).append("=\"").append(LoggedText.safe(value)).append('"');
      }
    }
    return shown.toString();
  }

  /** Still to be decided where somebody goes on asynchronously and has sent nothing yet. */
  private static String status(HttpServletRequest request, HttpServletResponse response) {
    boolean open = request.isAsyncStarted() && !response.isCommitted();
    return open ? "-" : Integer.toString(response.getStatus());
  }
}
