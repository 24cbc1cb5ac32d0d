package org.asynceventsource.it.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.it.clients.ResumingReader.Answer;

/** curl, started again each time that it ends. */
final class Curl {

  private Curl() {}

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
