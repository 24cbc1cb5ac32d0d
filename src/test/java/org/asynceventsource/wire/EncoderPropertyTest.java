package org.asynceventsource.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.test.EventStreamParser;
import org.asynceventsource.test.EventStreamParser.Message;
import org.asynceventsource.test.HostileText;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * All text goes through one long stream, cut at random bytes: an event that leaks spoils the next.
 */
@DisplayName("Whatever text is sent")
class EncoderPropertyTest {

  private static final int STRINGS = 1_000_000;
  private static final int BATCH = 2_000;

  private final List<Message> received = new ArrayList<>();
  private final EventStreamParser parser = new EventStreamParser(received::add);
  private final List<Message> sent = new ArrayList<>();
  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

  @Test
  @DisplayName("a million random strings arrive equal, each as one event")
  void randomText() throws IOException {
    HostileText text = HostileText.create();
    for (int i = 0; i < STRINGS; i += BATCH) {
      for (int j = 0; j < BATCH; j++) {
        send(text, "log-" + (i + j));
      }
      assertArrival(text);
    }
  }

  @Test
  @DisplayName("every code point arrives, alone or beside its neighbours")
  void everyCodePoint() throws IOException {
    HostileText cuts = HostileText.create();
    StringBuilder neighbours = new StringBuilder();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      neighbours.appendCodePoint(c);
      boolean border = c % 4096 == 4095;
      if (c < 0x3000 || border) {
        sendData(Character.toString(c));
      }
      if (border) {
        sendData(neighbours.toString());
        neighbours.setLength(0);
        assertArrival(cuts);
      }
    }
  }

  private void send(HostileText text, String logId) throws IOException {
    String data = text.next();
    ServerSentEvent event = ServerSentEvent.of(data);
    String id = logId;
    String name = "message";
    if (text.nextInt(8) == 0) {
      name = text.nextOnOneLine();
      event = event.withName(name);
    }
    if (text.nextInt(8) == 0) {
      id = text.nextOnOneLine();
      event = event.withId(id).withRetry(1 + text.nextInt(5_000));
    }
    if (text.nextInt(8) == 0) {
      Encoder.comment(text.next()).writeTo(stream);
    }
    Encoder.event(event).frame(logId, 0).writeTo(stream);
    sent.add(message(id, name, data));
  }

  private void sendData(String data) throws IOException {
    Encoder.event(ServerSentEvent.of(data)).frame("i", 0).writeTo(stream);
    sent.add(message("i", "message", data));
  }

  private static Message message(String id, String name, String data) {
    return new Message(
        HostileText.received(id), HostileText.received(name), HostileText.received(data));
  }

  private void assertArrival(HostileText cuts) {
    byte[] bytes = stream.toByteArray();
    for (int begin = 0, length; begin < bytes.length; begin += length) {
      length = Math.min(1 + cuts.nextInt(300), bytes.length - begin);
      parser.feed(bytes, begin, length);
    }
    if (!received.equals(sent)) {
      assertThat(received).as("seed %d", cuts.seed()).containsExactlyElementsOf(sent);
    }
    assertThat(parser.isBetweenEvents()).isTrue();
    stream.reset();
    sent.clear();
    received.clear();
  }
}
