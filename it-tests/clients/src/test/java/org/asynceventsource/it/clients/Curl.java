package org.asynceventsource.it.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.asynceventsource.it.clients.ResumingReader.Answer;

/** curl, started again each time that it ends. */
final class Curl {

  private Curl() {}

  static ReadingProgram read(URI events) {
    return ResumingReader.read("curl", lastEventId -> ask(events, lastEventId));
  }

  private static Answer ask(URI events, String lastEventId) {
    ProcessBuilder command =
        new ProcessBuilder(
            System.getProperty("it.curl"),
            "--silent",
            "--no-buffer",
            "--header",
            "Accept: text/event-stream",
            "--header",
            // An empty value takes the field out.
            "Last-Event-ID: " + lastEventId,
            events.toString());
    try {
      Process curl = command.start();
      return new Answer(curl.getInputStream(), curl::destroyForcibly);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no curl, which the network can't be blamed for
    }
  }
}
