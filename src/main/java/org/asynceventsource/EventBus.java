package org.asynceventsource;

import java.util.concurrent.CompletionStage;

/**
 * The entry for application events, with or without CDI.
 *
 * <p>With CDI, business code fires and needs nothing from here:
 * {@code @Inject @EventSource("/orders") Event<Order>}. Safe for use by several threads; never
 * waits for a client.
 */
public interface EventBus {

  /**
   * Publishes to the default event source, the one at {@code eventsource.path}.
   *
   * @param payload a {@link ServerSentEvent}, text, or an object that a payload encoder turns into
   *     text
   * @return what became of it; fails with {@link EventSourceException} if nobody takes the payload
   */
  CompletionStage<SendResult> publish(Object payload);

  /**
   * Publishes to an event source.
   *
   * @param path the event source's path
   * @param payload a {@link ServerSentEvent}, text, or an object that a payload encoder turns into
   *     text
   * @return what became of it; fails with {@link EventSourceException} if there is no such event
   *     source or no encoder for the payload
   */
  CompletionStage<SendResult> publish(String path, Object payload);

  /**
   * How many events named an event source that doesn't exist.
   *
   * @return the number since the application started
   */
  long unroutable();
}
