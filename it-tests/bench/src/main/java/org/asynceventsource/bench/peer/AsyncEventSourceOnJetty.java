package org.asynceventsource.bench.peer;

import org.asynceventsource.boot.BootListener;

/** This library on Jetty. */
final class AsyncEventSourceOnJetty {

  private AsyncEventSourceOnJetty() {}

  public static void main(String[] arguments) throws Exception {
    JettyPeer jetty = new JettyPeer();
    jetty.context().addEventListener(new BootListener());
    jetty.serve(new AsyncEventSources(jetty.context().getServletContext()));
  }
}
