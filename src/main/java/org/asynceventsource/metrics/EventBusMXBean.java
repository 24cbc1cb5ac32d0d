package org.asynceventsource.metrics;

/**
 * The event bus of one application as JMX shows it: {@code
 * org.asynceventsource:type=EventBus,context=/shop}.
 */
public interface EventBusMXBean {

  /**
   * How many events were fired for an event source that doesn't exist.
   *
   * @return a counter
   */
  long getUnroutable();
}
