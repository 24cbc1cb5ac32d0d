package org.asynceventsource.servlet;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.wire.Encoder;

/**
 * Takes bytes as the body of a publishing request: the first one chooses its type, the others are
 * the body. An event stream is read once in one piece and once in pieces of three bytes.
 */
public final class PublishedInput {

  /** The types in the order of the first byte. */
  public static final List<String> TYPES =
      List.of("application/json", "application/x-www-form-urlencoded", "text/event-stream");

  private static final EventReader JSON = new EventJson();
  private static final EventReader FORM = new EventForm();
  private static final int LIMIT = 1_000;
  private static final int PIECE = 3;

  private PublishedInput() {}

  /** The type that an input is sent as. */
  public static String type(byte[] input) {
    return TYPES.get(input.length == 0 ? 0 : (input[0] & 0xff) % TYPES.size());
  }

  /** The body that is sent for an input. */
  public static byte[] body(byte[] input) {
    return Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    byte[] body = body(input);
    String type = type(input);
    if (type.equals(TYPES.get(2))) {
      String whole = read(body, Math.max(1, body.length));
      if (!whole.equals(read(body, PIECE))) {
        throw new AssertionError("another meaning in pieces: " + whole);
      }
      return;
    }
    try {
      EventReader reader = type.equals(TYPES.get(0)) ? JSON : FORM;
      ServerSentEvent event = reader.read(body, new MediaType(type, Optional.empty()));
      Encoder.event(event);
    } catch (RefusedException | InvalidEventException expected) {
      requireReadable(expected);
    }
  }

  /** The events, and what is wrong with the rest. */
  private static String read(byte[] body, int piece) {
    EventStreamReader reader = new EventStreamReader(LIMIT);
    List<Object> outcome = new ArrayList<>();
    try {
      for (int at = 0; at < body.length; at += piece) {
        ByteBuffer bytes = ByteBuffer.wrap(body, at, Math.min(piece, body.length - at));
        for (ServerSentEvent event = reader.next(bytes);
            event != null;
            event = reader.next(bytes)) {
          Encoder.event(event);
          outcome.add(event);
        }
      }
      reader.end();
    } catch (RefusedException | InvalidEventException expected) {
      requireReadable(expected);
      outcome.add(expected.getMessage());
    }
    return outcome.toString();
  }

  /** What the publisher is told: one line, and not too much of what was sent. */
  private static void requireReadable(EventSourceException refusal) {
    String message = String.valueOf(refusal.getMessage());
    if (message.isEmpty() || message.length() > 1_000 || message.chars().anyMatch(c -> c < ' ')) {
      throw new AssertionError(message);
    }
  }
}
