package org.asynceventsource.bench.peer;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.xnio.Options;

/** An Undertow with one handler. */
final class UndertowPeer {

  private UndertowPeer() {}

  static void serve(HttpHandler handler, Broadcast broadcast) throws IOException {
    Undertow undertow =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setSocketOption(Options.BACKLOG, Peers.BACKLOG)
            .setHandler(handler)
            .build();
    undertow.start();
    InetSocketAddress address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    ControlPort.open(address.getPort(), broadcast);
  }
}
