package org.asynceventsource.spi;

import org.asynceventsource.AsyncEventSource;

/**
 * Makes listeners, such as those that feed a metrics library of the application's.
 *
 * <p>Found with {@link java.util.ServiceLoader}, by the application's class loader, when the
 * application starts; asked once for each event source, when that is made.
 */
@FunctionalInterface
public interface StreamListenerFactory {

  /**
   * Makes the listener of an event source.
   *
   * @param source the event source, which nobody can reach yet
   * @param gauges what can be read off it, until it is closed
   * @return its listener; {@link StreamListener#NONE} to leave it alone
   */
  StreamListener create(AsyncEventSource source, StreamGauges gauges);
}
