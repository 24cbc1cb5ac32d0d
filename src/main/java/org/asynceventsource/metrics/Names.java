package org.asynceventsource.metrics;

import java.util.Locale;

/** What things are called outside of the code. */
final class Names {

  private Names() {}

  /** A constant's name in lower case. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
