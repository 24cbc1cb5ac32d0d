package org.asynceventsource.bench.peer;

/** How a peer sends an event to all of its clients, by its own means. */
@FunctionalInterface
interface Broadcast {

  /**
   * Sends one event; called by one thread at a time.
   *
   * @param data the event's data
   * @return the event's id, or empty if the peer's events have none
   */
  String send(String data);
}
