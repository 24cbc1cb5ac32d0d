package org.asynceventsource.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Jetty as its users start it: jetty-home with a base of modules and web applications. */
final class JettyHome implements AutoCloseable {

  private static final Pattern CONNECTOR = Pattern.compile("Started .*\\{127\\.0\\.0\\.1:(\\d+)}");
  private static final Pattern SERVER = Pattern.compile("Started oejs\\.Server@");
  private static final int PATIENCE = 60;

  private final Process process;
  private final int port;

  private JettyHome(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Makes a base with the WAR in it, starts Jetty and waits until all is deployed.
   *
   * @param base an empty directory
   * @param environment {@code ee10} or {@code ee11}
   */
  static JettyHome start(Path base, String environment) throws Exception {
    String modules = "http,%1$s-deploy,%1$s-annotations,%1$s-plus".formatted(environment);
    Process prepared = java(base, "--add-modules=" + modules).start();
    String said = new String(prepared.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (prepared.waitFor() != 0) {
      throw new AssertionError(said);
    }
    Path war = Path.of(System.getProperty("it.war"));
    Files.copy(war, base.resolve("webapps").resolve("eventsource.war"));
    ProcessBuilder jetty = java(base, "jetty.http.host=127.0.0.1", "jetty.http.port=0");
    jetty.environment().put("EVENTSOURCE_USERS", "alice:secret");
    jetty.environment().put("EVENTSOURCE_PUBLISHERS", "alice");
    Process process = jetty.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new JettyHome(process, awaitPort(process));
  }

  private static ProcessBuilder java(Path base, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-jar");
    command.add(Path.of(System.getProperty("it.jetty.home"), "start.jar").toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(base.toFile()).redirectErrorStream(true);
  }

  private static int awaitPort(Process process) throws IOException {
    StringBuilder output = new StringBuilder();
    int port = 0;
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      output.append(line).append('\n');
      Matcher connector = CONNECTOR.matcher(line);
      if (connector.find()) {
        port = Integer.parseInt(connector.group(1));
      }
      if (SERVER.matcher(line).find()) {
        Thread rest = new Thread(() -> lines.lines().forEach(ignored -> {}), "jetty-output");
        rest.setDaemon(true);
        rest.start();
        return port;
      }
    }
    throw new AssertionError("Jetty did not start:\n" + output);
  }

  RunningWar war() {
    return new RunningWar(URI.create("http://localhost:" + port + "/eventsource/"));
  }

  /** Ends Jetty as a system does that shuts down. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
      throw new AssertionError("Jetty did not end within " + PATIENCE + " s");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
