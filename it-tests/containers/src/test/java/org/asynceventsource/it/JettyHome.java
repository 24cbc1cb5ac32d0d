package org.asynceventsource.it;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Jetty as its users start it: jetty-home with a base of modules and web applications. */
final class JettyHome {

  private static final Pattern CONNECTOR = Pattern.compile("Started .*\\{127\\.0\\.0\\.1:(\\d+)}");
  private static final Pattern SERVER = Pattern.compile("Started oejs\\.Server@");

  private JettyHome() {}

  /**
   * Makes a base with the WAR in it, and starts Jetty.
   *
   * @param base an empty directory
   * @param environment {@code ee10} or {@code ee11}
   */
  static ServerProcess start(Path base, String environment) throws Exception {
    String modules = "http,%1$s-deploy,%1$s-annotations,%1$s-plus".formatted(environment);
    Process prepared = java(base, "--add-modules=" + modules).start();
    String said = new String(prepared.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (prepared.waitFor() != 0) {
      throw new AssertionError(said);
    }
    Path war = Path.of(System.getProperty("it.war"));
    Files.copy(war, base.resolve("webapps").resolve("eventsource.war"));
    ProcessBuilder jetty = java(base, "jetty.http.host=127.0.0.1", "jetty.http.port=0");
    return ServerProcess.start(jetty, CONNECTOR, SERVER);
  }

  private static ProcessBuilder java(Path base, String... arguments) {
    Path start = Path.of(System.getProperty("it.jetty.home"), "start.jar");
    return ServerProcess.java(base, start, arguments);
  }
}
