package org.asynceventsource.it.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.it.clients.ResumingReader.Answer;

/** curl, by itself and in ways that a script would go on with it. */
final class Curl {

  private Curl() {}

  /**
   * One process that reads on and on: it takes the end of each stream for a failure and tries
   * again. What it knows of a login it keeps for that, though not from one URL to the next of its
   * command line (7.88.1).
   */
  static ReadingProgram readOn(URI events, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    // The server would end a stream after 900 ms at the earliest, and curl with it.
    all.addAll(List.of("--max-time", "0.7", "--retry-all-errors"));
    all.addAll(List.of("--retry", "1000", "--retry-delay", "1"));
    return read(events, all.toArray(String[]::new));
  }

  /** The status of one answer, of which it reads no more than fits into five seconds. */
  static int status(URI events, String... options) {
    List<String> command = new ArrayList<>(List.of(System.getProperty("it.curl"), "--silent"));
    command.addAll(List.of("--max-time", "5", "--output", "/dev/null"));
    command.addAll(List.of("--write-out", "%{http_code}"));
    command.addAll(List.of(options));
    command.add(events.toString());
    try {
      Process curl = new ProcessBuilder(command).start();
      byte[] status = curl.getInputStream().readAllBytes();
      return Integer.parseInt(new String(status, StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Processes one after the other, each with the id of the last event. */
  static ReadingProgram read(URI events, String... options) {
    return ResumingReader.read("curl", lastEventId -> ask(events, lastEventId, options));
  }

  private static Answer ask(URI events, String lastEventId, String... options) {
    List<String> command =
        new ArrayList<>(List.of(System.getProperty("it.curl"), "--silent", "--no-buffer"));
    command.addAll(List.of(options));
    command.addAll(List.of("--header", "Accept: text/event-stream"));
    // An empty value takes the field out.
    command.addAll(List.of("--header", "Last-Event-ID: " + lastEventId, events.toString()));
    try {
      Process curl = new ProcessBuilder(command).start();
      return new Answer(curl.getInputStream(), curl::destroyForcibly);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no curl, which the network can't be blamed for
    }
  }
}
