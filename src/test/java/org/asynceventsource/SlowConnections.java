package org.asynceventsource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.asynceventsource.test.EmbeddedServer;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;

/**
 * The default event source in a container, and connections to it that take little which isn't read:
 * a client stops reading at once, and reads on when the test asks for its stream.
 */
final class SlowConnections {

  private static final int RECEIVE_BUFFER = 4_096;
  private static final HttpCall EVENTS = HttpCall.of("GET", "/events");

  private final List<HttpReply> replies = new ArrayList<>();
  private final BlockingQueue<AsyncEventSourceClient> opened = new LinkedBlockingQueue<>();
  private final List<DisconnectReason> reasons = new CopyOnWriteArrayList<>();
  private final EmbeddedServer.Running server;
  private final AsyncEventSource source;

  private SlowConnections(EmbeddedServer.Running server) {
    this.server = server;
    source = EventSources.of(server.context()).find("").orElseThrow();
    source.onConnect(opened::add).onDisconnect((client, reason) -> reasons.add(reason));
  }

  /** Starts the container with an application that has these context parameters. */
  static SlowConnections start(EmbeddedServer container, Map<String, String> parameters)
      throws Exception {
    return new SlowConnections(container.start(parameters));
  }

  AsyncEventSource source() {
    return source;
  }

  /** What the application has been given for the streams that are open; to be taken from. */
  BlockingQueue<AsyncEventSourceClient> opened() {
    return opened;
  }

  /** Why streams have ended. */
  List<DisconnectReason> reasons() {
    return reasons;
  }

  /** Opens a stream, and reads nothing of it. */
  HttpReply stall() throws IOException {
    return keep(EVENTS.send(server.port(), RECEIVE_BUFFER));
  }

  /** Opens a stream as any client does, to be read. */
  HttpReply connect() throws IOException {
    return keep(EVENTS.send(server.port()));
  }

  private HttpReply keep(HttpReply reply) {
    replies.add(reply);
    return reply;
  }

  /** Closes all connections and stops the container. */
  void stop() throws Exception {
    for (HttpReply reply : replies) {
      reply.close();
    }
    server.stop();
  }
}
