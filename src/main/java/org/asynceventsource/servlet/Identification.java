package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.asynceventsource.spi.Login;
import org.asynceventsource.stream.Interest;
import org.asynceventsource.stream.LastEventId;
import org.asynceventsource.stream.Visitor;
import org.jspecify.annotations.Nullable;

/** Reads from a request what is to be known of the client that it opens a stream for. */
final class Identification {

  private static final int MAX_CHANNELS = 100;

  private Identification() {}

  /**
   * What is known of a client.
   *
   * @param withAttributes whether somebody will ask for the request's attributes
   */
  static Visitor of(
      HttpServletRequest request,
      String remoteAddress,
      Set<String> declaredRoles,
      boolean withAttributes) {
    Set<String> roles =
        declaredRoles.isEmpty()
            ? declaredRoles
            : declaredRoles.stream()
                .filter(request::isUserInRole)
                .collect(Collectors.toUnmodifiableSet());
    return new Visitor(
        queried(() -> LastEventId.of(request)),
        queried(() -> interest(request)),
        request.getUserPrincipal(),
        request.getAttribute(Login.ATTRIBUTE) instanceof Login login ? login : null,
        remoteAddress,
        roles,
        withAttributes ? attributes(request) : Map.of());
  }

  /**
   * Something that the query tells; Open Liberty doesn't itself refuse one that it can't decode.
   */
  private static <T extends @Nullable Object> T queried(Supplier<T> something) {
    try {
      return something.get();
    } catch (IllegalArgumentException e) {
      throw Refusal.of(
              400, "query", "the query can't be decoded", "send UTF-8, encoded by percent signs")
          .asException();
    }
  }

  private static Interest interest(HttpServletRequest request) {
    Interest interest = Interest.of(request);
    int channels = interest.channels().size();
    if (channels > MAX_CHANNELS) {
      throw Refusal.of(
              400,
              "channels",
              "%d channels are asked for".formatted(channels),
              "ask for at most %d, or for none to get all events".formatted(MAX_CHANNELS))
          .asException();
    }
    return interest;
  }

  private static Map<String, Object> attributes(HttpServletRequest request) {
    Enumeration<String> names = request.getAttributeNames();
    if (!names.hasMoreElements()) {
      return Map.of();
    }
    Map<String, Object> attributes = new HashMap<>();
    while (names.hasMoreElements()) {
      String name = names.nextElement();
      Object value = request.getAttribute(name);
      if (value != null) {
        attributes.put(name, value);
      }
    }
    return Collections.unmodifiableMap(attributes);
  }
}
