package org.asynceventsource.bench.peer;

import org.apache.catalina.startup.Tomcat;

/** The bare servlet on Tomcat. */
final class BareServletOnTomcat {

  private BareServletOnTomcat() {}

  public static void main(String[] arguments) throws Exception {
    TomcatPeer tomcat = new TomcatPeer();
    BareServlet servlet = new BareServlet(false);
    Tomcat.addServlet(tomcat.context(), "events", servlet).setAsyncSupported(true);
    tomcat.context().addServletMappingDecoded(Peers.PATH, "events");
    tomcat.serve(servlet);
  }
}
