package org.asynceventsource.it;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What is known of the container under test beside the tests' results; {@code it-tests/verify}
 * shows it.
 */
final class ContainerReport {

  private ContainerReport() {}

  /**
   * Writes down a fact.
   *
   * @param fact such as {@code start}
   * @param value such as {@code 1200 ms}; an earlier one is replaced
   */
  static void put(String fact, String value) throws IOException {
    Properties facts = new Properties();
    Path file = file();
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        facts.load(reader);
      }
    }
    facts.setProperty(fact, value);
    try (Writer writer = Files.newBufferedWriter(file)) {
      facts.store(writer, null);
    }
  }

  private static Path file() throws IOException {
    Path reports = Files.createDirectories(Path.of(System.getProperty("it.reports")));
    return reports.resolve(System.getProperty("it.container") + ".properties");
  }
}
