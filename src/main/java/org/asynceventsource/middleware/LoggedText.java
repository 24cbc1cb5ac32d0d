package org.asynceventsource.middleware;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a client has sent, as it may stand in a line of a log. */
final class LoggedText {

  private static final int LONGEST = 1_000;
  private static final char LEFT_OUT = '…';
  private static final List<String> SECRETS =
      List.of("access_token", "key", "password", "ticket", "token");

  private LoggedText() {}

  /**
   * One word or value: nothing that begins a line, ends a quotation or moves a terminal's cursor.
   */
  static String safe(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints().limit(LONGEST).forEach(c -> append(safe, c));
    return text.length() > LONGEST ? safe.append(LEFT_OUT).toString() : safe.toString();
  }

  private static void append(StringBuilder safe, int c) {
    switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          safe.append("\\u{").append(Integer.toHexString(c)).append('}');
      default -> {
        if (c == '"' || c == '\\') {
          safe.append('\\');
        }
        safe.appendCodePoint(c);
      }
    }
  }

  /** Path and query without path parameters and the values of secret parameters. */
  static String target(String path, @Nullable String query) {
    String bare = path.replaceAll(";[^/]*", ";" + LEFT_OUT);
    return safe(query == null ? bare : bare + '?' + query(query));
  }

  private static String query(String query) {
    return Arrays.stream(query.split("&", -1))
        .map(LoggedText::parameter)
        .collect(Collectors.joining("&"));
  }

  private static String parameter(String parameter) {
    int equals = parameter.indexOf('=');
    return equals >= 0 && isSecret(parameter.substring(0, equals))
        ? parameter.substring(0, equals + 1) + LEFT_OUT
        : parameter;
  }

  /** Secret too if it can't be read: some container may read it. */
  private static boolean isSecret(String name) {
    try {
      String decoded = URLDecoder.decode(name, StandardCharsets.UTF_8);
      return SECRETS.contains(decoded.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException malformed) {
      return true;
    }
  }
}
