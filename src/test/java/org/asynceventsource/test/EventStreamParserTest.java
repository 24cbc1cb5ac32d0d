package org.asynceventsource.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.test.EventStreamParser.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The examples are those of WHATWG HTML §9.2.6 where it has some. */
@DisplayName("The strict parser")
class EventStreamParserTest {

  private final List<Message> messages = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private final EventStreamParser parser = new EventStreamParser(new Hearing());

  @Test
  @DisplayName("joins data lines, and dispatches at an empty line only")
  void joinsDataLines() {
    assertThat(messages("data: YHOO\ndata: +2\ndata: 10\n\ndata: pending\n"))
        .containsExactly(new Message("", "message", "YHOO\n+2\n10"));
    assertThat(parser.isBetweenEvents()).isFalse();
  }

  @Test
  @DisplayName("takes away one space, and keeps ids until they change")
  void exampleOfTheSpecification() {
    assertThat(
            messages(
                """
                : test stream

                data: first event
                id: 1

                data:second event
                id

                data:  third event

                """))
        .containsExactly(
            new Message("1", "message", "first event"),
            new Message("", "message", "second event"),
            new Message("", "message", " third event"));
    assertThat(heard).containsExactly("comment  test stream", "id 1", "id ");
  }

  @Test
  @DisplayName("dispatches empty data but not an event without data")
  void emptyData() {
    assertThat(messages("data\n\ndata\ndata\n\nevent: gone\n\ndata:\n\nid: 7\n\n"))
        .containsExactly(
            new Message("", "message", ""),
            new Message("", "message", "\n"),
            new Message("", "message", ""));
    assertThat(heard).containsExactly("id 7");
  }

  @Test
  @DisplayName("ends lines at CR, LF and CRLF, wherever the bytes are cut")
  void lineEnds() {
    byte[] bytes = utf8("event: a\r\ndata: 😀\rdata: y\n\r\nid: 3\r\rdata: z\r\n\r\n");
    for (int cut = 0; cut <= bytes.length; cut++) {
      List<Message> received = new ArrayList<>();
      EventStreamParser cutParser = new EventStreamParser(received::add);
      cutParser.feed(bytes, 0, cut);
      cutParser.feed(bytes, cut, bytes.length - cut);
      assertThat(received)
          .as("cut at %d", cut)
          .containsExactly(new Message("", "a", "😀\ny"), new Message("3", "message", "z"));
    }
  }

  @Test
  @DisplayName("strips a byte order mark at the beginning of the stream only")
  void byteOrderMark() {
    assertThat(messages("\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata:\uFEFFc\n\n"))
        .containsExactly(new Message("", "message", "a"), new Message("", "message", "\uFEFFc"));
  }

  @Test
  @DisplayName("ignores ids with NUL, retry times with more than digits, and unknown fields")
  void ignoresWhatItMust() {
    assertThat(messages("id: a\0\nretry: 5s\nretry: 10\nfoo: bar\n data: x\ndata: y\n\n"))
        .containsExactly(new Message("", "message", "y"));
    assertThat(heard).containsExactly("retry 10");
  }

  @Test
  @DisplayName("refuses bytes that aren't UTF-8")
  void refusesMalformedBytes() {
    byte[] surrogate = {'d', 'a', 't', 'a', ':', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '\n'};
    assertThatThrownBy(() -> parser.feed(surrogate, 0, surrogate.length))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not UTF-8");
  }

  private List<Message> messages(String wire) {
    byte[] bytes = utf8(wire);
    parser.feed(bytes, 0, bytes.length);
    return messages;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private final class Hearing implements EventStreamParser.Receiver {

    @Override
    public void message(Message message) {
      messages.add(message);
    }

    @Override
    public void comment(String text) {
      heard.add("comment " + text);
    }

    @Override
    public void lastEventId(String id) {
      heard.add("id " + id);
    }

    @Override
    public void retry(long millis) {
      heard.add("retry " + millis);
    }
  }
}
