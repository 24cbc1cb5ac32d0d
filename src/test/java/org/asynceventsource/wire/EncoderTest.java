package org.asynceventsource.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.test.WireText;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The encoder")
class EncoderTest {

  static Stream<Arguments> hostileData() {
    return Stream.of(
        Arguments.of("one line", "hello", "data: hello\n\n"),
        Arguments.of("LF", "a\nb", "data: a\ndata: b\n\n"),
        Arguments.of("CRLF", "a\r\nb", "data: a\ndata: b\n\n"),
        Arguments.of("CR", "a\rb", "data: a\ndata: b\n\n"),
        Arguments.of("LF before CR", "a\n\rb", "data: a\ndata: \ndata: b\n\n"),
        Arguments.of("CR before CRLF", "a\r\r\nb", "data: a\ndata: \ndata: b\n\n"),
        Arguments.of("empty line inside", "a\n\nb", "data: a\ndata: \ndata: b\n\n"),
        Arguments.of("trailing LF", "a\n", "data: a\ndata: \n\n"),
        Arguments.of("trailing CR", "a\r", "data: a\ndata: \n\n"),
        Arguments.of("trailing CRLF", "a\r\n", "data: a\ndata: \n\n"),
        Arguments.of("two trailing LF", "a\n\n", "data: a\ndata: \ndata: \n\n"),
        Arguments.of("line end alone", "\n", "data: \ndata: \n\n"),
        Arguments.of("empty", "", "data: \n\n"),
        Arguments.of("leading space", " a", "data:  a\n\n"),
        Arguments.of("leading colon", ":a", "data: :a\n\n"),
        Arguments.of(
            "what looks like fields",
            "id: 1\n\nevent: x",
            "data: id: 1\ndata: \ndata: event: x\n\n"),
        Arguments.of("NUL", "a\0b", "data: a\0b\n\n"),
        Arguments.of("UTF-8 of 2, 3 and 4 bytes", "é€😀", "data: é€😀\n\n"),
        Arguments.of(
            "U+2028, U+2029, U+0085", "a\u2028b\u2029c\u0085d", "data: a\u2028b\u2029c\u0085d\n\n"),
        Arguments.of("vertical tab and form feed", "a\u000Bb\fc", "data: a\u000Bb\fc\n\n"),
        Arguments.of("BOM", "\uFEFFa\uFEFF", "data: \uFEFFa\uFEFF\n\n"),
        Arguments.of("high surrogate alone", "a\uD83D", "data: a\uFFFD\n\n"),
        Arguments.of("low surrogate alone", "\uDE00a", "data: \uFFFDa\n\n"),
        Arguments.of("surrogates the wrong way round", "\uDE00\uD83D", "data: \uFFFD\uFFFD\n\n"),
        Arguments.of("high surrogate before a pair", "\uD83D😀", "data: \uFFFD😀\n\n"),
        Arguments.of(
            "surrogates parted by LF", "\uD83D\n\uDE00", "data: \uFFFD\ndata: \uFFFD\n\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileData")
  @DisplayName("writes one data line for each line of data")
  void data(String what, String data, String wire) {
    assertThat(WireText.of(Encoder.event(ServerSentEvent.of(data)))).as(what).isEqualTo(wire);
  }

  @Test
  @DisplayName("writes the id that the log assigns, name, reconnect time and data in this order")
  void fieldsInOrder() {
    ServerSentEvent event = ServerSentEvent.of("a\nb").withName("myevent").withRetry(1500);

    assertThat(WireText.of(Encoder.event(event).frame("k3v0qe81m5ta-42", 0)))
        .isEqualTo("id: k3v0qe81m5ta-42\nevent: myevent\nretry: 1500\ndata: a\ndata: b\n\n");
  }

  @Test
  @DisplayName("keeps an event's own id in place of the log's")
  void ownId() {
    EncodedEvent event = Encoder.event(ServerSentEvent.of("a").withId("order 7: ü"));

    assertThat(event.ownId()).contains("order 7: ü");
    assertThat(event.frame("k3v0qe81m5ta-42", 0).ownId()).contains("order 7: ü");
    assertThat(WireText.of(event.frame("k3v0qe81m5ta-42", 0)))
        .isEqualTo("id: order 7: ü\ndata: a\n\n");
  }

  @Test
  @DisplayName("tells an own id as clients will present it, without unpaired surrogates")
  void ownIdAsReceived() {
    EncodedEvent event = Encoder.event(ServerSentEvent.of("a").withId("x\uD83Dy"));

    assertThat(event.ownId()).contains("x\uFFFDy");
    assertThat(WireText.of(event)).isEqualTo("id: x\uFFFDy\ndata: a\n\n");
  }

  @Test
  @DisplayName("keeps spaces, colons, byte order marks and unpaired surrogates in names harmless")
  void names() {
    assertThat(WireText.of(Encoder.event(ServerSentEvent.of("a").withName(" :\uFEFF\uD83D"))))
        .isEqualTo("event:  :\uFEFF\uFFFD\ndata: a\n\n");
  }

  @Test
  @DisplayName("keeps the channel beside the bytes")
  void channel() {
    EncodedEvent event = Encoder.event(ServerSentEvent.of("a").withChannel("orders/42"));

    assertThat(event.frame("k3v0qe81m5ta-1", 0).channel()).isEqualTo("orders/42");
    assertThat(event.frame().channel()).isEqualTo("orders/42");
    assertThat(WireText.of(event)).doesNotContain("orders");
  }

  @Test
  @DisplayName("writes the largest reconnect time in digits")
  void largestRetry() {
    assertThat(WireText.of(Encoder.event(ServerSentEvent.of("").withRetry(Long.MAX_VALUE))))
        .isEqualTo("retry: 9223372036854775807\ndata: \n\n");
  }

  static Stream<Arguments> comments() {
    return Stream.of(
        Arguments.of("", ": \n\n"),
        Arguments.of("ok", ": ok\n\n"),
        Arguments.of("a\nb\rc\r\nd\n", ": a\n: b\n: c\n: d\n: \n\n"),
        Arguments.of("\n\ndata: injected\n\n", ": \n: \n: data: injected\n: \n: \n\n"),
        Arguments.of("a\0b\uD83D", ": a\0b\uFFFD\n\n"));
  }

  @ParameterizedTest
  @MethodSource("comments")
  @DisplayName("splits comments, so that nothing gets out of them")
  void comment(String text, String wire) {
    assertThat(WireText.of(Encoder.comment(text))).isEqualTo(wire);
  }

  @Test
  @DisplayName("ends ids and reconnect times without data by an empty line")
  void protocolLines() {
    assertThat(WireText.of(Encoder.id("k3v0qe81m5ta-42"))).isEqualTo("id: k3v0qe81m5ta-42\n\n");
    assertThat(WireText.of(Encoder.retry(0))).isEqualTo("retry: 0\n\n");
    assertThat(WireText.of(Encoder.retry(15_000))).isEqualTo("retry: 15000\n\n");
  }

  @Test
  @DisplayName("writes the event source's own events under reserved names")
  void ownEvent() {
    Frame gap = Encoder.ownEvent("eventsource.gap", "{\"lost\":3}", "k3v0qe81m5ta-42");

    assertThat(WireText.of(gap))
        .isEqualTo("id: k3v0qe81m5ta-42\nevent: eventsource.gap\ndata: {\"lost\":3}\n\n");
  }

  @Test
  @DisplayName("writes the beginning of a stream as one block")
  void opening() {
    assertThat(WireText.of(Encoder.opening("hi\nthere", 3_000, Encoder.id("k3v0qe81m5ta-42"))))
        .isEqualTo(": hi\n: there\nretry: 3000\nid: k3v0qe81m5ta-42\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\r\nb", "a\0b", "\n"})
  @DisplayName("refuses line ends and NUL in names and ids that no event has checked")
  void refusesLineEnds(String text) {
    assertThatThrownBy(() -> Encoder.id(text))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("'id:'");
    assertThatThrownBy(() -> Encoder.ownEvent("gap", "", text))
        .isInstanceOf(InvalidEventException.class);
    assertThatThrownBy(() -> Encoder.ownEvent(text, "", "1"))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("'event:'");
  }

  @Test
  @DisplayName("refuses a negative reconnect time")
  void refusesNegativeRetry() {
    assertThatThrownBy(() -> Encoder.retry(-1))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("'-1'");
  }

  @Test
  @DisplayName("makes arrays of exactly the size written")
  void exactSize() throws Exception {
    Frame frame = Encoder.event(ServerSentEvent.of("é\r\n😀\uD83D").withName("ü")).frame("i-1", 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    frame.writeTo(out);

    assertThat(out.size()).isEqualTo(frame.size());
    assertThat(out.toByteArray())
        .isEqualTo(
            "id: i-1\nevent: ü\ndata: é\ndata: 😀\uFFFD\n\n".getBytes(StandardCharsets.UTF_8));
  }
}
