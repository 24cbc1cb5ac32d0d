package org.asynceventsource.boot;

import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.asynceventsource.EventSources;
import org.asynceventsource.bus.EventBusExtension;

/** Connects event sources and CDI; loaded only where there is CDI. */
final class CdiBus {

  private CdiBus() {}

  /**
   * From here on CDI events are delivered; then beans may create their event sources, and those
   * that care learn of the settings.
   */
  static void connect(Cdi cdi, Application application) {
    Optional<EventBusExtension> extension = cdi.find(EventBusExtension.class);
    Optional<BeanManager> beans = cdi.find(BeanManager.class);
    if (extension.isEmpty() || beans.isEmpty()) {
      Log.WARN.warn(
          "no extension",
          "CDI doesn't know the event sources: the library's jar is not among those that this"
              + " application's CDI scans; put it in WEB-INF/lib");
      return;
    }
    extension.get().connect(application, stopping -> closeWith(application, stopping));
    application.onCreate(source -> extension.get().announceClients(source, beans.get()));
    beans.get().getEvent().select(EventSources.class).fire(application);
    beans.get().getEvent().select(Settings.class).fire(application.settings());
  }

  private static void closeWith(Application application, Object stopping) {
    if (application.isOf(stopping)) {
      application.close();
    }
  }

  static void disconnect(Cdi cdi) {
    try {
      cdi.find(EventBusExtension.class).ifPresent(EventBusExtension::disconnect);
    } catch (IllegalStateException stopped) {
      Log.LOGGER.log(Level.DEBUG, "CDI has stopped before, and the extension with it", stopped);
    }
  }
}
