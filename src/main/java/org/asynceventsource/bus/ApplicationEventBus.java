package org.asynceventsource.bus;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.EventBus;
import org.asynceventsource.EventSource;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.SendResult;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.PayloadEncoder;
import org.asynceventsource.spi.WarnOnce;
import org.jspecify.annotations.Nullable;

/**
 * Finds the event source and encodes the payload, once per event. Knows nothing of CDI.
 *
 * <p>Nothing that goes wrong here is thrown: the stage fails, a line is logged once per cause.
 */
public final class ApplicationEventBus implements EventBus {

  private static final WarnOnce WARN =
      new WarnOnce(System.getLogger(ApplicationEventBus.class.getPackageName()));

  private final Function<String, Optional<AsyncEventSource>> sources;
  private final List<PayloadEncoder> encoders;
  private final LongAdder unroutable = new LongAdder();

  /**
   * A bus.
   *
   * @param sources finds the event source at a path; the empty path is the default one's
   * @param encoders tried in order for payloads that are neither text nor server-sent events
   */
  public ApplicationEventBus(
      Function<String, Optional<AsyncEventSource>> sources, List<PayloadEncoder> encoders) {
    this.sources = sources;
    this.encoders = List.copyOf(encoders);
  }

  @Override
  public CompletionStage<SendResult> publish(Object payload) {
    return publish("", payload);
  }

  @Override
  public CompletionStage<SendResult> publish(String path, Object payload) {
    return publish(EventSource.Literal.of(path), payload);
  }

  /**
   * Publishes a payload.
   *
   * @param target the event source; event name and channel, if it has them, come before those of a
   *     payload that is a server-sent event
   * @param payload what is published
   * @return what became of it
   */
  CompletionStage<SendResult> publish(EventSource target, Object payload) {
    String path = target.value();
    Optional<AsyncEventSource> source = sources.apply(path);
    if (source.isEmpty()) {
      unroutable.increment();
      String message =
          "there is no event source at '%s'; create it at start-up with EventSources.at, or correct"
                  .formatted(EventSourceException.printable(path))
              + " the qualifier @EventSource";
      WARN.warn("no event source " + path, message);
      return CompletableFuture.failedFuture(new EventSourceException(message));
    }
    return send(source.get(), target, payload);
  }

  private CompletionStage<SendResult> send(
      AsyncEventSource source, EventSource target, Object payload) {
    try {
      return source
          .send(event(target, payload))
          .whenComplete((result, failure) -> warnOf(failure, source, payload));
    } catch (RuntimeException | LinkageError | StackOverflowError e) { // of an encoder, too
      return CompletableFuture.failedFuture(
          new EventSourceException(warnOf(e, source, payload), e));
    }
  }

  /** Logs a failure if there is one: whoever fires an event never looks at a stage. */
  private static String warnOf(
      @Nullable Throwable failure, AsyncEventSource source, Object payload) {
    if (failure == null) {
      return "";
    }
    String type = payload.getClass().getName();
    String message =
        "an event of type %s for '%s' was not published: %s"
            .formatted(type, source.path(), failure.getMessage());
    WARN.warn(type + ' ' + failure.getClass().getName(), message, failure);
    return message;
  }

  private ServerSentEvent event(EventSource target, Object payload) {
    ServerSentEvent event =
        payload instanceof ServerSentEvent ready ? ready : ServerSentEvent.of(data(payload));
    event = target.event().isEmpty() ? event : event.withName(target.event());
    return target.channel().isEmpty() ? event : event.withChannel(target.channel());
  }

  private String data(Object payload) {
    if (payload instanceof CharSequence
        || payload instanceof Number
        || payload instanceof Boolean
        || payload instanceof Enum<?>) {
      return payload.toString();
    }
    for (PayloadEncoder encoder : encoders) {
      Optional<String> data = encoder.encode(payload);
      if (data.isPresent()) {
        return data.get();
      }
    }
    throw new EventSourceException(
        "no encoder takes type %s; add JSON-B (jakarta.json.bind) to the application, register a"
                .formatted(payload.getClass().getName())
            + " PayloadEncoder, or fire text or a ServerSentEvent");
  }

  @Override
  public long unroutable() {
    return unroutable.sum();
  }
}
