package org.asynceventsource.bench.peer;

import org.asynceventsource.boot.BootListener;

/** This library on Tomcat. */
final class AsyncEventSourceOnTomcat {

  private AsyncEventSourceOnTomcat() {}

  public static void main(String[] arguments) throws Exception {
    TomcatPeer tomcat = new TomcatPeer();
    tomcat.context().addApplicationListener(BootListener.class.getName());
    tomcat.serve(new AsyncEventSources(tomcat.context().getServletContext()));
  }
}
