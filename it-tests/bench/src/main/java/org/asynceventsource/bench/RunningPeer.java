package org.asynceventsource.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A peer's process, from its start until it is closed. Used by one thread. */
final class RunningPeer implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration DYING = Duration.ofSeconds(1);
  private static final Duration END = Duration.ofSeconds(20);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final Duration SETTLE = Duration.ofSeconds(20);
  private static final int POLL_MILLIS = 20;
  private static final int SETTLE_MILLIS = 100;
  private static final int LOG_LINES = 20;

  /** Files that a server opens late, such as jars; no scenario has so few clients. */
  private static final int OTHER_DESCRIPTORS = 30;

  private static final Pattern READY = Pattern.compile("^ready (\\d+) (\\d+)$", Pattern.MULTILINE);

  private final Peer peer;
  private final Process process;
  private final Path log;
  private int httpPort;
  private int controlPort;
  private long descriptorsAtStart;

  private RunningPeer(Peer peer, Process process, Path log) {
    this.peer = peer;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a peer and waits until it serves.
   *
   * @param peer which
   * @param command what starts it
   * @param log takes its output
   * @throws BenchmarkException if it doesn't come up
   */
  static RunningPeer start(Peer peer, List<String> command, Path log) {
    try {
      Process process =
          Children.start(
              new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()));
      RunningPeer running = new RunningPeer(peer, process, log);
      try {
        running.awaitReady();
      } catch (RuntimeException e) {
        process.destroyForcibly();
        throw e;
      }
      return running;
    } catch (IOException e) {
      throw new BenchmarkException("can't start %s".formatted(peer.key()), e);
    }
  }

  private void awaitReady() {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < START.toNanos()) {
      Matcher ready = READY.matcher(output());
      if (ready.find()) {
        httpPort = Integer.parseInt(ready.group(1));
        controlPort = Integer.parseInt(ready.group(2));
        descriptorsAtStart = descriptors();
        return;
      }
      requireAlive();
      pause(POLL_MILLIS);
    }
    throw new BenchmarkException(
        "%s isn't ready after %d s; %s".formatted(peer.key(), START.toSeconds(), lastWords()));
  }

  Peer peer() {
    return peer;
  }

  long pid() {
    return process.pid();
  }

  String url() {
    return "http://127.0.0.1:" + httpPort + "/events";
  }

  String control() {
    return "127.0.0.1:" + controlPort;
  }

  /**
   * Fails unless the process lives.
   *
   * @throws BenchmarkException with the end of its log
   */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new BenchmarkException(
          "%s died with %d; %s".formatted(peer.key(), process.exitValue(), lastWords()));
    }
  }

  /**
   * Fails if the process is dying: where its connections broke, it may end a moment later.
   *
   * @throws BenchmarkException with the end of its log
   */
  void requireSurvives() {
    try {
      process.waitFor(DYING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("interrupted", e);
    }
    requireAlive();
  }

  /** The end of the peer's log, introduced. */
  String lastWords() {
    List<String> lines = output().lines().toList();
    return "the end of %s:%n%s"
        .formatted(
            log,
            String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())));
  }

  private String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new BenchmarkException("can't read " + log, e);
    }
  }

  /** Commands something that is answered by one line. */
  String ask(String command) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), controlPort)) {
      socket.setSoTimeout((int) ANSWER.toMillis());
      send(socket, command);
      String answer =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      if (answer == null) {
        throw new IOException("closed without an answer to " + command);
      }
      return answer;
    } catch (IOException e) {
      requireAlive();
      throw new BenchmarkException(
          "%s doesn't answer '%s'; %s".formatted(peer.key(), command, lastWords()), e);
    }
  }

  /** Broadcasts events, and comes back when that is done. */
  void broadcast(int count, int size) {
    ask("B " + count + " " + size + "\nI"); // commands are executed one after the other
  }

  private static void send(Socket socket, String command) throws IOException {
    socket.getOutputStream().write((command + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** How many files and connections it has open. */
  long descriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
      return open.count();
    } catch (IOException e) {
      requireAlive();
      throw new BenchmarkException("can't count the descriptors of " + peer.key(), e);
    }
  }

  /** How many sockets it has open; takes longer, but isn't misled by files. */
  long sockets() {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
      return open.filter(RunningPeer::isSocket).count();
    } catch (IOException e) {
      requireAlive();
      throw new BenchmarkException("can't count the sockets of " + peer.key(), e);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException closed) {
      return false;
    }
  }

  /** Kilobytes of memory that it holds. */
  long residentKilobytes() {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc", Long.toString(pid()), "status"), StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      requireAlive();
      throw new BenchmarkException("can't read the memory of " + peer.key(), e);
    }
  }

  /**
   * Waits until it has noticed that all clients are gone; servers notice when they write.
   *
   * @return false if that takes too long, so that another run needs another process
   */
  boolean settle() {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < SETTLE.toNanos()) {
      if (descriptors() <= descriptorsAtStart + OTHER_DESCRIPTORS) {
        pause(SETTLE_MILLIS);
        return true;
      }
      broadcast(1, 100);
      pause(SETTLE_MILLIS);
    }
    return false;
  }

  static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("interrupted", e);
    }
  }

  /** Ends it: asked to at first, so that a flight recording is written. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
