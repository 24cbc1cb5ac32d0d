package org.asynceventsource.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A run of the load client against one peer. Used by one thread. */
final class LoadClient implements AutoCloseable {

  private static final Duration SILENCE = Duration.ofMinutes(3);
  private static final String END = "";

  private final RunningPeer peer;
  private final Process process;
  private final Path complaints;
  private final BlockingQueue<String> coming = new LinkedBlockingQueue<>();
  private final List<String> lines = new ArrayList<>();

  private LoadClient(RunningPeer peer, Process process, Path complaints) {
    this.peer = peer;
    this.process = process;
    this.complaints = complaints;
  }

  /**
   * Starts a run.
   *
   * @param workplace has the program
   * @param peer the server
   * @param clients how many
   * @param options what to do, as {@code sseload.c} documents it
   */
  static LoadClient start(
      Workplace workplace, RunningPeer peer, int clients, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(workplace.program("sseload").toString());
    command.addAll(List.of("--url", peer.url(), "--control", peer.control()));
    command.addAll(List.of("--server-pid", Long.toString(peer.pid())));
    command.addAll(List.of("--sources", "127.0.0.2..127.0.0.9"));
    command.addAll(List.of("--clients", Integer.toString(clients)));
    command.addAll(options);
    Path complaints = workplace.log("sseload");
    try {
      Process process =
          Children.start(new ProcessBuilder(command).redirectError(complaints.toFile()));
      LoadClient client = new LoadClient(peer, process, complaints);
      Thread reader = new Thread(client::read, "load client");
      reader.setDaemon(true);
      reader.start();
      return client;
    } catch (IOException e) {
      throw new BenchmarkException("can't start the load client", e);
    }
  }

  /** Runs to the end. */
  static Measures run(Workplace workplace, RunningPeer peer, int clients, List<String> options) {
    try (LoadClient client = start(workplace, peer, clients, options)) {
      return client.await();
    }
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.US_ASCII)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        coming.add(line);
      }
    } catch (IOException e) {
      coming.add("broken_pipe 1");
    }
    coming.add(END);
  }

  /**
   * Waits until it tells a measure, such as {@code connected}.
   *
   * @throws BenchmarkException if it ends before
   */
  void awaitLine(String name) {
    while (true) {
      String line = next();
      if (line.equals(END)) {
        throw failure("ended before it told '%s'".formatted(name));
      }
      lines.add(line);
      if (line.startsWith(name + " ")) {
        return;
      }
    }
  }

  /** Lets a run end that holds its streams. */
  Measures release() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new BenchmarkException("the load client is gone", e);
    }
    return await();
  }

  /**
   * Waits for the end.
   *
   * @return all that it told
   * @throws BenchmarkException if it failed, or the peer died
   */
  Measures await() {
    for (String line = next(); !line.equals(END); line = next()) {
      lines.add(line);
    }
    peer.requireAlive();
    try {
      if (process.waitFor() != 0) {
        throw failure("failed");
      }
    } catch (InterruptedException e) {
      throw new BenchmarkException("interrupted", e);
    }
    return Measures.parse(lines);
  }

  private String next() {
    try {
      String line = coming.poll(SILENCE.toSeconds(), TimeUnit.SECONDS);
      if (line == null) {
        throw failure("said nothing for %d minutes".formatted(SILENCE.toMinutes()));
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("interrupted", e);
    }
  }

  private BenchmarkException failure(String what) {
    peer.requireSurvives();
    String said;
    try {
      said = Files.readString(complaints).strip();
    } catch (IOException e) {
      said = "unreadable: " + e;
    }
    return new BenchmarkException(
        "the load client %s: %s%n%s".formatted(what, said, peer.lastWords()));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
