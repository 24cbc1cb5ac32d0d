package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.enterprise.inject.spi.CDI;
import java.lang.management.ManagementFactory;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import jdk.jfr.FlightRecorder;
import org.asynceventsource.EventBus;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ArquillianExtension.class)
@DisplayName("The WAR is watched")
class WatchedIT {

  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  @Deployment
  static WebArchive war() {
    return EventSourceWar.unchanged();
  }

  private static ObjectName only(String type) throws Exception {
    Set<ObjectName> names =
        SERVER.queryNames(new ObjectName("org.asynceventsource:type=" + type + ",*"), null);
    assertEquals(1, names.size(), names::toString);
    return names.iterator().next();
  }

  @Test
  @DisplayName("by JMX")
  void jmx() throws Exception {
    EventBus bus = CDI.current().select(EventBus.class).get();
    ObjectName events = only("EventSource");
    long before = (Long) SERVER.getAttribute(events, "EventsAppended");
    bus.publish("a").toCompletableFuture().join();
    bus.publish("/nowhere", "b");

    assertEquals("/events", events.getKeyProperty("path"));
    assertEquals(before + 1, SERVER.getAttribute(events, "EventsAppended"));
    assertTrue((Long) SERVER.getAttribute(only("EventBus"), "Unroutable") >= 1);
  }

  @Test
  @DisplayName("by the flight recorder")
  void flightRecorder() {
    assertTrue(
        FlightRecorder.getFlightRecorder().getEventTypes().stream()
            .anyMatch(type -> type.getName().equals("org.asynceventsource.Connected")));
  }
}
