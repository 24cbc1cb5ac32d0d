package org.asynceventsource.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Any;
import jakarta.inject.Inject;
import jakarta.inject.Qualifier;
import jakarta.inject.Singleton;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.EventBus;
import org.asynceventsource.EventSource;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.EventSources;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.PayloadEncoder;
import org.asynceventsource.test.LogRecords;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A CDI event")
class EventBusExtensionTest {

  private static final PayloadEncoder ENCODER =
      payload -> {
        if (payload instanceof Unencodable) {
          throw new IllegalArgumentException("not today");
        }
        return payload instanceof Order o ? Optional.of("order " + o.number()) : Optional.empty();
      };

  private final List<Object> stopped = new ArrayList<>();
  private final LogRecords log = LogRecords.of("org.asynceventsource.bus");
  private final PublishedEvents events = new PublishedEvents(ENCODER);
  private WeldContainer cdi;
  private Shop shop;

  /** What business code fires. */
  record Order(int number) {}

  /** What no encoder can encode. */
  record Unencodable() {}

  /** Some qualifier of the application's own. */
  @Qualifier
  @Retention(RetentionPolicy.RUNTIME)
  @interface Urgent {}

  /** Business code. */
  @Singleton
  static class Shop {
    @Inject
    @EventSource("/prices")
    Event<Object> prices;

    @Inject
    @EventSource(value = "/prices", event = "order")
    Event<Order> named;

    @Inject @Urgent @EventSource Event<Order> urgent;

    @Inject
    @EventSource("/unknown")
    Event<String> unknown;

    @Inject Event<Object> unqualified;
    @Inject @Any Event<Object> any;

    @Inject
    @EventSource("/prices")
    AsyncEventSource source;

    @Inject AsyncEventSource defaultSource;

    @Inject
    @EventSource("/missing")
    AsyncEventSource missing;

    @Inject EventSources sources;
    @Inject EventBus bus;
  }

  @BeforeEach
  void start() {
    cdi =
        new Weld()
            .disableDiscovery()
            .addExtension(new EventBusExtension())
            .beanClasses(Shop.class, InjectedEventBus.class)
            .initialize();
    shop = cdi.select(Shop.class).get();
    extension().connect(events, nothing -> {});
  }

  @AfterEach
  void stop() {
    if (cdi.isRunning()) {
      cdi.close();
    }
    events.close();
    log.close();
  }

  private EventBusExtension extension() {
    return cdi.select(EventBusExtension.class).get();
  }

  @Test
  @DisplayName("that is fired reaches the event source that its qualifier names, once")
  void fire() {
    shop.prices.fire(new Order(1));
    shop.prices.fire("text");

    assertThat(events.of("/prices")).containsExactly("data: order 1\n\n", "data: text\n\n");
    assertThat(events.of("/orders")).isEmpty();
  }

  @Test
  @DisplayName("that is fired asynchronously reaches it once, too")
  void fireAsync() {
    shop.prices.fireAsync(new Order(1)).toCompletableFuture().join();
    shop.prices.fireAsync(new Order(2)).toCompletableFuture().join();

    assertThat(events.of("/prices")).containsExactly("data: order 1\n\n", "data: order 2\n\n");
  }

  @Test
  @DisplayName("belongs to the channel that its qualifier names, at run time too")
  void channel() {
    shop.any
        .select(EventSource.Literal.of("/prices", "order").inChannel("orders/1"))
        .fire(new Order(1));
    shop.prices.fire(ServerSentEvent.of("own").withChannel("orders/2"));

    assertThat(events.of("/prices"))
        .containsExactly("event: order\ndata: order 1\n\n", "data: own\n\n");
    assertThat(events.channelsOf("/prices")).containsExactly("orders/1", "orders/2");
  }

  @Test
  @DisplayName("goes out under the event name that its qualifier has")
  void eventName() {
    shop.named.fire(new Order(1));
    shop.any
        .select(EventSource.Literal.of("/prices"))
        .fire(ServerSentEvent.of("a").withName("own"));

    assertThat(events.of("/prices"))
        .containsExactly("event: order\ndata: order 1\n\n", "event: own\ndata: a\n\n");
  }

  @Test
  @DisplayName("may have other qualifiers, and none names the default event source")
  void otherQualifiers() {
    shop.urgent.fire(new Order(1));

    assertThat(events.of("/orders")).containsExactly("data: order 1\n\n");
  }

  @Test
  @DisplayName("without a qualifier is taken only if it is a server-sent event")
  void unqualified() {
    shop.unqualified.fire(ServerSentEvent.of("a").withId("own"));
    shop.unqualified.fire("not for us");
    shop.unqualified.fire(new Order(1));
    shop.unqualified.fire(new Unencodable());

    assertThat(events.of("/orders")).containsExactly("id: own\ndata: a\n\n");
    assertThat(log.messages()).isEmpty();
  }

  @Test
  @DisplayName("for an unknown event source is logged once and counted, and never thrown back")
  void unknownSource() {
    shop.unknown.fire("a");
    shop.unknown.fire("b");
    shop.unknown.fireAsync("c").toCompletableFuture().join();

    assertThat(shop.bus.unroutable()).isEqualTo(3);
    assertThat(log.messages()).hasSize(1);
  }

  @Test
  @DisplayName("that can't be encoded is logged once, and never thrown back")
  void unencodable() {
    shop.prices.fire(new Unencodable());
    shop.prices.fire(new Unencodable());

    assertThat(events.of("/prices")).isEmpty();
    assertThat(log.messages())
        .singleElement()
        .asString()
        .contains(Unencodable.class.getName(), "'/prices'", "not today");
  }

  @Test
  @DisplayName("that is fired before the start or after the stop is dropped with one line")
  void notConnected() {
    extension().disconnect();
    shop.prices.fire("early");
    shop.prices.fire("early");

    assertThat(log.messages()).hasSize(1);
    assertThatThrownBy(() -> shop.bus.publish("early")).isInstanceOf(EventSourceException.class);
    extension().connect(events, nothing -> {});
    assertThat(events.of("/prices")).isEmpty();
  }

  @Test
  @DisplayName("comes before the beans go, and whoever connected is told of that")
  void stops() {
    extension().connect(events, going -> stopped.add(shop.bus.publish("/prices", "last")));

    cdi.close();

    assertThat(stopped).hasSize(1);
    assertThat(events.of("/prices")).containsExactly("data: last\n\n");
  }

  @Test
  @DisplayName("isn't needed: event sources and the bus can be injected")
  void injection() {
    shop.source.send("by injection");
    shop.defaultSource.send("to the default");
    shop.bus.publish("/prices", new Order(2));

    assertThat(shop.source.path()).isEqualTo("/prices");
    assertThat(shop.sources.find("/prices")).containsSame(events.source("/prices"));
    assertThat(events.of("/prices")).containsExactly("data: by injection\n\n", "data: order 2\n\n");
    assertThat(events.of("/orders")).containsExactly("data: to the default\n\n");
  }

  @Test
  @DisplayName("source that is injected but doesn't exist says so when it is used")
  void missingSource() {
    assertThatThrownBy(() -> shop.missing.send("x"))
        .isInstanceOf(EventSourceException.class)
        .hasMessageContaining("there is no event source at '/missing' to inject");
  }
}
