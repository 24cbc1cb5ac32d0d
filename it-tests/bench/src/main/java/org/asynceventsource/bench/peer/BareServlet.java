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

  private final transient Queue<AsyncContext> clients;

  private BareServlet(Queue<AsyncContext> clients) {
    this.clients = clients;
  }

  static BareServlet create() {
    return new BareServlet(new ConcurrentLinkedQueue<>());
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

  private static boolean write(AsyncContext client, byte[] event) {
    try {
      ServletOutputStream out = client.getResponse().getOutputStream();
      out.write(event);
      out.flush();
      return true;
    } catch (IOException | IllegalStateException gone) {
      complete(client);
      return false;
    }
  }

  private static void complete(AsyncContext client) {
    try {
      client.complete();
    } catch (IllegalStateException ended) {
      return; // Tomcat ends a response whose write has failed by itself
    }
  }
}
