package org.asynceventsource.boot;

import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;

/**
 * Settings from MicroProfile Config, where the container or the application has it.
 *
 * <p>Only {@link Linked} refers to MicroProfile's classes, so that this class loads without them. A
 * missing interface or provider is normal and means no settings from here. One that is there but
 * fails is a mistake: without what it holds, a default could let in whom it was to keep out.
 */
final class MicroProfileSettings {

  private MicroProfileSettings() {}

  /**
   * Reads what MicroProfile Config has.
   *
   * @param settings the settings to look for
   * @param mistakes told of a provider that fails
   * @return the source, or empty if there is none that can be read
   */
  static Optional<SettingSource> read(List<Setting<?>> settings, Consumer<String> mistakes) {
    if (!isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Linked.read(settings));
    } catch (RuntimeException | LinkageError | ServiceConfigurationError failure) {
      Log.LOGGER.log(Level.WARNING, "MicroProfile Config failed", failure);
      mistakes.accept(
          "MicroProfile Config can't be read, its failure %s is in the log; mend its provider and sources, or remove them"
              .formatted(failure.getClass().getName()));
      return Optional.empty();
    }
  }

  private static boolean isPresent() {
    try {
      return Linked.isPresent();
    } catch (LinkageError | IllegalStateException absent) {
      Log.LOGGER.log(Level.DEBUG, "no MicroProfile Config: {0}", absent.toString());
      return false;
    } catch (ServiceConfigurationError broken) {
      return true; // to be told when it is read
    }
  }

  /** What needs MicroProfile's classes. */
  private static final class Linked {

    /** Fails with an {@link IllegalStateException} where there is no provider. */
    static boolean isPresent() {
      return ConfigProviderResolver.instance() != null;
    }

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
          if (isExpandable(config.getConfigValue(name))) {
            config.getOptionalValue(name, String.class).ifPresent(value -> values.put(name, value));
            continue;
          }
        } catch (RuntimeException unexpandable) {
          Log.LOGGER.log(Level.DEBUG, "no value of {0}: {1}", name, unexpandable.getClass());
        }
        unreadable.add(name);
      }
      return new SettingSource(
          SettingSource.Kind.MICROPROFILE,
          Collections.unmodifiableMap(values),
          Collections.unmodifiableSet(unreadable));
    }

    /**
     * Whether the expressions in a value lead to something. For one that doesn't, MicroProfile
     * gives no value, and the default could turn authentication off: so it becomes a mistake.
     */
    private static boolean isExpandable(ConfigValue value) {
      return value.getRawValue() == null || value.getValue() != null;
    }
  }
}
