package org.asynceventsource.boot;

import jakarta.servlet.ServletContext;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One place that settings come from, as it was when it was read.
 *
 * @param kind what the place calls one of its entries, such as "system property"
 * @param values everything found there under our prefix, secrets included
 * @param unreadable the names of entries that are there but whose values could not be had
 */
record SettingSource(Kind kind, Map<String, String> values, Set<String> unreadable) {

  /** The kinds of sources, the one that wins first. */
  enum Kind {
    SYSTEM_PROPERTY("system property"),
    ENVIRONMENT("environment variable"),
    MICROPROFILE("MicroProfile Config property"),
    CONTEXT_PARAMETER("context-param");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /**
   * What Kubernetes puts into the environment of every pod if somebody names a service {@code
   * eventsource}; not meant for us.
   */
  private static final Pattern SERVICE_VARIABLE =
      Pattern.compile("EVENTSOURCE_(SERVICE_.*|PORT(_.*)?)");

  /** Keeps only what lies under our prefix. */
  static SettingSource of(Kind kind, Map<String, String> everything) {
    Map<String, String> values = new TreeMap<>(everything);
    values.keySet().removeIf(name -> !isOurs(kind, name));
    return new SettingSource(kind, Collections.unmodifiableMap(values), Set.of());
  }

  /** Whether an entry of such a source is meant for us, rightly spelled or not. */
  static boolean isOurs(Kind kind, String name) {
    if (kind == Kind.SYSTEM_PROPERTY || kind == Kind.CONTEXT_PARAMETER) {
      return name.startsWith(Setting.PREFIX);
    }
    String prefix = kind == Kind.ENVIRONMENT ? Setting.variable(Setting.PREFIX) : Setting.PREFIX;
    // MicroProfile Config respells the environment's variables.
    return name.startsWith(prefix) && !SERVICE_VARIABLE.matcher(Setting.variable(name)).matches();
  }

  static SettingSource systemProperties() {
    Map<String, String> values = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      putIfPresent(values, name, System.getProperty(name));
    }
    return of(Kind.SYSTEM_PROPERTY, values);
  }

  static SettingSource environment() {
    return of(Kind.ENVIRONMENT, System.getenv());
  }

  static SettingSource contextParameters(ServletContext context) {
    Map<String, String> values = new TreeMap<>();
    for (String name : Collections.list(context.getInitParameterNames())) {
      putIfPresent(values, name, context.getInitParameter(name));
    }
    return of(Kind.CONTEXT_PARAMETER, values);
  }

  private static void putIfPresent(
      Map<String, String> values, String name, @Nullable String value) {
    if (value != null) {
      values.put(name, value);
    }
  }

  Optional<String> valueOf(Setting<?> setting) {
    return Optional.ofNullable(values.get(nameOf(setting))).map(String::strip);
  }

  String nameOf(Setting<?> setting) {
    return kind == Kind.ENVIRONMENT ? setting.variable() : setting.key();
  }

  /** The values may be secret. */
  @Override
  public String toString() {
    return kind.title() + values.keySet();
  }
}
