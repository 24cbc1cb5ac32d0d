package org.asynceventsource.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.asynceventsource.it.support.CuttingProxy;

/** A program that logs in by digest, behind a proxy that sees what it does for that. */
final class LoggedInReader implements AutoCloseable {

  private static final Pattern NONCE =
      Pattern.compile("(?i)\nauthorization: *digest .*?[ ,]nonce=\"([^\"]*)\"");

  private final String name;
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private final CuttingProxy proxy;
  private final ReadingProgram program;

  /**
   * A program that begins to read.
   *
   * @param name who it is
   * @param port the server's
   * @param start starts the program at a stream
   */
  LoggedInReader(String name, int port, Function<URI, ReadingProgram> start) {
    this.name = name;
    proxy =
        CuttingProxy.rewriting(
            port,
            head -> {
              if (head.startsWith("HTTP/1.1 401")) {
                refusals.add(head);
              }
              return head;
            });
    program = start.apply(URI.create("http://localhost:" + proxy.port() + "/events"));
  }

  /** Whether an event has arrived. */
  boolean hasSeen(String data) {
    assertThat(program.complaints()).as(name).isEmpty();
    return program.messages().stream().anyMatch(message -> message.data().equals(data));
  }

  /** How many nonces it has answered. */
  long nonces() {
    return proxy.requests().stream()
        .flatMap(head -> NONCE.matcher(head).results())
        .map(found -> found.group(1))
        .distinct()
        .count();
  }

  /** How often it was told that only its nonce was too old. */
  long stale() {
    return refusals.stream().filter(head -> head.contains("stale=true")).count();
  }

  /** How often it was told to ask its user. */
  long refused() {
    return refusals.size() - stale();
  }

  @Override
  public void close() {
    program.close();
    proxy.close();
  }

  @Override
  public String toString() {
    return "%s (%d nonces, %d stale, %d refused)".formatted(name, nonces(), stale(), refused());
  }
}
