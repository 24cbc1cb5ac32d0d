package org.asynceventsource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A server-sent event")
class ServerSentEventTest {

  private static final ServerSentEvent EVENT = ServerSentEvent.of("data");

  @Test
  @DisplayName("has data and nothing else, unless told")
  void dataAlone() {
    assertThat(EVENT.data()).isEqualTo("data");
    assertThat(EVENT.name()).isEmpty();
    assertThat(EVENT.id()).isEmpty();
    assertThat(EVENT.retry()).isEmpty();
  }

  @Test
  @DisplayName("has name, id and reconnect time in whatever order they were given")
  void allFields() {
    ServerSentEvent event = EVENT.withName("myevent").withId("7").withRetry(1500);

    assertThat(event.data()).isEqualTo("data");
    assertThat(event.name()).contains("myevent");
    assertThat(event.id()).contains("7");
    assertThat(event.retry()).hasValue(1500);
    assertThat(EVENT.withRetry(1500).withId(7).withName("myevent")).isEqualTo(event);
    assertThat(EVENT.withRetry(1500).withId(7).withName("myevent")).hasSameHashCodeAs(event);
  }

  @Test
  @DisplayName("isn't changed by what is made of it")
  void isImmutable() {
    EVENT.withName("myevent").withId("7").withRetry(1500);

    assertThat(EVENT).isEqualTo(ServerSentEvent.of("data"));
  }

  @Test
  @DisplayName("takes any text as data")
  void anyData() {
    String data = "\r\n\0\uD83D: \uFEFF";

    assertThat(ServerSentEvent.of(data).data()).isEqualTo(data);
  }

  @Test
  @DisplayName("must have data")
  void refusesNullData() {
    assertThatThrownBy(() -> ServerSentEvent.of(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("data");
  }

  @ParameterizedTest
  @NullAndEmptySource
  @DisplayName("has no name and no id if they are null or empty")
  void nullAndEmpty(String none) {
    ServerSentEvent event = EVENT.withName("myevent").withId("7");

    assertThat(event.withName(none).name()).isEmpty();
    assertThat(event.withId(none).id()).isEmpty();
  }

  @Test
  @DisplayName("has no id and no reconnect time if they are 0")
  void zero() {
    ServerSentEvent event = EVENT.withId(7).withRetry(7);

    assertThat(event.withId(0).id()).isEmpty();
    assertThat(event.withRetry(0).retry()).isEmpty();
  }

  @Test
  @DisplayName("takes the largest numbers")
  void largestNumbers() {
    assertThat(EVENT.withId(Long.MAX_VALUE).id()).contains("9223372036854775807");
    assertThat(EVENT.withRetry(Long.MAX_VALUE).retry()).hasValue(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE})
  @DisplayName("refuses negative numbers")
  void refusesNegativeNumbers(long negative) {
    assertThatThrownBy(() -> EVENT.withId(negative))
        .isInstanceOf(InvalidEventException.class)
        .hasMessage("event id '%d' is negative; use a positive number, or 0 for none", negative);
    assertThatThrownBy(() -> EVENT.withRetry(negative))
        .isInstanceOf(InvalidEventException.class)
        .hasMessage("reconnect time '%d' is negative; use milliseconds, or 0 for none", negative);
  }

  /** The attack: a line end in a name or an id begins a field, or a whole event, of its own. */
  @ParameterizedTest
  @CsvSource({"CR, '\r'", "LF, '\n'", "NUL, '\0'"})
  @DisplayName("refuses line ends and NUL in name and id, and says where")
  void refusesLineEnds(String what, String hostile) {
    assertThatThrownBy(() -> EVENT.withName("ab" + hostile + "data: injected"))
        .isInstanceOf(InvalidEventException.class)
        .hasMessage(
            "event name 'ab\uFFFDdata: injected' has %s at index 2; "
                + "line ends and NUL can't be sent there, remove them",
            what);
    assertThatThrownBy(() -> EVENT.withId("ab" + hostile))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("event id 'ab\uFFFD' has %s at index 2", what);
    assertThatThrownBy(() -> EVENT.withId(hostile)).isInstanceOf(InvalidEventException.class);
    assertThatThrownBy(() -> EVENT.withName(hostile)).isInstanceOf(InvalidEventException.class);
  }

  @Test
  @DisplayName("refuses names that are the event source's own")
  void refusesReservedNames() {
    assertThatThrownBy(() -> EVENT.withName("eventsource.gap"))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("'eventsource.gap'")
        .hasMessageContaining("reserved");
    assertThat(EVENT.withName("eventsource").name()).contains("eventsource");
    assertThat(EVENT.withName("Eventsource.gap").name()).contains("Eventsource.gap");
  }

  @Test
  @DisplayName("refuses ids of more than 256 bytes, counted in UTF-8")
  void refusesLongIds() {
    assertThat(EVENT.withId("x".repeat(256)).id()).contains("x".repeat(256));
    assertThat(EVENT.withId("é".repeat(128)).id()).contains("é".repeat(128));
    assertThatThrownBy(() -> EVENT.withId("x".repeat(257)))
        .isInstanceOf(InvalidEventException.class)
        .hasMessage("event id '%s…' has 257 bytes but may have at most 256", "x".repeat(64));
    assertThatThrownBy(() -> EVENT.withId("é".repeat(129)))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("258 bytes");
  }

  @Test
  @DisplayName("keeps its data out of its description")
  void description() {
    assertThat(ServerSentEvent.of("secret").withName("n").withId(7))
        .hasToString(
            "ServerSentEvent[name=n, id=7, retry=0, channel=, key=null, data of 6 characters]");
  }

  @Test
  @DisplayName("differs from an event with other data, name, id or reconnect time")
  void equality() {
    assertThat(EVENT)
        .isNotEqualTo(ServerSentEvent.of("other"))
        .isNotEqualTo(EVENT.withName("n"))
        .isNotEqualTo(EVENT.withId("1"))
        .isNotEqualTo(EVENT.withRetry(1))
        .isNotEqualTo("data");
  }
}
