package org.asynceventsource.launcher;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The system properties that a command line sets for the web application.
 *
 * <p>Printing one shows names only, because values may be passwords.
 */
final class SystemSettings {

  static final String USERS = "eventsource.users";
  static final String PUBLISHERS = "eventsource.publishers";
  static final String HOSTS = "eventsource.hosts";

  private static final String LOOPBACK_HOSTS = "localhost,127.0.0.1,[::1]";

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
      properties.put(USERS, users(passwords));
      properties.putIfAbsent(PUBLISHERS, String.join(",", passwords.keySet()));
    }
    return new SystemSettings(properties);
  }

  /** The users as the setting has them; {@code {plain}} lets a password begin with a brace. */
  private static String users(Map<String, String> passwords) {
    return passwords.entrySet().stream()
        .map(user -> escape(user.getKey() + ":{plain}" + user.getValue()))
        .collect(Collectors.joining(","));
  }

  /** As the setting wants it: a comma separates users, a backslash makes it part of a password. */
  private static String escape(String user) {
    return user.replace("\\", "\\\\").replace(",", "\\,");
  }

  /**
   * Completes the settings for a server that nobody has configured: one publisher, and on the
   * loopback address only the names of this machine, which stops DNS rebinding.
   *
   * @param host the address that the server listens to
   * @param publisher the publisher for want of other users
   * @param elsewhere what is configured outside the command line: a setting's name to its value
   * @return the settings, and whether the publisher is needed
   */
  Completed complete(String host, Publisher publisher, UnaryOperator<@Nullable String> elsewhere) {
    Map<String, String> complete = new LinkedHashMap<>(properties);
    boolean lonely = lacks(USERS, elsewhere) && lacks(PUBLISHERS, elsewhere);
    if (lonely) {
      complete.put(USERS, users(Map.of(publisher.name(), publisher.password())));
      complete.put(PUBLISHERS, publisher.name());
    }
    if (host.equals(ServerOptions.LOOPBACK) && lacks(HOSTS, elsewhere)) {
      complete.put(HOSTS, LOOPBACK_HOSTS);
    }
    return new Completed(new SystemSettings(complete), lonely);
  }

  private boolean lacks(String setting, UnaryOperator<@Nullable String> elsewhere) {
    return !properties.containsKey(setting) && elsewhere.apply(setting) == null;
  }

  /**
   * Settings that a server can start with.
   *
   * @param settings the settings
   * @param publisherNeeded whether the publisher made up for want of others has to be told
   */
  record Completed(SystemSettings settings, boolean publisherNeeded) {}

  /** What the process has from outside: the system property, or else the environment variable. */
  static @Nullable String outside(@Nullable String setting) {
    String name = String.valueOf(setting);
    String property = System.getProperty(name);
    return property != null
        ? property
        : System.getenv(
            name.replace('.', '_').replace('-', '_').toUpperCase(java.util.Locale.ROOT));
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
