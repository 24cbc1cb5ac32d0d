package org.asynceventsource.boot;

import java.util.Locale;

/**
 * The declaration of one setting: the only place where its key, type, default and meaning stand.
 *
 * @param <T> what its text becomes
 * @param name the key without {@value #PREFIX}
 * @param type turns text into the value and says what text it takes
 * @param byDefault the text that applies when no source has one
 * @param documentation one sentence in Markdown, for the README's table
 * @param hint what a special value does, added to the message about a mistake; may be empty
 */
record Setting<T>(
    String name, SettingType<T> type, String byDefault, String documentation, String hint) {

  /** What every key begins with. */
  static final String PREFIX = "eventsource.";

  static <T> Setting<T> of(
      String name, SettingType<T> type, String byDefault, String documentation) {
    return new Setting<>(name, type, byDefault, documentation, "");
  }

  Setting<T> withHint(String hint) {
    return new Setting<>(name, type, byDefault, documentation, hint);
  }

  String key() {
    return PREFIX + name;
  }

  /** The name of the environment variable: upper case, with _ for dots and dashes. */
  String variable() {
    return variable(key());
  }

  static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
