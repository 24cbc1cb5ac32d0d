package org.asynceventsource.it;

import java.io.File;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The WAR as the build made it, and with settings of an application's. */
final class EventSourceWar {

  private EventSourceWar() {}

  /** The WAR; Arquillian adds the test class and its protocol, nothing else. */
  static WebArchive unchanged() {
    return ShrinkWrap.createFromZipFile(WebArchive.class, new File(System.getProperty("it.war")));
  }

  /**
   * The WAR with settings, which reach it by MicroProfile Config.
   *
   * @param settings such as {@code eventsource.heartbeat=1s}
   */
  static WebArchive with(String... settings) {
    return unchanged()
        .addAsResource(
            new StringAsset(String.join("\n", settings)),
            "META-INF/microprofile-config.properties");
  }
}
