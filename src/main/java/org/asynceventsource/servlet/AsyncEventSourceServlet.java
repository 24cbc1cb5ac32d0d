package org.asynceventsource.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.asynceventsource.spi.WarnOnce;
import org.asynceventsource.stream.EndedSessions;
import org.asynceventsource.stream.ForcedEnd;
import org.asynceventsource.stream.StreamEventSource;
import org.asynceventsource.stream.StreamHead;
import org.asynceventsource.stream.Visitor;

/**
 * One event source over HTTP: GET streams, POST and PUT publish, HEAD and OPTIONS tell, the rest is
 * refused.
 *
 * <p>A request passes, in this order: the host check, the event source's own conditions and
 * middleware, the rules who may read and publish, then the checks of its method. Registered by
 * code, as async-supported.
 */
public final class AsyncEventSourceServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;
  private static final String ALLOW = "GET, HEAD, OPTIONS, POST, PUT";
  private static final String EVENT_STREAM = "text/event-stream";

  private final transient StreamEventSource source;
  private final transient RequestOptions options;
  private final transient Filter access;
  private final transient TrustedProxies proxies;
  private final transient HostGuard hosts;
  private final transient OriginGuard origins;
  private final transient PublishEndpoint publishing;
  private final transient WarnOnce warnings;

  /**
   * A servlet for one event source.
   *
   * @param source the event source
   * @param options what is believed and allowed
   * @param access lets only those pass who may; the last filter, behind the middleware
   * @param streams takes what is published as a stream; closed by whoever made it
   */
  public AsyncEventSourceServlet(
      StreamEventSource source, RequestOptions options, Filter access, PublishStreams streams) {
    this(
        source,
        options,
        access,
        streams,
        new WarnOnce(System.getLogger(AsyncEventSourceServlet.class.getPackageName())));
  }

  AsyncEventSourceServlet(
      StreamEventSource source,
      RequestOptions options,
      Filter access,
      PublishStreams streams,
      WarnOnce warnings) {
    this.source = source;
    this.access = access;
    this.options = options;
    this.warnings = warnings;
    this.proxies = new TrustedProxies(options.trustedProxies());
    this.hosts = new HostGuard(options.hosts(), proxies);
    this.origins = new OriginGuard(options.hosts(), proxies);
    this.publishing = new PublishEndpoint(options.maxBody(), streams, warnings);
  }

  /**
   * Begins to end the streams. Open Liberty, which takes servlets out of service first, waits for
   * up to a minute for other requests before it tells the application that it stops.
   */
  @Override
  public void destroy() {
    source.beginClose();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (ForcedEnd.finish(request, response)) {
      return;
    }
    Optional<Refusal> refusal = hosts.check(request);
    if (refusal.isEmpty() && !source.gate().accepts(request)) {
      refusal = Optional.of(notHere());
    }
    if (refusal.isPresent()) {
      refusal.get().send(response, warnings);
      return;
    }
    FilterChain methods =
        (passed, answer) -> serve((HttpServletRequest) passed, (HttpServletResponse) answer);
    source
        .gate()
        .pass(request, response, (passed, answer) -> access.doFilter(passed, answer, methods));
  }

  private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
    switch (request.getMethod()) {
      case "GET", "HEAD" -> stream(request, response);
      case "POST", "PUT" -> publish(request, response);
      case "OPTIONS" -> options(response);
      default -> Refusal.methodNotAllowed(request.getMethod(), ALLOW).send(response, warnings);
    }
  }

  private void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Optional<Refusal> refusal = streamRefusal(request);
    if (refusal.isPresent()) {
      refusal.get().send(response, warnings);
      return;
    }
    if (EndedSessions.areReopenedBy(request)) {
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      return;
    }
    String address = proxies.clientAddress(request);
    Visitor visitor;
    try {
      visitor = Identification.of(request, address, options.roles(), source.hasConnectCallback());
    } catch (RefusedException refused) {
      refused.refusal().send(response, warnings);
      return;
    }
    switch (source.access(visitor)) {
      case GRANTED -> grant(request, response, visitor);
      case FORBIDDEN -> notAuthorized().send(response, warnings);
      case FINISHED -> response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }
  }

  private void grant(HttpServletRequest request, HttpServletResponse response, Visitor visitor)
      throws IOException {
    if (request.getMethod().equals("HEAD")) {
      StreamHead.write(response);
    } else {
      source.open(request, response, visitor);
    }
  }

  private Optional<Refusal> streamRefusal(HttpServletRequest request) {
    if (!Negotiation.accepts(request, EVENT_STREAM)) {
      return Optional.of(Refusal.notAcceptable());
    }
    if (!source.gate().authorizes(request)) {
      return Optional.of(notAuthorized());
    }
    return request.isAsyncSupported()
        ? Optional.empty()
        : Optional.of(Refusal.noAsyncSupport(source.path()));
  }

  private static Refusal notAuthorized() {
    return Refusal.of(
        403, "not authorized", "this stream is not for you", "log in as somebody else");
  }

  private void publish(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<Refusal> refusal = origins.check(request);
    if (refusal.isPresent()) {
      refusal.get().send(response, warnings);
      return;
    }
    publishing.publish(request, response, source::send);
  }

  private void options(HttpServletResponse response) {
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    response.setHeader("Allow", ALLOW);
    response.setHeader("Accept-Post", publishing.acceptPost());
  }

  private Refusal notHere() {
    return Refusal.of(
        404,
        "filtered",
        "there is nothing for this request at '%s'".formatted(source.path()),
        "ask another path");
  }
}
