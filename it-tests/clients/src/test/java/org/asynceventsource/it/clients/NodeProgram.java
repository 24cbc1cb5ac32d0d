package org.asynceventsource.it.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.asynceventsource.test.EventStreamParser.Message;

/** A script of {@code src/test/npm} in Node.js, which prints what it reads. */
final class NodeProgram implements ReadingProgram {

  private final Process node;
  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private NodeProgram(Process node) {
    this.node = node;
    follow("node-events", () -> node.inputReader(StandardCharsets.US_ASCII), this::message);
    follow("node-complaints", node::errorReader, complaints::add);
  }

  /** npm's {@code eventsource}. */
  static NodeProgram eventSource(URI events, String... names) {
    return run("eventsource.js", events, names);
  }

  /** Node's own {@code fetch}, which knows nothing of events. */
  static NodeProgram fetch(URI events) {
    return run("fetch.js", events);
  }

  private static NodeProgram run(String script, URI events, String... names) {
    ProcessBuilder command =
        new ProcessBuilder(System.getProperty("it.node"), script, events.toString());
    command.command().addAll(List.of(names));
    command.directory(Path.of(System.getProperty("it.npm.directory")).toFile());
    try {
      return new NodeProgram(command.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<Message> messages() {
    return messages;
  }

  @Override
  public String complaints() {
    return String.join("\n", complaints);
  }

  private void message(String line) {
    String[] fields = line.split("\t", -1);
    messages.add(new Message(decoded(fields[1]), decoded(fields[0]), decoded(fields[2])));
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static void follow(String name, Supplier<BufferedReader> reader, Consumer<String> lines) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader open = reader.get()) {
                open.lines().forEach(lines);
              } catch (IOException | UncheckedIOException ended) {
                // The process was ended.
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    node.destroyForcibly();
  }
}
