package org.asynceventsource.middleware;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.spi.Origin;

/**
 * Lets pages of other origins read an event source and publish to it (CORS, WHATWG Fetch §3.2).
 *
 * <pre>{@code
 * events.addMiddleware(CorsMiddleware.allow("https://app.example").credentials(true));
 * }</pre>
 *
 * <p>Only origins that are named are answered, by their names as configured here: nothing that a
 * client sends is reflected, and {@code null} is nobody. A preflight request of such a page is
 * answered 204; one of any other page goes on as if this weren't there, and its browser keeps the
 * answer to itself. Put it before authentication: a preflight has no credentials, and a script
 * can't see a 401 without these header fields. Immutable; any thread.
 */
public final class CorsMiddleware extends HttpMiddleware {

  private static final String ANYBODY = "*";
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final List<String> READING = List.of("GET", "HEAD");
  private static final List<String> READING_AND_PUBLISHING = List.of("GET", "HEAD", "POST", "PUT");

  /** Browsers ask before they send a long or unusual {@code Last-Event-ID} (Fetch §2.2.2). */
  private static final List<String> HEADERS =
      List.of("Last-Event-ID", "Cache-Control", "Content-Type", "Authorization");

  private final Map<Origin, String> origins;
  private final boolean anybody;
  private final boolean credentials;
  private final Duration maxAge;
  private final List<String> methods;
  private final List<String> headers;

  private CorsMiddleware(
      Map<Origin, String> origins,
      boolean anybody,
      boolean credentials,
      Duration maxAge,
      List<String> methods,
      List<String> headers) {
    this.origins = Map.copyOf(origins);
    this.anybody = anybody;
    this.credentials = credentials;
    this.maxAge = maxAge;
    this.methods = List.copyOf(methods);
    this.headers = List.copyOf(headers);
  }

  /**
   * Lets pages of some origins in.
   *
   * @param origins such as {@code https://app.example} or {@code http://localhost:3000}; {@code *}
   *     alone lets everybody read, without credentials
   * @return without credentials, kept by browsers for ten minutes; named origins may publish too
   * @throws ConfigurationException if there is none, or one isn't scheme, host and port
   */
  public static CorsMiddleware allow(String... origins) {
    return allow(List.of(origins));
  }

  /**
   * Lets pages of some origins in.
   *
   * @param origins as for {@link #allow(String...)}
   * @return as for {@link #allow(String...)}
   * @throws ConfigurationException if there is none, or one isn't scheme, host and port
   */
  public static CorsMiddleware allow(Collection<String> origins) {
    boolean anybody = origins.size() == 1 && origins.contains(ANYBODY);
    return new CorsMiddleware(
        anybody ? Map.of() : parsed(origins),
        anybody,
        false,
        Duration.ofMinutes(10),
        anybody ? READING : READING_AND_PUBLISHING,
        HEADERS);
  }

  private static Map<Origin, String> parsed(Collection<String> origins) {
    Map<Origin, String> parsed = new LinkedHashMap<>();
    List<String> mistakes = new ArrayList<>();
    if (origins.isEmpty()) {
      mistakes.add("no origin is allowed; name one such as https://app.example");
    }
    for (String text : origins) {
      Optional<Origin> origin = parse(text);
      origin.ifPresent(known -> parsed.put(known, known.serialized()));
      if (origin.isEmpty()) {
        mistakes.add(
            "'%s' is no origin; write scheme, host and port alone such as https://app.example, or '*' alone"
                .formatted(EventSourceException.printable(text)));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    return parsed;
  }

  /**
   * Reads an origin that may be allowed.
   *
   * @param text such as {@code https://app.example}
   * @return empty if browsers would never send it
   */
  public static Optional<Origin> parse(String text) {
    boolean ascii = text.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '*');
    return ascii ? Origin.parse(text) : Optional.empty();
  }

  /**
   * Whether browsers may send cookies and logins along.
   *
   * @param credentials {@code true} to let them
   * @return a copy
   * @throws ConfigurationException if everybody is let in: any page could then read with its
   *     visitor's login
   */
  public CorsMiddleware credentials(boolean credentials) {
    if (credentials && anybody) {
      throw new ConfigurationException(
          List.of(
              "origin '*' with credentials would let any page read with its visitor's login; name the origins"));
    }
    return new CorsMiddleware(origins, anybody, credentials, maxAge, methods, headers);
  }

  /**
   * How long browsers may keep the answer to a preflight request; they have bounds of their own.
   *
   * @param maxAge zero for not at all; whole seconds count
   * @return a copy
   */
  public CorsMiddleware maxAge(Duration maxAge) {
    return new CorsMiddleware(origins, anybody, credentials, maxAge, methods, headers);
  }

  /**
   * The methods that pages may use.
   *
   * @param methods GET, HEAD, POST and PUT unless set
   * @return a copy
   * @throws ConfigurationException if one is no token
   */
  public CorsMiddleware methods(String... methods) {
    return new CorsMiddleware(
        origins, anybody, credentials, maxAge, tokens("method", methods), headers);
  }

  /**
   * The header fields that pages may send.
   *
   * @param names Last-Event-ID, Cache-Control, Content-Type and Authorization unless set
   * @return a copy
   * @throws ConfigurationException if one is no token
   */
  public CorsMiddleware headers(String... names) {
    return new CorsMiddleware(
        origins, anybody, credentials, maxAge, methods, tokens("header field", names));
  }

  private static List<String> tokens(String what, String... texts) {
    List<String> mistakes =
        List.of(texts).stream()
            .filter(text -> !TOKEN.matcher(text).matches())
            .map(
                text ->
                    "'%s' is no name of a %s; write it as in a request"
                        .formatted(EventSourceException.printable(text), what))
            .toList();
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    return List.of(texts);
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.addHeader("Vary", "Origin");
    Optional<Origin> origin = origin(request);
    Optional<String> allowed = anybody ? origin.map(any -> ANYBODY) : origin.map(origins::get);
    if (allowed.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    response.setHeader("Access-Control-Allow-Origin", allowed.get());
    if (credentials) {
      response.setHeader("Access-Control-Allow-Credentials", "true");
    }
    if (isPreflight(request)) {
      answer(response);
      return;
    }
    if (!anybody) { // that anybody may read lets nobody publish with a visitor's login
      request.setAttribute(Origin.WELCOME, origin.get());
    }
    chain.doFilter(request, response);
  }

  private static Optional<Origin> origin(HttpServletRequest request) {
    List<String> fields = Collections.list(request.getHeaders("Origin"));
    return fields.size() == 1 ? Origin.parse(fields.get(0)) : Optional.empty();
  }

  private static boolean isPreflight(HttpServletRequest request) {
    return request.getMethod().equals("OPTIONS")
        && request.getHeader("Access-Control-Request-Method") != null;
  }

  private void answer(HttpServletResponse response) {
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    response.setHeader("Access-Control-Allow-Methods", String.join(", ", methods));
    response.setHeader("Access-Control-Allow-Headers", String.join(", ", headers));
    response.setHeader("Access-Control-Max-Age", Long.toString(maxAge.toSeconds()));
  }
}
