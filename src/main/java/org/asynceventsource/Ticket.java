package org.asynceventsource;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * What a ticket lets its bearer do: open one stream as somebody. Immutable.
 *
 * <p>For pages of other origins, whose {@code EventSource} can send neither header fields nor, in
 * Chromium, a login by digest: {@link EventSources#issue} makes a text of it for the query.
 *
 * @param path the event source's path below the context, or empty for the default one
 * @param user the name that the stream's principal has
 * @param roles the roles that it has
 * @param channels the channels that it may ask for, of which it has to name some; empty if it may
 *     ask for any and for everything
 */
public record Ticket(String path, String user, Set<String> roles, Set<String> channels) {

  /**
   * Copies the sets.
   *
   * @param path the event source's path below the context, or empty for the default one
   * @param user the name that the stream's principal has
   * @param roles the roles that it has
   * @param channels the channels that it may ask for
   * @throws IllegalArgumentException if the name is empty
   */
  public Ticket {
    Objects.requireNonNull(path, "path");
    if (user.isEmpty()) {
      throw new IllegalArgumentException("a ticket needs the name of a user, but it is empty");
    }
    roles = Set.copyOf(roles);
    channels = Set.copyOf(channels);
  }

  /**
   * A ticket for the default event source, without roles, for all channels.
   *
   * @param user the name that the stream's principal has
   * @return the ticket
   * @throws IllegalArgumentException if the name is empty
   */
  public static Ticket of(String user) {
    return new Ticket("", user, Set.of(), Set.of());
  }

  /**
   * The same for another event source.
   *
   * @param path its path below the context
   * @return the ticket
   */
  public Ticket at(String path) {
    return new Ticket(path, user, roles, channels);
  }

  /**
   * The same for somebody with these roles.
   *
   * @param roles the roles
   * @return the ticket
   */
  public Ticket withRoles(String... roles) {
    return new Ticket(path, user, setOf(roles), channels);
  }

  /**
   * The same for these channels only.
   *
   * @param channels the channels
   * @return the ticket
   */
  public Ticket withChannels(String... channels) {
    return new Ticket(path, user, roles, setOf(channels));
  }

  /** Unlike {@link Set#of(Object[])} lets things be named twice. */
  private static Set<String> setOf(String... names) {
    Set<String> set = new HashSet<>();
    for (String name : names) {
      set.add(name);
    }
    return set;
  }
}
