package org.asynceventsource.stream;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

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

  /**
   * What a request asks for by the parameters {@code channel} of its query; an empty one asks for
   * nothing.
   *
   * @param request the request
   * @return the interest
   * @throws IllegalArgumentException in Open Liberty, if the query can't be decoded; other
   *     containers refuse it themselves
   */
  public static Interest of(HttpServletRequest request) {
    // Looked at first, since a container takes its time to find that there are no parameters.
    String[] asked =
        request.getQueryString() == null ? null : request.getParameterValues("channel");
    return asked == null
        ? EVERYTHING
        : new Interest(
            Arrays.stream(asked).filter(channel -> !channel.isEmpty()).collect(Collectors.toSet()));
  }

  boolean isEverything() {
    return channels.isEmpty();
  }

  boolean matches(String channel) {
    return channels.isEmpty() || channel.isEmpty() || channels.contains(channel);
  }
}
