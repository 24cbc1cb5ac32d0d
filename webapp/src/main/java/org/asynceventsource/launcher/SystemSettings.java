package org.asynceventsource.launcher;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The system properties that a command line sets for the web application.
 *
 * <p>Printing one shows names only, because values may be passwords.
 */
final class SystemSettings {

  static final String USERS = "eventsource.users";
  static final String PUBLISHERS = "eventsource.publishers";

  private final Map<String, String> properties;

  private SystemSettings(Map<String, String> properties) {
    this.properties = properties;
  }

  /**
   * Joins the settings and the users of a command line. Each user may read and publish.
   *
   * @param defined the settings given as {@code -Dname=value}
   * @param passwords the passwords by user name, given as {@code --user}
   * @return the settings
   * @throws UsageException if users are given both ways
   */
  static SystemSettings of(Map<String, String> defined, Map<String, String> passwords) {
    Map<String, String> properties = new LinkedHashMap<>(defined);
    if (!passwords.isEmpty()) {
      if (properties.containsKey(USERS)) {
        throw new UsageException(
            "users are given both by --user and by -D%s; use one of them".formatted(USERS));
      }
      StringBuilder users = new StringBuilder();
      passwords.forEach(
          (name, password) -> {
            users.append(users.isEmpty() ? "" : ",").append(name).append(':').append(password);
          });
      properties.put(USERS, users.toString());
      properties.putIfAbsent(PUBLISHERS, String.join(",", passwords.keySet()));
    }
    return new SystemSettings(properties);
  }

  /** Sets them for this process. */
  void apply() {
    properties.forEach(System::setProperty);
  }

  Map<String, String> properties() {
    return Map.copyOf(properties);
  }

  @Override
  public String toString() {
    return "SystemSettings" + properties.keySet();
  }
}
