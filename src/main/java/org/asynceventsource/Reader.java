package org.asynceventsource;

import java.security.Principal;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody who asks to read an event source, or who is asked about again while reading. Immutable.
 */
public interface Reader {

  /**
   * Who it is.
   *
   * @return the principal of the login, or empty without one
   */
  Optional<Principal> principal();

  /**
   * Whether the principal has a role.
   *
   * @param role one of those that the setting {@code eventsource.roles} declares
   * @return whether it has the role
   * @throws IllegalArgumentException if the role isn't declared
   */
  boolean hasRole(String role);

  /**
   * The channels that are to be read.
   *
   * @return an immutable set; empty for everything that the event source has, of all channels
   */
  Set<String> channels();

  /**
   * Where it comes from.
   *
   * @return the address of the client, as a trusted proxy tells it
   */
  String remoteAddress();
}
