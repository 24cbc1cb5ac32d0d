package org.asynceventsource.it.payaramicro;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The process that Payara Micro runs in. Called by one thread at a time. */
final class MicroProcess {

  private static final String SERVER = "MicroServer.java";
  private static final String ANSWER = "micro-server: ";
  private static final String DONE = "done";
  private static final String ENDED = "ended";
  private static final int PATIENCE = 120;

  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Path directory;
  private final Path source;
  private final Process process;
  private final Writer orders;

  /** Starts Payara Micro, and waits until it has. */
  MicroProcess(PayaraMicroConfiguration configuration) throws IOException {
    directory = Files.createTempDirectory("payara-micro-");
    source = directory.resolve(SERVER);
    try (InputStream text = MicroProcess.class.getResourceAsStream("/" + SERVER)) {
      Files.copy(Objects.requireNonNull(text), source);
    }
    process = new ProcessBuilder(command(configuration)).redirectErrorStream(true).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    orders = process.outputWriter();
    Thread reader = new Thread(this::read, "payara-micro-output");
    reader.setDaemon(true);
    reader.start();
    await("start");
  }

  private List<String> command(PayaraMicroConfiguration configuration) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(configuration.javaVmArguments().trim().split("\\s+")));
    command.addAll(opened(configuration.jar()));
    command.addAll(List.of("-cp", configuration.jar().toString(), source.toString()));
    command.addAll(List.of("--nocluster", "--disablephonehome"));
    command.addAll(List.of("--port", Integer.toString(configuration.port())));
    return command;
  }

  /** What {@code java -jar} reads in the jar's manifest by itself. */
  private static List<String> opened(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Attributes manifest = file.getManifest().getMainAttributes();
      return Stream.concat(
              options("--add-opens", manifest.getValue("Add-Opens")),
              options("--add-exports", manifest.getValue("Add-Exports")))
          .toList();
    }
  }

  private static Stream<String> options(String name, String packages) {
    return Stream.of(packages.split(" ")).flatMap(each -> Stream.of(name, each + "=ALL-UNNAMED"));
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ANSWER)) {
          answers.add(line.substring(ANSWER.length()));
        } else {
          System.out.println(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      answers.add(ENDED);
    }
  }

  /**
   * Gives an order, and waits until it has been carried out.
   *
   * @param order one line
   */
  void order(String order) throws IOException {
    orders.write(order + '\n');
    orders.flush();
    await(order);
  }

  private void await(String order) throws IOException {
    try {
      String answer = answers.poll(PATIENCE, TimeUnit.SECONDS);
      if (!DONE.equals(answer)) {
        throw new IOException(order + ": " + (answer == null ? "no answer" : answer));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(order + ": interrupted", e);
    }
  }

  /** Ends the server, as it does when it is told nothing any more. */
  void stop() throws IOException {
    orders.close();
    try {
      if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("the server did not end within " + PATIENCE + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    Files.delete(source);
    Files.delete(directory);
  }
}
