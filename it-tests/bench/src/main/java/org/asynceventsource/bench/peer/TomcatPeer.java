package org.asynceventsource.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** A Tomcat with one empty application at the root. */
final class TomcatPeer {

  private final Tomcat tomcat = new Tomcat();
  private final Context context;

  TomcatPeer() throws IOException {
    Path directory = Files.createTempDirectory("tomcat");
    tomcat.setBaseDir(directory.toString());
    tomcat.setPort(0);
    Connector connector = tomcat.getConnector();
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("acceptCount", Integer.toString(Peers.BACKLOG));
    connector.setProperty("maxConnections", Integer.toString(Peers.CONNECTIONS));
    context = tomcat.addContext("", directory.toString());
  }

  Context context() {
    return context;
  }

  void serve(Broadcast broadcast) throws Exception {
    tomcat.start();
    if (!context.getState().isAvailable()) {
      throw new IllegalStateException("the application didn't start; see above");
    }
    ControlPort.open(tomcat.getConnector().getLocalPort(), broadcast);
  }
}
