package org.asynceventsource.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A program that runs to its end. */
final class Command {

  private Command() {}

  /** There is no such program. */
  static final class NotFoundException extends Exception {

    private static final long serialVersionUID = 1L;

    private NotFoundException(String program, Throwable cause) {
      super("can't start '" + program + "'", cause);
    }
  }

  /**
   * Runs a program.
   *
   * @return what it printed
   * @throws NotFoundException if it can't be started
   * @throws BenchmarkException if it fails
   */
  static String run(List<String> command) throws NotFoundException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new NotFoundException(command.get(0), e);
    }
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new BenchmarkException(
            "'%s' ended with %d: %s".formatted(String.join(" ", command), status, output.strip()));
      }
      return output.strip();
    } catch (IOException e) {
      throw new BenchmarkException("can't read from '%s'".formatted(command.get(0)), e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new BenchmarkException("interrupted", e);
    }
  }
}
