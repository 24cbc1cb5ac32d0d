package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.asynceventsource.EventBus;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ArquillianExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("The WAR is watched")
class WatchedIT {

  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  /** Lives in the container, from the first step to the third. */
  private static @Nullable Recording recording;

  @Deployment
  static WebArchive war() {
    return EventSourceWar.unchanged();
  }

  private static ObjectName only(String type) throws Exception {
    ObjectName pattern =
        new ObjectName("org.asynceventsource:type=%s,context=/eventsource,*".formatted(type));
    Set<ObjectName> names = SERVER.queryNames(pattern, null);
    assertEquals(1, names.size(), names::toString);
    return names.iterator().next();
  }

  @Test
  @Order(4)
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
  @Order(1)
  @DisplayName("by the flight recorder, which is started in the container")
  void startRecording() {
    recording = new Recording();
    recording.start();
  }

  @Test
  @Order(2)
  @RunAsClient
  @DisplayName("while a client opens a stream")
  void open(@ArquillianResource URI application) throws IOException {
    HttpCall call = HttpCall.of("GET", application.getPath() + "events");
    try (HttpReply stream = call.send(application.getPort())) {
      assertEquals(200, stream.status());
    }
  }

  @Test
  @Order(3)
  @DisplayName("and which then knows of the client")
  void stopRecording() throws IOException {
    Path file = Files.createTempFile("recording", ".jfr");
    try (Recording ended = recording) {
      ended.stop();
      ended.dump(file);
      assertTrue(
          RecordingFile.readAllEvents(file).stream()
              .anyMatch(
                  event ->
                      event.getEventType().getName().equals("org.asynceventsource.Connected")));
    } finally {
      Files.delete(file);
    }
  }
}
