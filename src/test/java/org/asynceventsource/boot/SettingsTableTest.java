package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** With {@code -Dreadme=write} the test renews the table instead of comparing it. */
@DisplayName("The README's table of settings")
class SettingsTableTest {

  private static final Path README = Path.of("../README.md");
  private static final String BEGIN = "<!-- settings -->\n";
  private static final String END = "<!-- /settings -->";

  @Test
  @DisplayName("is made from the declarations")
  void upToDate() throws IOException {
    String readme = Files.readString(README);
    int begin = readme.indexOf(BEGIN) + BEGIN.length();
    int end = readme.indexOf(END);
    assertThat(end).as("the markers %s and %s in README.md", BEGIN.strip(), END).isPositive();

    if ("write".equals(System.getProperty("readme"))) {
      Files.writeString(README, readme.substring(0, begin) + table() + readme.substring(end));
      return;
    }
    assertThat(readme.substring(begin, end))
        .as("renew it with: mvn -pl src test -Dtest=SettingsTableTest -Dreadme=write")
        .isEqualTo(table());
  }

  private static String table() {
    StringBuilder table = new StringBuilder("| setting | default | meaning |\n|---|---|---|\n");
    for (Setting<?> setting : Declared.ALL) {
      String byDefault = setting.byDefault().isEmpty() ? "" : "`" + setting.byDefault() + "`";
      table
          .append("| `%s` | %s | %s |".formatted(setting.key(), byDefault, setting.documentation()))
          .append('\n');
    }
    return table.toString();
  }
}
