package org.asynceventsource.boot;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Settings from MicroProfile Config, where the container or the application has it.
 *
 * <p>Only {@link Linked} refers to MicroProfile's classes, so that this class loads without them. A
 * missing interface or provider is normal and means no settings from here.
 */
final class MicroProfileSettings {

  private static final Logger LOGGER = System.getLogger("org.asynceventsource.boot");

  private MicroProfileSettings() {}

  static Optional<SettingSource> read(List<Setting<?>> settings) {
    try {
      return Optional.of(Linked.read(settings));
    } catch (LinkageError | IllegalStateException absent) {
      LOGGER.log(Level.DEBUG, "no MicroProfile Config: {0}", absent.toString());
    } catch (RuntimeException failure) {
      LOGGER.log(
          Level.WARNING,
          "MicroProfile Config failed and is left out; mend its provider or remove it",
          failure);
    }
    return Optional.empty();
  }

  /** What needs MicroProfile's classes. */
  private static final class Linked {

    static SettingSource read(List<Setting<?>> settings) {
      Config config = ConfigProvider.getConfig();
      Map<String, String> values = new TreeMap<>();
      Set<String> unreadable = new TreeSet<>();
      for (String name : config.getPropertyNames()) {
        if (SettingSource.isOurs(SettingSource.Kind.MICROPROFILE, name)) {
          values.put(name, "");
        }
      }
      for (Setting<?> setting : settings) {
        String name = setting.key();
        values.remove(name);
        try {
          config.getOptionalValue(name, String.class).ifPresent(value -> values.put(name, value));
        } catch (RuntimeException unexpandable) {
          // Falling back to the default could turn authentication off: it becomes a mistake.
          unreadable.add(name);
        }
      }
      return new SettingSource(
          SettingSource.Kind.MICROPROFILE,
          Collections.unmodifiableMap(values),
          Collections.unmodifiableSet(unreadable));
    }
  }
}
