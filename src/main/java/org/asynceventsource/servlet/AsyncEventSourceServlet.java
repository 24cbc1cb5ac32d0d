package org.asynceventsource.servlet;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.asynceventsource.stream.StreamEventSource;
import org.asynceventsource.stream.StreamOptions;

/** temporary */
public final class AsyncEventSourceServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private final transient StreamEventSource source;
  private final transient StreamOptions options;

  /**
   * A servlet.
   *
   * @param source s
   * @param options o
   */
  public AsyncEventSourceServlet(StreamEventSource source, StreamOptions options) {
    this.source = source;
    this.options = options;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    source.open(
        request, response, Identification.of(request, request.getRemoteAddr(), options.roles()));
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String body =
        new String(
            request.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    response.getWriter().println(source.send(body).toCompletableFuture().join());
  }
}
