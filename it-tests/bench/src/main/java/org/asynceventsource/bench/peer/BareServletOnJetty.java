package org.asynceventsource.bench.peer;

import org.eclipse.jetty.ee11.servlet.ServletHolder;

/** The bare servlet on Jetty. */
final class BareServletOnJetty {

  private BareServletOnJetty() {}

  public static void main(String[] arguments) throws Exception {
    JettyPeer jetty = new JettyPeer();
    BareServlet servlet = new BareServlet(true);
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    jetty.context().addServlet(holder, Peers.PATH);
    jetty.serve(servlet);
  }
}
