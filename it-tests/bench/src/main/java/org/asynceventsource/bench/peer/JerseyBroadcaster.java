package org.asynceventsource.bench.peer;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseBroadcaster;
import jakarta.ws.rs.sse.SseEventSink;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;
import org.jspecify.annotations.Nullable;

/** Jakarta REST's {@link SseBroadcaster} as Jersey has it, on Jetty. */
@Path(Peers.PATH)
public final class JerseyBroadcaster implements Broadcast {

  private @Nullable Sse sse; // guarded by this; so is the broadcaster: the first request has them
  private @Nullable SseBroadcaster broadcaster;

  private JerseyBroadcaster() {}

  public static void main(String[] arguments) throws Exception {
    JettyPeer jetty = new JettyPeer();
    JerseyBroadcaster resource = new JerseyBroadcaster();
    ServletHolder holder =
        new ServletHolder(new ServletContainer(new ResourceConfig().register(resource)));
    holder.setAsyncSupported(true);
    jetty.context().addServlet(holder, "/*");
    jetty.serve(resource);
  }

  /** A client comes; it gets a comment, without which Jersey keeps the headers to itself. */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  public void open(@Context SseEventSink client, @Context Sse sse) {
    broadcaster(sse).register(client); // first, or events are lost that come in between
    client.send(sse.newEventBuilder().comment("open").build());
  }

  private synchronized SseBroadcaster broadcaster(Sse sse) {
    if (broadcaster == null) {
      this.sse = sse;
      broadcaster = sse.newBroadcaster();
    }
    return broadcaster;
  }

  @Override
  public String send(String data) {
    Sse events;
    SseBroadcaster clients;
    synchronized (this) {
      events = sse;
      clients = broadcaster;
    }
    if (events != null && clients != null) {
      clients.broadcast(events.newEvent(data));
    }
    return "";
  }
}
