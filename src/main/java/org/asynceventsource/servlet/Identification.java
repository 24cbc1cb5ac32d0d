package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.asynceventsource.stream.Interest;
import org.asynceventsource.stream.Visitor;
import org.jspecify.annotations.Nullable;

/** Reads from a request what is to be known of the client that it opens a stream for. */
final class Identification {

  private static final int LATIN_1_MAX = 0xff;
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
        lastId(request),
        interest(request),
        request.getUserPrincipal(),
        remoteAddress,
        roles,
        withAttributes ? attributes(request) : Map.of());
  }

  /** Looked at first, since a container takes its time to find that there are no parameters. */
  private static boolean hasQuery(HttpServletRequest request) {
    return request.getQueryString() != null;
  }

  /** The channels that the query asks for; an empty one is none. */
  private static Interest interest(HttpServletRequest request) {
    String[] asked = hasQuery(request) ? request.getParameterValues("channel") : null;
    if (asked == null) {
      return Interest.EVERYTHING;
    }
    Set<String> channels =
        Arrays.stream(asked).filter(channel -> !channel.isEmpty()).collect(Collectors.toSet());
    if (channels.size() > MAX_CHANNELS) {
      throw Refusal.of(
              400,
              "channels",
              "%d channels are asked for".formatted(channels.size()),
              "ask for at most %d, or for none to get all events".formatted(MAX_CHANNELS))
          .asException();
    }
    return new Interest(channels);
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

  /**
   * The last event ID: from the header (WHATWG HTML §9.2.4), which browsers send when they
   * reconnect, else from the query, for those that can't set headers.
   */
  private static @Nullable String lastId(HttpServletRequest request) {
    String header = request.getHeader("Last-Event-ID");
    if (header != null && !header.isEmpty()) {
      return decoded(header);
    }
    if (!hasQuery(request)) {
      return null;
    }
    String parameter = request.getParameter("lastEventId");
    if (parameter == null) {
      parameter = request.getParameter("last_event_id");
    }
    return parameter == null || parameter.isEmpty() ? null : parameter;
  }

  /** The header's bytes as UTF-8; containers hand them out as ISO-8859-1. */
  private static String decoded(String header) {
    if (header.chars().anyMatch(c -> c > LATIN_1_MAX)) {
      return header;
    }
    try {
      byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      return header;
    }
  }
}
