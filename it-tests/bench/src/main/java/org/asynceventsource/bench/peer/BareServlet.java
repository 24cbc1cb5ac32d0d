package org.asynceventsource.bench.peer;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The least that a servlet can do: it keeps an {@link AsyncContext} per client, and one thread
 * writes and flushes every event to one after the other, blocking.
 */
final class BareServlet extends HttpServlet implements Broadcast {

  private static final long serialVersionUID = 1L;

  private final transient Queue<AsyncContext> clients = new ConcurrentLinkedQueue<>();
  private final boolean completing;

  /**
   * A servlet for a container.
   *
   * @param completing whether responses whose write has failed are completed; on Tomcat, which does
   *     so itself, that would close other clients' connections
   */
  BareServlet(boolean completing) {
    this.completing = completing;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("UTF-8");
    AsyncContext client = request.startAsync();
    client.setTimeout(0);
    synchronized (this) { // an event must not overtake the headers
      response.flushBuffer();
      clients.add(client);
    }
  }

  @Override
  public synchronized String send(String data) {
    byte[] event = ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    clients.removeIf(client -> !write(client, event));
    return "";
  }

  private boolean write(AsyncContext client, byte[] event) {
    try {
      ServletOutputStream out = client.getResponse().getOutputStream();
      out.write(event);
      out.flush();
      return true;
    } catch (IOException | IllegalStateException gone) {
      if (completing) {
        client.complete();
      }
      return false;
    }
  }
}
