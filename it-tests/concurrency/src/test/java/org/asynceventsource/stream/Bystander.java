package org.asynceventsource.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.asynceventsource.test.EventStreamParser;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;

/** A client that reads its stream and objects to any event that isn't the next. */
final class Bystander {

  private static final String PREFIX = "event ";

  private final HttpReply reply;
  private volatile int last;
  private volatile String complaint = "";
  private volatile boolean closed;

  private Bystander(HttpReply reply) {
    this.reply = reply;
  }

  static Bystander open(int port) throws IOException {
    HttpReply reply = HttpCall.of("GET", "/events").send(port);
    Bystander bystander = new Bystander(reply);
    Thread thread = new Thread(bystander::read, "bystander");
    thread.setDaemon(true);
    thread.start();
    return bystander;
  }

  static String text(int number) {
    return PREFIX + number;
  }

  /** What was wrong first. */
  Optional<String> complaint() {
    return Optional.of(complaint).filter(text -> !text.isEmpty());
  }

  boolean hasEndedOrReached(int number) {
    return last == number || !complaint.isEmpty();
  }

  private void read() {
    EventStreamParser parser = new EventStreamParser(message -> check(message.data()));
    byte[] buffer = new byte[8_192];
    try {
      InputStream in = reply.body();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        parser.feed(buffer, 0, length);
      }
      complain("ended behind " + last);
    } catch (IOException | RuntimeException e) {
      complain("broke behind " + last + ": " + e);
    }
  }

  private void check(String data) {
    int next = last + 1;
    if (data.equals(text(next))) {
      last = next;
    } else {
      complain("got '" + data + "' behind " + last);
    }
  }

  private void complain(String what) {
    if (!closed && complaint.isEmpty()) {
      complaint = what;
    }
  }

  void close() {
    closed = true;
    try {
      reply.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
