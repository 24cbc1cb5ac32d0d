package org.asynceventsource.spi;

import java.util.Optional;

/**
 * Turns payloads of application events into the data of a server-sent event.
 *
 * <p>Found with {@link java.util.ServiceLoader}, tried in the order found and before the encoders
 * that come along. Called by the publishing thread, by several at once; called once per event,
 * however many clients there are.
 */
@FunctionalInterface
public interface PayloadEncoder {

  /**
   * Encodes a payload.
   *
   * @param payload an object that is neither text nor a server-sent event
   * @return the data, or empty if this encoder doesn't know the type
   */
  Optional<String> encode(Object payload);
}
