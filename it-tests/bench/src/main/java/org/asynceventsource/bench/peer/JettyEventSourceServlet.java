package org.asynceventsource.bench.peer;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.servlets.EventSource;
import org.eclipse.jetty.ee11.servlets.EventSourceServlet;
import org.jspecify.annotations.Nullable;

/** Jetty's own {@link EventSourceServlet}; an application has to keep and loop over its clients. */
final class JettyEventSourceServlet extends EventSourceServlet implements Broadcast {

  private static final long serialVersionUID = 1L;

  private final transient Queue<Client> clients;

  private JettyEventSourceServlet(Queue<Client> clients) {
    this.clients = clients;
  }

  public static void main(String[] arguments) throws Exception {
    JettyPeer jetty = new JettyPeer();
    JettyEventSourceServlet servlet = new JettyEventSourceServlet(new ConcurrentLinkedQueue<>());
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    jetty.context().addServlet(holder, Peers.PATH);
    jetty.serve(servlet);
  }

  @Override
  protected EventSource newEventSource(HttpServletRequest request) {
    return new Client();
  }

  @Override
  public String send(String data) {
    clients.removeIf(client -> !client.send(data));
    return "";
  }

  private final class Client implements EventSource {

    private volatile @Nullable Emitter emitter;

    @Override
    public void onOpen(Emitter emitter) {
      this.emitter = emitter;
      clients.add(this);
    }

    @Override
    public void onClose() {
      clients.remove(this);
    }

    private boolean send(String data) {
      Emitter open = emitter;
      try {
        if (open != null) {
          open.data(data);
        }
        return true;
      } catch (IOException gone) {
        return false;
      }
    }
  }
}
