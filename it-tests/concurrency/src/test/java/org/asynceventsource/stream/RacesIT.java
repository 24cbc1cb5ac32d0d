package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs all races under jcstress, in a process of its own, as often as {@code
 * it.jcstress.iterations} says.
 */
@DisplayName("Under jcstress")
class RacesIT {

  private static final String ITERATIONS = System.getProperty("it.jcstress.iterations", "2");
  private static final int RACES = 14;
  private static final long PATIENCE_MINUTES = 30;

  @TempDir private Path directory;

  @Test
  @DisplayName("no race has an outcome that is forbidden")
  void races() throws Exception {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean over = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    String text = Files.readString(output, StandardCharsets.UTF_8);

    assertThat(over).as(text).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    assertThat(text)
        .contains("Failed tests: No matches", "Error tests: No matches")
        .contains("All remaining tests: " + RACES + " matching test results");
  }

  private static List<String> command() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("surefire.test.class.path");
    List<String> command =
        new ArrayList<>(List.of(java, "-cp", classPath, "org.openjdk.jcstress.Main"));
    command.addAll(List.of("-iters", ITERATIONS, "-time", "600"));
    command.addAll(List.of("-m", "quick", "-t", "org.asynceventsource.*Races", "-r", "results"));
    command.addAll(List.of("-f", "1", "-sc", "false", "-af", "NONE")); // one way of compiling
    command.addAll(List.of("-strideSize", "4", "-strideCount", "128")); // so that both sides meet
    command.addAll(List.of("--jvmArgs", "-Xmx256m")); // one kind of virtual machine
    return command;
  }
}
