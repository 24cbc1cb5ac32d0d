package org.asynceventsource.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A warning")
class WarnOnceTest {

  private final RecordingLogger logger = new RecordingLogger();
  private final WarnOnce warnings = new WarnOnce(logger);

  @Test
  @DisplayName("is logged once for each cause, and counted each time")
  void oncePerCause() {
    warnings.warn("a", "first of a");
    warnings.warn("a", "second of a");
    warnings.warn("b", "first of b");

    assertThat(logger.lines).containsExactly("WARNING first of a", "WARNING first of b");
    assertThat(warnings.occurrences()).isEqualTo(3);
  }

  @Test
  @DisplayName("shows the failure behind it")
  void withFailure() {
    warnings.warn("a", "failed", new IllegalStateException("why"));

    assertThat(logger.lines).containsExactly("WARNING failed java.lang.IllegalStateException: why");
  }

  /** The attack: bad input with ever new causes fills the disk. */
  @Test
  @DisplayName("is only counted when there were a thousand causes before")
  void isBounded() {
    for (int i = 0; i < 5_000; i++) {
      warnings.warn("cause " + i, "message " + i);
    }

    assertThat(logger.lines).hasSize(WarnOnce.MAX_CAUSES).last().isEqualTo("WARNING message 999");
    assertThat(warnings.occurrences()).isEqualTo(5_000);
  }

  /** Takes down level, message and failure. */
  private static final class RecordingLogger implements System.Logger {

    private final List<String> lines = new ArrayList<>();

    @Override
    public String getName() {
      return "recording";
    }

    @Override
    public boolean isLoggable(Level level) {
      return true;
    }

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, String message, @Nullable Throwable failure) {
      lines.add(level + " " + message + " " + failure);
    }

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, String format, Object... parameters) {
      lines.add(level + " " + format);
    }
  }
}
