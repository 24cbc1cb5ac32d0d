package org.asynceventsource.security;

import java.util.List;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.asynceventsource.ConfigurationException;

/** A database as the container's administrator has named it. */
final class NamedDataSource {

  /** Other names could make JNDI ask servers anywhere. */
  private static final String LOCAL = "java:";

  private NamedDataSource() {}

  /**
   * Looks it up.
   *
   * @param name its JNDI name
   * @throws ConfigurationException if there is no data source of that name
   */
  @SuppressWarnings("BanJNDI") // The administrator's name, and of this container's naming only.
  static DataSource of(String name) {
    if (!name.startsWith(LOCAL)) {
      throw mistake(
          "a database is named as the container knows it, by a JNDI name that begins with 'java:', such as jdbc:java:comp/env/jdbc/users");
    }
    try {
      if (new InitialContext().lookup(name) instanceof DataSource source) {
        return source;
      }
    } catch (NamingException e) {
      throw mistake(
          "the container has no data source '%s' (%s); define it there, and for java:comp/env refer to it in the application"
              .formatted(name, e.getClass().getSimpleName()));
    }
    throw mistake("'%s' is no data source; name one".formatted(name));
  }

  private static ConfigurationException mistake(String mistake) {
    return new ConfigurationException(List.of(mistake));
  }
}
