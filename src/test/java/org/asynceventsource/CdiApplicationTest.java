package org.asynceventsource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.asynceventsource.boot.BootListener;
import org.asynceventsource.bus.EventBusExtension;
import org.asynceventsource.bus.InjectedEventBus;
import org.asynceventsource.test.EventStreamRecorder;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** From business code through CDI, the bus, the history and the servlet to a client. */
@DisplayName("An application with CDI")
class CdiApplicationTest {

  private final WebApplication application = WebApplication.at("/app");
  private WeldContainer cdi;
  private Shop shop;

  /** What business code fires. */
  public record Order(long number, String item) {}

  /** Business code. */
  @Singleton
  static class Shop {

    @Inject
    @EventSource(value = "/orders", event = "order")
    Event<Order> orders;

    @Inject Event<ServerSentEvent> everything;
    @Inject EventBus bus;

    private final List<String> seen = new CopyOnWriteArrayList<>();

    void start(@Observes EventSources sources) {
      sources.at("/orders").onConnect(client -> client.send("hello"));
    }

    void opened(@Observes @Opened @EventSource("/orders") AsyncEventSourceClient client) {
      seen.add("opened at /orders");
      client.send("welcome");
    }

    void anyOpened(@Observes @Opened AsyncEventSourceClient client) {
      seen.add("any opened at " + client.eventSource().path());
    }

    void closed(@Observes @Closed @EventSource("/orders") AsyncEventSourceClient client) {
      seen.add("closed " + client.disconnectReason().orElseThrow());
    }

    List<String> seen() {
      return seen;
    }

    void buy(String item) {
      orders.fire(new Order(7, item));
      orders.fireAsync(new Order(8, item)).toCompletableFuture().join();
      everything.fire(ServerSentEvent.of("bought").withName("news"));
    }
  }

  @BeforeEach
  void start() throws Exception {
    cdi =
        new Weld()
            .disableDiscovery()
            .addExtension(new EventBusExtension())
            .beanClasses(Shop.class, InjectedEventBus.class)
            .initialize();
    application.listener(new BootListener()).start();
    shop = cdi.select(Shop.class).get();
  }

  @AfterEach
  void stop() throws Exception {
    application.stop();
    cdi.close();
  }

  @Test
  @DisplayName("has what it fires at the client's, each firing once")
  void firedEvents() throws Exception {
    try (EventStreamRecorder orders = open("/app/orders");
        EventStreamRecorder events = open("/app/events")) {
      orders.assertEvent(null, "message", "welcome");
      orders.assertEvent(null, "message", "hello");
      shop.buy("tea");

      orders.assertEvent(null, "order", "{\"item\":\"tea\",\"number\":7}");
      orders.assertEvent(null, "order", "{\"item\":\"tea\",\"number\":8}");
      events.assertEvent(null, "news", "bought");
      shop.bus.publish("/orders", "last");
      orders.assertEvent(null, "message", "last");
      orders.assertExhausted();
      events.assertExhausted();
    }
  }

  @Test
  @DisplayName("is told of every client that opens and closes, at which event source")
  void lifeCycle() throws Exception {
    try (EventStreamRecorder orders = open("/app/orders");
        EventStreamRecorder events = open("/app/events")) {
      await().until(() -> shop.seen().size() == 3);
      application.undeploy();
      orders.assertEvent(null, "message", "welcome");
      orders.assertEvent(null, "message", "hello");
      orders.assertEnded();
      events.assertEnded();
    }

    assertThat(shop.seen())
        .containsExactlyInAnyOrder(
            "opened at /orders",
            "any opened at /orders",
            "any opened at /events",
            "closed SHUTDOWN");
  }

  private EventStreamRecorder open(String target) throws Exception {
    EventStreamRecorder stream = application.get(target).stream();
    stream.assertOpened();
    return stream;
  }
}
