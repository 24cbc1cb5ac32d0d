package org.asynceventsource.stream;

import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a client from the request that opens its stream.
 *
 * @param lastId the last event ID it presented, or {@code null}
 * @param interest what it wants to get
 * @param principal who it is, or {@code null}
 * @param remoteAddress where it comes from
 * @param roles those of the declared roles that it has; immutable
 * @param attributes the request's attributes; immutable
 */
public record Visitor(
    @Nullable String lastId,
    Interest interest,
    @Nullable Principal principal,
    String remoteAddress,
    Set<String> roles,
    Map<String, Object> attributes) {

  /** This visitor without the attributes, which live as long as {@code onConnect} only. */
  Visitor withoutAttributes() {
    return attributes.isEmpty()
        ? this
        : new Visitor(lastId, interest, principal, remoteAddress, roles, Map.of());
  }

  Optional<String> presentedId() {
    return Optional.ofNullable(lastId);
  }
}
