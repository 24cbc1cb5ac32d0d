package org.asynceventsource.bench.peer;

import io.undertow.Handlers;
import io.undertow.server.handlers.sse.ServerSentEventConnection;
import io.undertow.server.handlers.sse.ServerSentEventHandler;

/** Undertow's own handler of Server-Sent Events, without servlets. */
final class UndertowSseHandler {

  private UndertowSseHandler() {}

  public static void main(String[] arguments) throws Exception {
    ServerSentEventHandler handler = Handlers.serverSentEvents();
    UndertowPeer.serve(
        Handlers.path().addExactPath(Peers.PATH, handler), data -> send(handler, data));
  }

  private static String send(ServerSentEventHandler handler, String data) {
    for (ServerSentEventConnection connection : handler.getConnections()) {
      connection.send(data);
    }
    return "";
  }
}
