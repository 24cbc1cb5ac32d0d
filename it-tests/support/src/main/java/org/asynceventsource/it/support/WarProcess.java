package org.asynceventsource.it.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The WAR as its users run it: {@code java -jar eventsource.war}, a process of its own on a port of
 * its own, which it keeps when it is started again.
 *
 * <p>The system property {@code it.war} says where the WAR is. Used by one thread; ends with the
 * test at the latest.
 */
public final class WarProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String STARTED = " listens on ";

  private final List<String> command;
  private final int port;
  private final StringBuilder output = new StringBuilder(); // guarded by itself
  private Process process;

  private WarProcess(int port, List<String> command) {
    this.port = port;
    this.command = command;
    this.process = launch();
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param arguments what follows {@code eventsource.war}, without {@code --port}
   * @return the running server
   */
  public static WarProcess start(String... arguments) {
    int port = FreePort.find();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.add("-Djava.io.tmpdir=" + temporary()); // a killed server leaves its files behind
    command.addAll(List.of("-jar", war()));
    command.addAll(List.of("--port", Integer.toString(port)));
    command.addAll(List.of(arguments));
    return new WarProcess(port, List.copyOf(command));
  }

  private static String war() {
    String war = System.getProperty("it.war");
    if (war == null) {
      throw new IllegalStateException("say where the WAR is: -Dit.war=PATH");
    }
    return war;
  }

  /** A directory that goes with the build's output. */
  private static Path temporary() {
    try {
      return Files.createDirectories(Path.of(war()).resolveSibling("temporary"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where the server listens.
   *
   * @return the port
   */
  public int port() {
    return port;
  }

  /**
   * The application's address.
   *
   * @return the page's URI, ending with a slash
   */
  public URI uri() {
    return URI.create("http://localhost:" + port + "/");
  }

  /**
   * What the server has printed, of all its lives.
   *
   * @return the text, standard error included
   */
  public String output() {
    synchronized (output) {
      return output.toString();
    }
  }

  /** Ends the server without a farewell, as when a machine fails. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Ends the server as a system does that shuts down; it says farewell to its clients. */
  public void stop() {
    process.destroy();
    awaitEnd();
  }

  /** Starts the server again, on its port and with its arguments. */
  public void startAgain() {
    if (process.isAlive()) {
      throw new IllegalStateException("the server still runs; stop or kill it first");
    }
    process = launch();
  }

  @Override
  public void close() {
    kill();
  }

  private Process launch() {
    try {
      Process launched = new ProcessBuilder(command).redirectErrorStream(true).start();
      Runtime.getRuntime().addShutdownHook(new Thread(launched::destroyForcibly));
      CompletableFuture<String> startLine = new CompletableFuture<>();
      Thread reader = new Thread(() -> read(launched, startLine), "war-output");
      reader.setDaemon(true);
      reader.start();
      await(startLine, launched);
      return launched;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(Process launched, CompletableFuture<String> startLine) {
    try (BufferedReader lines = launched.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line);
        if (line.contains(STARTED)) {
          startLine.complete(line);
        }
      }
    } catch (IOException e) {
      note(e.toString());
    }
    startLine.completeExceptionally(new IllegalStateException("the process ended"));
  }

  private void note(String line) {
    synchronized (output) {
      output.append(line).append('\n');
    }
  }

  private void await(CompletableFuture<String> startLine, Process launched) {
    try {
      startLine.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      launched.destroyForcibly();
      throw new AssertionError("the server did not start: " + command + "\n" + output(), e);
    } catch (InterruptedException e) {
      launched.destroyForcibly();
      throw interrupted(e);
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the server did not end within " + PATIENCE + "\n" + output());
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static AssertionError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AssertionError("interrupted", e);
  }
}
