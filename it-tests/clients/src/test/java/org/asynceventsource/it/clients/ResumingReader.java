package org.asynceventsource.it.clients;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.asynceventsource.test.EventStreamParser;
import org.asynceventsource.test.EventStreamParser.Message;

/**
 * Reads on with what knows one answer only, and asks again each time that it ends, as a script
 * would do it.
 *
 * <p>What a cut leaves of an event is dropped, as WHATWG HTML §9.2.6 wants it; the id to come back
 * with is that of the last complete event.
 */
final class ResumingReader implements ReadingProgram {

  private final Asker asker;
  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final Thread loop;
  private String lastEventId = ""; // used by the loop alone
  private long retryMillis; // used by the loop alone
  private volatile String complaint = "";
  private volatile boolean closed;

  private ResumingReader(String name, Asker asker) {
    this.asker = asker;
    this.loop = new Thread(this::readOnAndOn, name);
  }

  /** Knows how to ask for the stream. */
  @FunctionalInterface
  interface Asker {

    /**
     * Asks once.
     *
     * @param lastEventId the header field's value; empty for none
     * @throws IOException if the network fails, which is nothing to complain about
     */
    Answer ask(String lastEventId) throws IOException;
  }

  /** One answer, and how to be rid of it. */
  record Answer(InputStream body, Closeable end) {}

  static ResumingReader read(String name, Asker asker) {
    ResumingReader reader = new ResumingReader(name, asker);
    reader.loop.setDaemon(true);
    reader.loop.start();
    return reader;
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
        TimeUnit.MILLISECONDS.sleep(retryMillis);
      }
    } catch (InterruptedException | RuntimeException | AssertionError e) {
      complaint = closed ? "" : e.toString();
    }
  }

  private void readOnce() {
    try {
      Answer answer = asker.ask(lastEventId);
      try {
        read(answer.body());
      } finally {
        answer.end().close();
      }
    } catch (IOException cut) {
      // The loop comes back.
    }
  }

  private void read(InputStream body) throws IOException {
    EventStreamParser parser = new EventStreamParser(new Receiver());
    byte[] buffer = new byte[8192];
    for (int n = body.read(buffer); n >= 0 && !closed; n = body.read(buffer)) {
      parser.feed(buffer, 0, n);
    }
  }

  /** The loop ends with the network, at the latest. */
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

    @Override
    public void retry(long millis) {
      retryMillis = millis;
    }
  }
}
