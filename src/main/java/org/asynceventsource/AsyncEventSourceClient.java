package org.asynceventsource;

import java.security.Principal;
import java.util.Optional;
import java.util.Set;

/**
 * One client of an event source: one open response.
 *
 * <p>Safe for use by several threads, callbacks included; no method waits for the client. Events
 * sent here reach this client only and are not kept in the history: send to the event source what
 * must survive a reconnect. {@code send} answers whether the event was queued; {@code false} means
 * that the client is no longer connected or its queue of direct events is full.
 */
public interface AsyncEventSourceClient extends EventSender<Boolean> {

  /**
   * The event source that this client listens to.
   *
   * @return the event source
   */
  AsyncEventSource eventSource();

  /**
   * The last event ID that the client presented when it connected (WHATWG HTML §9.2.4).
   *
   * @return the id as received, or empty if the client has seen nothing yet
   */
  Optional<String> lastId();

  /**
   * The channels that the client asked for, with the query parameter {@code channel}.
   *
   * @return the channels; empty if the client gets all events
   */
  Set<String> channels();

  /**
   * Whether the stream is open.
   *
   * @return {@code false} once the client has gone or was closed
   */
  boolean connected();

  /**
   * Why the stream ended.
   *
   * @return the reason, or empty while the stream is open
   */
  Optional<DisconnectReason> disconnectReason();

  /**
   * How many events wait to be written to this client.
   *
   * @return events of the history behind the client's position, and direct ones
   */
  long pending();

  /** Ends the stream when what is pending has been written; browsers reconnect. Idempotent. */
  void close();

  /**
   * Who the client is.
   *
   * @return the principal of the request, or empty for an anonymous client
   */
  Optional<Principal> principal();

  /**
   * Whether the client is in a role, as the container answered when the client connected.
   *
   * @param role a role that the setting {@code eventsource.roles} declares
   * @return whether the client has the role
   * @throws IllegalArgumentException if the role is not declared
   */
  boolean hasRole(String role);

  /**
   * The network address that the client connected from.
   *
   * @return the address; behind a proxy named in {@code eventsource.trusted-proxies}, the one that
   *     the proxy reports
   */
  String remoteAddress();

  /**
   * An attribute of the request that opened the stream.
   *
   * @param name the attribute's name
   * @return its value, or empty if there is none
   * @throws IllegalStateException outside {@code onConnect}, when the request is gone
   */
  Optional<Object> requestAttribute(String name);
}
