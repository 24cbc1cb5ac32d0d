package org.asynceventsource.boot;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import org.jspecify.annotations.Nullable;

/**
 * Starts and stops the event sources with their web application: settings, then CDI, then the event
 * sources; and back. Called by the container's deployment thread.
 */
public final class BootListener implements ServletContextListener {

  private @Nullable Cdi cdi;
  private @Nullable Application application;
  private @Nullable ServerStop serverStop;

  /** Made by the container. */
  public BootListener() {}

  @Override
  public void contextInitialized(ServletContextEvent event) {
    try {
      start(event);
    } catch (RuntimeException | Error e) {
      contextDestroyed(event); // not every container calls it for a listener that failed
      throw e;
    }
  }

  private void start(ServletContextEvent event) {
    Application starting = Application.of(event.getServletContext());
    application = starting;
    serverStop = ServerStop.listen(event.getServletContext(), starting::close);
    cdi = Cdi.attach(event).orElse(null);
    if (cdi != null) {
      DefinedLogin.connect(cdi, starting.guard());
      CdiBus.connect(cdi, starting);
    }
    starting.connect(cdi);
    starting.started(cdi == null ? "" : cdi.toString());
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    try {
      if (application != null) {
        application.close();
        application = null;
      }
    } finally { // whatever happens there, CDI has to stop
      detach(event);
    }
  }

  private void detach(ServletContextEvent event) {
    if (serverStop != null) {
      serverStop.forget();
      serverStop = null;
    }
    if (cdi != null) {
      CdiBus.disconnect(cdi);
      cdi.detach(event);
      cdi = null;
    }
  }
}
