package org.asynceventsource.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server as its users start it, with {@code java -jar} and the WAR as {@code eventsource.war}.
 */
final class ServerProcess implements AutoCloseable {

  private static final int PATIENCE = 60;

  private final Process process;
  private final int port;
  private final String greeting;

  private ServerProcess(Process process, int port, String greeting) {
    this.process = process;
    this.port = port;
    this.greeting = greeting;
  }

  /**
   * Starts the server and waits until all is deployed.
   *
   * @param command what starts it
   * @param listening a line of its output that has the port as its first group
   * @param up a line of its output that says that all is deployed, later or the same
   */
  static ServerProcess start(ProcessBuilder command, Pattern listening, Pattern up)
      throws IOException {
    command.environment().put("EVENTSOURCE_USERS", "alice:secret");
    command.environment().put("EVENTSOURCE_PUBLISHERS", "alice");
    Process process = command.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return awaitStart(process, listening, up);
  }

  /** What runs a jar with the JDK of the tests, in a directory. */
  static ProcessBuilder java(Path directory, Path jar, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-jar");
    command.add(jar.toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
  }

  private static ServerProcess awaitStart(Process process, Pattern listening, Pattern up)
      throws IOException {
    StringBuilder output = new StringBuilder();
    int port = 0;
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      output.append(line).append('\n');
      Matcher listens = listening.matcher(line);
      if (listens.find()) {
        port = Integer.parseInt(listens.group(1));
      }
      if (up.matcher(line).find()) {
        Thread rest = new Thread(() -> lines.lines().forEach(ignored -> {}), "server-output");
        rest.setDaemon(true);
        rest.start();
        return new ServerProcess(process, port, line);
      }
    }
    throw new AssertionError("the server did not start:\n" + output);
  }

  /** The line that said that all is deployed. */
  String greeting() {
    return greeting;
  }

  RunningWar war() {
    return new RunningWar(URI.create("http://localhost:" + port + "/eventsource/"));
  }

  /** Ends the server as a system does that shuts down. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
      throw new AssertionError("the server did not end within " + PATIENCE + " s");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
