package org.asynceventsource.stream;

import java.util.Set;

/**
 * What a client wants of an event source: the events of some channels and those without a channel,
 * or all.
 *
 * @param channels the channels; empty for all events; immutable
 */
public record Interest(Set<String> channels) {

  /** The interest in all events. */
  public static final Interest EVERYTHING = new Interest(Set.of());

  /**
   * Takes a copy of the channels.
   *
   * @param channels the channels
   */
  public Interest {
    channels = Set.copyOf(channels);
  }

  boolean isEverything() {
    return channels.isEmpty();
  }

  boolean matches(String channel) {
    return channels.isEmpty() || channel.isEmpty() || channels.contains(channel);
  }
}
