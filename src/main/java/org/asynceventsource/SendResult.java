package org.asynceventsource;

/**
 * What became of an event that was sent to everyone.
 *
 * @param id the event's id: its own, or the one that the history assigned
 * @param delivery who will get it now; whoever connects later can still resume from the history
 */
public record SendResult(String id, Delivery delivery) {

  /** Who gets an event, judged at the moment it was appended to the history. */
  public enum Delivery {
    /** It is queued for every open client. */
    QUEUED,
    /** It is queued, but at least one client is past its limits and may have to resume. */
    PARTLY,
    /** No client was open; the event is kept in the history. */
    NOBODY
  }
}
