package org.asynceventsource.wire;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.test.EventStreamParser;
import org.asynceventsource.test.EventStreamParser.Message;
import org.asynceventsource.test.HostileText;

/**
 * Takes bytes as the text of an event, behind a byte that says how they are read; what is before
 * the first tab is its name, what is before the second its id. Between two others, the event must
 * arrive as it was sent.
 */
public final class EncodedInput {

  private static final Message NEIGHBOUR = new Message("n", "message", "neighbour");

  private EncodedInput() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    String text = text(input);
    String[] parts = text.split("\t", 3);
    ServerSentEvent event = ServerSentEvent.of(parts[parts.length - 1]);
    try {
      event = parts.length > 1 ? event.withName(parts[0]) : event;
      event = parts.length > 2 ? event.withId(parts[1]) : event;
    } catch (InvalidEventException expected) {
      return;
    }
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    ServerSentEvent neighbour = ServerSentEvent.of("neighbour");
    Encoder.event(neighbour).frame("n", 0).writeTo(stream);
    Encoder.comment(text).writeTo(stream);
    Encoder.event(event).frame("log", 0).writeTo(stream);
    Encoder.event(neighbour).frame("n", 0).writeTo(stream);
    requireArrival(event, stream.toByteArray());
  }

  private static String text(byte[] input) {
    if (input.length == 0) {
      return "";
    }
    // Only as UTF-16 can there be halves of pairs.
    return new String(input, 1, input.length - 1, input[0] % 2 == 0 ? UTF_8 : UTF_16BE);
  }

  private static void requireArrival(ServerSentEvent event, byte[] stream) {
    List<Message> received = new ArrayList<>();
    EventStreamParser parser = new EventStreamParser(received::add);
    for (int at = 0; at < stream.length; at += 7) {
      parser.feed(stream, at, Math.min(7, stream.length - at));
    }
    Message message =
        new Message(
            HostileText.received(event.id().orElse("log")),
            HostileText.received(event.name().orElse("message")),
            HostileText.received(event.data()));
    if (!received.equals(List.of(NEIGHBOUR, message, NEIGHBOUR))) {
      throw new AssertionError("sent " + message + ", got " + received);
    }
  }
}
