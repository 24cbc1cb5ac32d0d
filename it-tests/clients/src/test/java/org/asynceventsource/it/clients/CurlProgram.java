package org.asynceventsource.it.clients;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.asynceventsource.test.EventStreamParser;
import org.asynceventsource.test.EventStreamParser.Message;

/**
 * curl, started again each time that it ends, as a shell script would do it.
 *
 * <p>What a cut leaves of an event is dropped, as WHATWG HTML §9.2.6 wants it; the id to come back
 * with is that of the last complete event.
 */
final class CurlProgram implements ReadingProgram {

  private final URI events;
  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final Thread loop = new Thread(this::readOnAndOn, "curl");
  private String lastEventId = ""; // used by the loop alone
  private volatile String complaint = "";
  private volatile boolean closed;

  private CurlProgram(URI events) {
    this.events = events;
  }

  static CurlProgram read(URI events) {
    CurlProgram program = new CurlProgram(events);
    program.loop.setDaemon(true);
    program.loop.start();
    return program;
  }

  @Override
  public List<Message> messages() {
    return messages;
  }

  @Override
  public String complaints() {
    return complaint;
  }

  private void readOnAndOn() {
    try {
      while (!closed) {
        readOnce();
      }
    } catch (IOException | AssertionError e) {
      complaint = closed ? "" : e.toString();
    }
  }

  private void readOnce() throws IOException {
    Process curl =
        new ProcessBuilder(
                System.getProperty("it.curl"),
                "--silent",
                "--no-buffer",
                "--header",
                "Accept: text/event-stream",
                "--header",
                // An empty value takes the field out.
                "Last-Event-ID: " + lastEventId,
                events.toString())
            .start();
    EventStreamParser parser = new EventStreamParser(new Receiver());
    byte[] buffer = new byte[8192];
    try (InputStream stream = curl.getInputStream()) {
      for (int n = stream.read(buffer); n >= 0 && !closed; n = stream.read(buffer)) {
        parser.feed(buffer, 0, n);
      }
    } finally {
      curl.destroyForcibly();
    }
  }

  @Override
  public void close() {
    closed = true;
    loop.interrupt();
  }

  private final class Receiver implements EventStreamParser.Receiver {

    @Override
    public void message(Message message) {
      messages.add(message);
    }

    @Override
    public void lastEventId(String id) {
      lastEventId = id;
    }
  }
}
