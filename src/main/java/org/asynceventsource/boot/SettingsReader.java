package org.asynceventsource.boot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.EventSourceException;

/**
 * Reads declared settings from sources and collects every mistake on the way.
 *
 * <p>Used by one thread, once.
 */
final class SettingsReader {

  private final List<Setting<?>> declared;
  private final List<SettingSource> sources;
  private final List<String> mistakes = new ArrayList<>();

  /**
   * A reader of settings.
   *
   * @param declared every setting there is
   * @param sources where to look, the one that wins first
   */
  SettingsReader(List<Setting<?>> declared, List<SettingSource> sources) {
    this.declared = List.copyOf(declared);
    this.sources = List.copyOf(sources);
  }

  /** The value from the first source that has one; the default if none has or it is a mistake. */
  <T> T value(Setting<T> setting) {
    for (SettingSource source : sources) {
      String origin = origin(source, source.nameOf(setting));
      if (source.unreadable().contains(source.nameOf(setting))) {
        mistakes.add(
            "setting '%s' can't be read; mend the expression in its value (%s)"
                .formatted(setting.key(), origin));
        return byDefault(setting);
      }
      Optional<String> text = source.valueOf(setting);
      if (text.isPresent()) {
        Optional<T> value = setting.type().parser().apply(text.get());
        if (value.isEmpty()) {
          mistakes.add(mistake(setting, text.get(), origin));
        }
        return value.orElseGet(() -> byDefault(setting));
      }
    }
    return byDefault(setting);
  }

  /** Notes a mistake that concerns more than one setting. */
  void mistake(String mistake) {
    mistakes.add(mistake);
  }

  /** Stops with every mistake noted so far and every unknown key, if there is any. */
  void requireNoMistakes() {
    mistakes.addAll(unknown());
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
  }

  private static <T> T byDefault(Setting<T> setting) {
    return setting.type().parser().apply(setting.byDefault()).orElseThrow();
  }

  private static String mistake(Setting<?> setting, String text, String origin) {
    return "setting '%s' is '%s' but must be %s%s (%s)"
        .formatted(
            setting.key(),
            EventSourceException.printable(text),
            setting.type().requirement(),
            setting.hint().isEmpty() ? "" : "; " + setting.hint(),
            origin);
  }

  private static String origin(SettingSource source, String name) {
    return source.kind() == SettingSource.Kind.ENVIRONMENT
        ? source.kind().title() + " " + name
        : source.kind().title();
  }

  /** MicroProfile Config repeats the other sources, also in other spellings: each is told once. */
  private List<String> unknown() {
    Set<String> known =
        declared.stream().map(Setting::variable).collect(Collectors.toCollection(TreeSet::new));
    Map<String, String> unknown = new LinkedHashMap<>();
    for (SettingSource source : sources) {
      for (String name : source.values().keySet()) {
        boolean exact = declared.stream().anyMatch(setting -> source.nameOf(setting).equals(name));
        boolean repeated =
            source.kind() == SettingSource.Kind.MICROPROFILE
                && known.contains(Setting.variable(name));
        if (!exact && !repeated) {
          unknown.putIfAbsent(Setting.variable(name), unknown(source, name));
        }
      }
    }
    return List.copyOf(unknown.values());
  }

  private String unknown(SettingSource source, String name) {
    return "there is no setting '%s'; %s (%s)"
        .formatted(
            EventSourceException.printable(name),
            nearest(source, name)
                .map("did you mean '%s'?"::formatted)
                .orElse("remove it, the README lists all settings"),
            source.kind().title());
  }

  private Optional<String> nearest(SettingSource source, String name) {
    int tolerated = Math.max(2, (name.length() - Setting.PREFIX.length()) / 2);
    String nearest = null;
    int best = tolerated + 1;
    for (Setting<?> setting : declared) {
      int distance = distance(name, source.nameOf(setting));
      if (distance < best) {
        best = distance;
        nearest = source.nameOf(setting);
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** Levenshtein's distance: insertions, deletions and replacements from one text to the other. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
