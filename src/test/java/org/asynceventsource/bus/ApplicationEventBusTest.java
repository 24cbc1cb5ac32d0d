package org.asynceventsource.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.CharBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.AbstractThrowableAssert;
import org.asynceventsource.EventBus;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.SendResult;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.PayloadEncoder;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The bus, without CDI,")
class ApplicationEventBusTest {

  private record Order(int number) {}

  private record Price(int cents) {}

  private static final PayloadEncoder ORDERS =
      payload -> payload instanceof Order o ? Optional.of("order " + o.number) : Optional.empty();

  private final LogRecords log = LogRecords.of("org.asynceventsource.bus");
  private PublishedEvents events = new PublishedEvents(ORDERS);

  @AfterEach
  void close() {
    events.close();
    log.close();
  }

  private EventBus bus() {
    return events.bus();
  }

  @Test
  @DisplayName("publishes to the default event source, or to the one that is named")
  void routes() {
    SendResult result = bus().publish("a").toCompletableFuture().join();
    bus().publish("/prices", "b");
    bus().publish("/orders", "c");

    assertThat(result.delivery()).isEqualTo(SendResult.Delivery.NOBODY);
    assertThat(result.id()).isNotEmpty();
    assertThat(events.of("/orders")).containsExactly("data: a\n\n", "data: c\n\n");
    assertThat(events.of("/prices")).containsExactly("data: b\n\n");
    assertThat(bus().unroutable()).isZero();
  }

  @Test
  @DisplayName("sends text, numbers, truth values and constants as they are")
  void simplePayloads() {
    bus().publish(CharBuffer.wrap("text"));
    bus().publish(42);
    bus().publish(1.5);
    bus().publish(true);
    bus().publish(TimeUnit.DAYS);

    assertThat(events.of("/orders"))
        .containsExactly(
            "data: text\n\n", "data: 42\n\n", "data: 1.5\n\n", "data: true\n\n", "data: DAYS\n\n");
  }

  @Test
  @DisplayName("sends a server-sent event with all that it says")
  void serverSentEvent() {
    bus().publish(ServerSentEvent.of("a\nb").withName("n").withId("own").withRetry(7));

    assertThat(events.of("/orders"))
        .containsExactly("id: own\nevent: n\nretry: 7\ndata: a\ndata: b\n\n");
  }

  @Test
  @DisplayName("asks encoders in order until one knows the type")
  void encoders() {
    AtomicInteger asked = new AtomicInteger();
    PayloadEncoder last =
        payload -> {
          asked.incrementAndGet();
          return Optional.of("anything");
        };
    events.close();
    events = new PublishedEvents(ORDERS, last);
    bus().publish(new Order(7));
    assertThat(asked).hasValue(0);
    bus().publish(new Price(99));

    assertThat(asked).hasValue(1);
    assertThat(events.of("/orders")).containsExactly("data: order 7\n\n", "data: anything\n\n");
  }

  @Test
  @DisplayName("fails an event that no encoder takes, and says what would")
  void noEncoder() {
    assertFails(bus().publish(new Price(1)))
        .hasCauseInstanceOf(EventSourceException.class)
        .hasMessageContaining("no encoder takes type " + Price.class.getName())
        .hasMessageContaining("PayloadEncoder");
    assertThat(log.messages()).hasSize(1);
    assertFails(bus().publish(new Price(2)));
    assertThat(log.messages()).hasSize(1);
  }

  @Test
  @DisplayName("fails an event whose encoder fails, whatever it throws")
  void failingEncoders() {
    events.close();
    events =
        new PublishedEvents(
            payload -> {
              if (payload instanceof Order) {
                throw new NoClassDefFoundError("a library that is missing");
              }
              throw new StackOverflowError();
            });

    assertFails(bus().publish(new Order(1))).hasMessageContaining("a library that is missing");
    assertFails(bus().publish(new Price(1))).hasRootCauseInstanceOf(StackOverflowError.class);
    assertThat(log.messages()).hasSize(2);
  }

  @Test
  @DisplayName("fails an event whose id only the history may give")
  void foreignId() {
    String id = bus().publish("a").toCompletableFuture().join().id();

    assertFails(bus().publish(ServerSentEvent.of("b").withId(id)))
        .hasRootCauseInstanceOf(InvalidEventException.class);
    assertThat(events.of("/orders")).hasSize(1);
  }

  @Test
  @DisplayName("fails an event for an unknown event source, logs it once and counts it")
  void unknownSource() {
    assertFails(bus().publish("/nowhere", "a"))
        .hasCauseInstanceOf(EventSourceException.class)
        .hasMessageContaining("there is no event source at '/nowhere'; create it at start-up");
    assertFails(bus().publish("/nowhere", "b"));
    assertFails(bus().publish("/else\nwhere", "c")).hasMessageContaining("'/else\uFFFDwhere'");

    assertThat(bus().unroutable()).isEqualTo(3);
    assertThat(log.messages()).hasSize(2);
  }

  @Test
  @DisplayName("fails an event for an event source that is closed, and logs it")
  void closedSource() {
    events.source("/prices").close();

    assertFails(bus().publish("/prices", "late")).hasMessageContaining("the history is closed");
    assertThat(log.messages())
        .singleElement()
        .asString()
        .startsWith("an event of type java.lang.String for '/prices' was not published: ");
  }

  private static AbstractThrowableAssert<?, ?> assertFails(CompletionStage<SendResult> stage) {
    return assertThatThrownBy(() -> stage.toCompletableFuture().join())
        .isInstanceOf(CompletionException.class);
  }
}
