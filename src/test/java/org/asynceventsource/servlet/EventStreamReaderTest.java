package org.asynceventsource.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.test.HostileText;
import org.asynceventsource.test.WireText;
import org.asynceventsource.wire.Encoder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A published event stream")
class EventStreamReaderTest {

  private static final int LIMIT = 100;

  @Test
  @DisplayName("holds an event with every field")
  void allFields() {
    assertThat(
            read(
                """
                id: 7
                event: order
                retry: 3000
                channel: orders/42
                key: 42
                data: tea
                data:  for two

                data: plain

                """))
        .containsExactly(
            ServerSentEvent.of("tea\n for two")
                .withName("order")
                .withId("7")
                .withRetry(3000)
                .withChannel("orders/42")
                .withKey("42"),
            ServerSentEvent.of("plain"));
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("may end its lines in three ways, and one event each in another")
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void lineEnds(String end) {
    String stream = "data: a\ndata: b\n\ndata: c\n\n".replace("\n", end) + "data: d\n\ndata: e\r\r";

    assertThat(read(stream))
        .extracting(ServerSentEvent::data)
        .containsExactly("a\nb", "c", "d", "e");
  }

  /** Every cut, so inside a byte order mark, a character, a field's name and a CRLF too. */
  @Test
  @DisplayName("means the same wherever it is cut into pieces")
  void cuts() {
    byte[] stream =
        utf8("\uFEFFid: ü\r\ndata: 😀\r\n\r\n:comment\r\rdata\n\nevent:n\ndata:a\ndata:\r\n\r\n");
    List<ServerSentEvent> expected =
        List.of(
            ServerSentEvent.of("😀").withId("ü"),
            ServerSentEvent.of(""),
            ServerSentEvent.of("a\n").withName("n"));
    for (int first = 0; first <= stream.length; first++) {
      for (int second = first; second <= stream.length; second++) {
        EventStreamReader reader = new EventStreamReader(LIMIT);
        List<ServerSentEvent> events = new ArrayList<>();
        feed(reader, ByteBuffer.wrap(stream, 0, first), events);
        feed(reader, ByteBuffer.wrap(stream, first, second - first), events);
        feed(reader, ByteBuffer.wrap(stream, second, stream.length - second), events);
        reader.end();
        assertThat(events).as("cut at %d and %d", first, second).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("skips comments, unknown fields and blocks without data")
  @ValueSource(
      strings = {
        "",
        "\n\n\n",
        "\uFEFF",
        "\uFEFF:comment\n",
        ": comment without an end",
        "id: 7\nevent: a\nretry: 1\n\n",
        "data2: a\n: data: b\ndatum: c\n Data: d\nDATA: e\n\n",
        "id: 7\n",
      })
  void nothing(String stream) {
    assertThat(read(stream)).isEmpty();
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("has empty data where a field says so")
  @ValueSource(strings = {"data\n\n", "data:\n\n", "data: \n\n"})
  void emptyData(String stream) {
    assertThat(read(stream)).containsExactly(ServerSentEvent.of(""));
  }

  @Test
  @DisplayName("loses one space behind the colon, and what stands behind a second colon stays")
  void space() {
    assertThat(read("data:  a: b \n\n")).containsExactly(ServerSentEvent.of(" a: b "));
  }

  @Test
  @DisplayName("carries no id, name or reconnect time over to the next event")
  void nothingCarriedOver() {
    assertThat(read("id: 7\nevent: a\nretry: 9\n\ndata: b\n\nid: 8\ndata: c\n\ndata: d\n\n"))
        .containsExactly(
            ServerSentEvent.of("b"), ServerSentEvent.of("c").withId("8"), ServerSentEvent.of("d"));
  }

  @Test
  @DisplayName("takes the last of repeated fields, and an empty one for none")
  void repeated() {
    assertThat(read("event: a\nevent: b\nid: 1\nid\nretry: 5\nretry:\ndata: c\n\n"))
        .containsExactly(ServerSentEvent.of("c").withName("b"));
  }

  @Test
  @DisplayName("has one byte order mark at its very beginning, others are text")
  void byteOrderMarks() {
    assertThat(read("\uFEFFdata: \uFEFFa\n\n\uFEFFdata: b\n\n"))
        .containsExactly(ServerSentEvent.of("\uFEFFa"));
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("is refused at the number of a bad event, and what came before is read")
  @CsvSource({
    "'retry: soon', ''' is no whole number'",
    "retry: -1, no whole number of milliseconds: '-1'",
    "retry: 99999999999999999999, no whole number",
  })
  void badRetry(String line, String reason) {
    EventStreamReader reader = new EventStreamReader(LIMIT);
    List<ServerSentEvent> events = new ArrayList<>();

    assertThatThrownBy(
            () -> feed(reader, ByteBuffer.wrap(utf8("data: a\n\n" + line + "\n")), events))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> assertThat(refused.refusal().status()).isEqualTo(400))
        .hasMessageContaining(reason.replace("''", "'").replaceFirst("^' ", ""));
    assertThat(events).hasSize(1);
    assertThat(reader.number()).isEqualTo(2);
  }

  @Test
  @DisplayName("is refused for an id or a name that can't be sent")
  void invalid() {
    assertThatThrownBy(() -> read("id: a\0b\ndata: c\n\n"))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("has NUL at index 1");
    assertThatThrownBy(() -> read("event: eventsource.gap\ndata: c\n\n"))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("reserved");
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("is refused for malformed UTF-8, also where a line ends too soon")
  @ValueSource(strings = {"c3", "c328", "ff", "eda080", "f0808080", "c0af"})
  void malformed(String hex) {
    byte[] stream = utf8("data: ................\n\n");
    for (int i = 0; i < hex.length(); i += 2) {
      stream[22 - hex.length() / 2 + i / 2] = (byte) Integer.parseInt(hex.substring(i, i + 2), 16);
    }

    assertThatThrownBy(() -> feed(new EventStreamReader(LIMIT), ByteBuffer.wrap(stream), null))
        .isInstanceOf(RefusedException.class)
        .hasMessage("it is malformed UTF-8; send it in UTF-8");
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("is refused if it ends within an event")
  @ValueSource(strings = {"data: a", "data: a\n", "d", "data: a\n\nid: 7"})
  void incomplete(String stream) {
    assertThatThrownBy(() -> read(stream))
        .isInstanceOf(RefusedException.class)
        .hasMessage("the stream ends within this event; end every event with an empty line");
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("may have events of exactly the limit, any number of them")
  @ValueSource(
      strings = {"data: %s\n\n", ": comment\ndata: %s\n: comment\n\n", "\uFEFFdata: %s\n\n"})
  void longest(String form) {
    String event = form.formatted("x".repeat(LIMIT - "data: ".length()));

    assertThat(read(event + event.replace("\uFEFF", "").repeat(20))).hasSize(21);
  }

  /** A publisher could fill the memory by one event that never ends. */
  @ParameterizedTest(name = "[{0}]")
  @DisplayName("is refused where an event is longer than the limit, before it is kept")
  @ValueSource(strings = {"data: %s\n", "unknown%s", "data: a\ndata: %s"})
  void tooLong(String form) {
    String stream = form.formatted("x".repeat(LIMIT));

    assertThatThrownBy(() -> read(stream))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> assertThat(refused.refusal().status()).isEqualTo(413))
        .hasMessage("it has more than 100 bytes; send less, or raise 'eventsource.limits.body'");
    assertThatThrownBy(() -> read("data\n".repeat(26))).isInstanceOf(RefusedException.class);
  }

  @Test
  @DisplayName("may have a comment that never ends, and heartbeats for ever")
  void comments() {
    assertThat(read(":" + "x".repeat(10 * LIMIT) + "\n" + ":\n".repeat(LIMIT) + "data: a\n\n"))
        .containsExactly(ServerSentEvent.of("a"));
  }

  @Test
  @DisplayName("gives back what a writer of streams has written, in pieces of any size")
  void random() {
    HostileText text = HostileText.create();
    for (int round = 0; round < 500; round++) {
      List<ServerSentEvent> expected = new ArrayList<>();
      StringBuilder stream = new StringBuilder();
      for (int i = text.nextInt(20); i >= 0; i--) {
        String data = text.next();
        String name = text.nextOnOneLine();
        stream.append(WireText.of(Encoder.event(ServerSentEvent.of(data).withName(name))));
        expected.add(
            ServerSentEvent.of(HostileText.received(data)).withName(HostileText.received(name)));
      }
      assertThat(readInPieces(utf8(stream.toString()), text))
          .as("seed %d, round %d", text.seed(), round)
          .isEqualTo(expected);
    }
  }

  private static List<ServerSentEvent> readInPieces(byte[] stream, HostileText random) {
    EventStreamReader reader = new EventStreamReader(1 << 20);
    List<ServerSentEvent> events = new ArrayList<>();
    for (int from = 0; from < stream.length; ) {
      int length = Math.min(stream.length - from, 1 + random.nextInt(16));
      feed(reader, ByteBuffer.wrap(stream, from, length), events);
      from += length;
    }
    reader.end();
    return events;
  }

  private static List<ServerSentEvent> read(String stream) {
    EventStreamReader reader = new EventStreamReader(LIMIT);
    List<ServerSentEvent> events = new ArrayList<>();
    feed(reader, ByteBuffer.wrap(utf8(stream)), events);
    reader.end();
    return events;
  }

  private static void feed(
      EventStreamReader reader, ByteBuffer piece, List<ServerSentEvent> events) {
    for (ServerSentEvent event = reader.next(piece); event != null; event = reader.next(piece)) {
      events.add(event);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
