package org.asynceventsource.it;

import java.io.File;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The WAR as the build made it. */
final class EventSourceWar {

  private EventSourceWar() {}

  /** The WAR; Arquillian adds the test class and its protocol, nothing else. */
  static WebArchive unchanged() {
    return ShrinkWrap.createFromZipFile(WebArchive.class, new File(System.getProperty("it.war")));
  }
}
