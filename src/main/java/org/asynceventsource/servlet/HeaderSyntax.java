package org.asynceventsource.servlet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of structured header fields (RFC 9110 §5.6), read with tolerance. */
final class HeaderSyntax {

  private HeaderSyntax() {}

  /** The elements of a field that may occur several times, each with commas; never empty ones. */
  static List<String> elements(@Nullable Enumeration<String> fields) {
    List<String> elements = new ArrayList<>();
    if (fields != null) {
      for (String field : Collections.list(fields)) {
        elements.addAll(split(field, ','));
      }
    }
    return elements;
  }

  /** Splits where the separator stands outside of quotes; spaces and empty parts are dropped. */
  static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == separator && !quoted) {
        addPart(parts, text.substring(begin, i));
        begin = i + 1;
      }
    }
    addPart(parts, text.substring(begin));
    return parts;
  }

  /**
   * The parameters {@code name=value}: names in lower case, values unquoted, the first one wins.
   */
  static Map<String, String> parameters(List<String> parts) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String part : parts) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parameters.putIfAbsent(
            part.substring(0, equals).strip().toLowerCase(Locale.ROOT),
            unquoted(part.substring(equals + 1).strip()));
      }
    }
    return parameters;
  }

  private static void addPart(List<String> parts, String part) {
    if (!part.isBlank()) {
      parts.add(part.strip());
    }
  }

  private static String unquoted(String text) {
    return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1")
        : text;
  }
}
