package org.asynceventsource.stream;

import java.security.Principal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.asynceventsource.Reader;
import org.asynceventsource.spi.Login;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a client from the request that opens its stream.
 *
 * @param lastId the last event ID it presented, or {@code null}
 * @param interest what it wants to get
 * @param principal who it is, or {@code null}
 * @param login what tells whether it still is, or {@code null} if nothing does
 * @param remoteAddress where it comes from
 * @param roles those of the declared roles that it has; immutable
 * @param attributes the request's attributes; immutable
 */
public record Visitor(
    @Nullable String lastId,
    Interest interest,
    @Nullable Principal principal,
    @Nullable Login login,
    String remoteAddress,
    Set<String> roles,
    Map<String, Object> attributes) {

  /** This visitor without the attributes, which live as long as {@code onConnect} only. */
  Visitor withoutAttributes() {
    return attributes.isEmpty()
        ? this
        : new Visitor(lastId, interest, principal, login, remoteAddress, roles, Map.of());
  }

  Optional<String> presentedId() {
    return Optional.ofNullable(lastId);
  }

  /** When the login ends by itself, if it does. */
  Optional<Instant> expiresAt() {
    return login == null ? Optional.empty() : login.expiresAt();
  }

  /**
   * Whether it has a role.
   *
   * @param role name of a role
   * @param declared the roles that may be asked for
   * @throws IllegalArgumentException if the role isn't declared
   */
  boolean hasRole(String role, Set<String> declared) {
    if (!declared.contains(role)) {
      throw new IllegalArgumentException(
          "role '%s' is not declared; add it to the setting 'eventsource.roles'".formatted(role));
    }
    return roles.contains(role);
  }

  /** This visitor as rules see it. */
  Reader reader(StreamOptions options) {
    return new VisitingReader(this, options.roles());
  }

  private record VisitingReader(Visitor visitor, Set<String> declared) implements Reader {

    @Override
    public Optional<Principal> principal() {
      return Optional.ofNullable(visitor.principal);
    }

    @Override
    public boolean hasRole(String role) {
      return visitor.hasRole(role, declared);
    }

    @Override
    public Set<String> channels() {
      return visitor.interest.channels();
    }

    @Override
    public String remoteAddress() {
      return visitor.remoteAddress;
    }
  }
}
