package org.asynceventsource.bench.peer;

import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import org.asynceventsource.boot.BootListener;

/** This library on Undertow's servlet container. */
final class AsyncEventSourceOnUndertow {

  private AsyncEventSourceOnUndertow() {}

  public static void main(String[] arguments) throws Exception {
    DeploymentInfo application =
        Servlets.deployment()
            .setDeploymentName("events")
            .setContextPath("/")
            .setClassLoader(AsyncEventSourceOnUndertow.class.getClassLoader())
            .addListener(Servlets.listener(BootListener.class));
    DeploymentManager manager = Servlets.defaultContainer().addDeployment(application);
    manager.deploy();
    AsyncEventSources events = new AsyncEventSources(manager.getDeployment().getServletContext());
    UndertowPeer.serve(manager.start(), events);
  }
}
