package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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
@DisplayName("A stream leaves no request scope on the container's threads")
class RequestScopeIT {

  private static final int STREAMS = 5;
  private static final int REQUESTS = 30;

  /** Weld finds a scope left behind when the thread serves its next request, and warns. */
  private static final Logger WELD = Logger.getLogger("org.jboss.weld");

  /** Lives in the container, from the first step to the last. */
  private static final List<String> WARNINGS = new CopyOnWriteArrayList<>();

  @ArquillianResource private @Nullable URI application;

  @Deployment
  static WebArchive war() {
    return EventSourceWar.unchanged();
  }

  @Test
  @Order(1)
  @DisplayName("Weld's warnings are recorded")
  void records() {
    WELD.addHandler(new Recorder());
  }

  @Test
  @Order(2)
  @RunAsClient
  @DisplayName("streams stay open while other requests are served, and end")
  void serves() throws Exception {
    List<BufferedReader> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      streams.add(StreamClient.open(application.resolve("events")).body());
    }
    request();
    for (BufferedReader stream : streams) {
      stream.close();
    }
    request();
  }

  @Test
  @Order(3)
  @DisplayName("Weld had nothing to warn of")
  void warnedOfNothing() {
    assertEquals(List.of(), WARNINGS);
  }

  private void request() throws Exception {
    for (int i = 0; i < REQUESTS; i++) {
      assertEquals(200, StreamClient.get(application).statusCode());
    }
  }

  private static final class Recorder extends Handler {

    @Override
    public void publish(LogRecord logged) {
      if (logged.getLevel().intValue() >= Level.WARNING.intValue()) {
        WARNINGS.add(logged.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
