package org.asynceventsource;

import org.jspecify.annotations.Nullable;

/**
 * Something that events can be sent to: an event source (every client) or one client.
 *
 * <p>All methods may be called by any thread, callbacks included, and never wait for a client.
 *
 * @param <R> what a send reports
 */
public interface EventSender<R> {

  /**
   * Sends one event.
   *
   * @param event the event
   * @return what became of it
   * @throws InvalidEventException if the event's id has the shape of ids that only the history
   *     makes
   */
  R send(ServerSentEvent event);

  /**
   * Sends an unnamed event, which browsers dispatch as {@code message}.
   *
   * @param data the data; line ends of any kind are kept as line feeds
   * @return what became of it
   */
  default R send(String data) {
    return send(ServerSentEvent.of(data));
  }

  /**
   * Sends a named event.
   *
   * @param data the data
   * @param name the event name; {@code null} or empty for none
   * @return what became of it
   * @throws InvalidEventException if the name can't be sent
   */
  default R send(String data, @Nullable String name) {
    return send(ServerSentEvent.of(data).withName(name));
  }

  /**
   * Sends a named event with an id of its own.
   *
   * @param data the data
   * @param name the event name; {@code null} or empty for none
   * @param id the id; {@code null} or empty for none
   * @return what became of it
   * @throws InvalidEventException if name or id can't be sent
   */
  default R send(String data, @Nullable String name, @Nullable String id) {
    return send(ServerSentEvent.of(data).withName(name).withId(id));
  }

  /**
   * Sends a named event with a number as its id.
   *
   * @param data the data
   * @param name the event name; {@code null} or empty for none
   * @param id the id, such as the current time in milliseconds; 0 for none
   * @return what became of it
   * @throws InvalidEventException if the name can't be sent or the id is negative
   */
  default R send(String data, @Nullable String name, long id) {
    return send(ServerSentEvent.of(data).withName(name).withId(id));
  }

  /**
   * Sends a named event with an id of its own and a reconnect time.
   *
   * @param data the data
   * @param name the event name; {@code null} or empty for none
   * @param id the id; {@code null} or empty for none
   * @param reconnect the reconnect time in milliseconds; 0 for none
   * @return what became of it
   * @throws InvalidEventException if name, id or reconnect time can't be sent
   */
  default R send(String data, @Nullable String name, @Nullable String id, long reconnect) {
    return send(ServerSentEvent.of(data).withName(name).withId(id).withRetry(reconnect));
  }

  /**
   * Sends a named event with a number as its id and a reconnect time.
   *
   * @param data the data
   * @param name the event name; {@code null} or empty for none
   * @param id the id, such as the current time in milliseconds; 0 for none
   * @param reconnect the reconnect time in milliseconds; 0 for none
   * @return what became of it
   * @throws InvalidEventException if name, id or reconnect time can't be sent
   */
  default R send(String data, @Nullable String name, long id, long reconnect) {
    return send(ServerSentEvent.of(data).withName(name).withId(id).withRetry(reconnect));
  }
}
