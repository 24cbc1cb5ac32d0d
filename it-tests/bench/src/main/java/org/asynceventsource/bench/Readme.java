package org.asynceventsource.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The section of {@code README.md} that the benchmark writes, between two comments. */
final class Readme {

  private static final String BEGIN = "<!-- benchmark -->\n";
  private static final String END = "<!-- /benchmark -->";

  private Readme() {}

  static void write(Path readme, String markdown) {
    try {
      Files.writeString(readme, replaced(Files.readString(readme), markdown));
    } catch (IOException e) {
      throw new BenchmarkException("can't write " + readme, e);
    }
  }

  /** The text with another section. */
  static String replaced(String text, String markdown) {
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new BenchmarkException(
          "README.md has no section between '%s' and '%s'; add them where the table is to stand"
              .formatted(BEGIN.strip(), END));
    }
    return text.substring(0, begin + BEGIN.length()) + markdown + text.substring(end);
  }
}
