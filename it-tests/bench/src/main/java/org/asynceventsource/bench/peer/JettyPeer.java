package org.asynceventsource.bench.peer;

import java.net.InetAddress;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A Jetty with one empty application at {@code /}. */
final class JettyPeer {

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final ServletContextHandler context = new ServletContextHandler("/");

  JettyPeer() {
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    connector.setAcceptQueueSize(Peers.BACKLOG);
    server.addConnector(connector);
    server.setHandler(context);
  }

  ServletContextHandler context() {
    return context;
  }

  void serve(Broadcast broadcast) throws Exception {
    server.start();
    ControlPort.open(connector.getLocalPort(), broadcast);
  }
}
