package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.spi.CDI;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpResponse;
import org.asynceventsource.ServerSentEvent;
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
@DisplayName("Events that a bean fires reach an open stream")
class FiredEventsIT {

  /** Lives in the client's JVM, from the first step to the last. */
  private static @Nullable BufferedReader stream;

  @ArquillianResource private @Nullable URI application;

  @Deployment
  static WebArchive war() {
    return EventSourceWar.unchanged();
  }

  @Test
  @Order(1)
  @RunAsClient
  @DisplayName("a client opens a stream")
  void opens() throws Exception {
    HttpResponse<BufferedReader> response = StreamClient.open(application.resolve("events"));
    stream = response.body();

    assertEquals(200, response.statusCode());
    assertTrue(
        response.headers().firstValue("content-type").orElse("").startsWith("text/event-stream"));
  }

  @Test
  @Order(2)
  @DisplayName("a bean fires an event in the container, and another asynchronously")
  void fires() {
    Event<Object> events = CDI.current().getBeanManager().getEvent();

    events.fire(ServerSentEvent.of("from a bean\nin two lines"));
    events.fireAsync(ServerSentEvent.of("without waiting")).toCompletableFuture().join();
  }

  @Test
  @Order(3)
  @RunAsClient
  @DisplayName("the client reads them")
  void reads() throws Exception {
    String event = StreamClient.nextEvent(stream);
    String asynchronous = StreamClient.nextEvent(stream);
    stream.close();

    assertTrue(event.contains("data: from a bean\ndata: in two lines\n"), event);
    assertTrue(asynchronous.contains("data: without waiting\n"), asynchronous);
  }
}
