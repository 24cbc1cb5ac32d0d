package org.asynceventsource.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.log.MemoryLog.Bounds;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.spi.Resume;
import org.asynceventsource.spi.Resume.Reason;
import org.asynceventsource.test.EventLogContract;
import org.asynceventsource.test.FakeClock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The memory log")
class MemoryLogTest extends EventLogContract {

  private static final long UNBOUNDED = Long.MAX_VALUE;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final FakeClock clock = new FakeClock();

  @Override
  protected EventLog open(int events) {
    return MemoryLog.create(new Bounds(events, UNBOUNDED, Duration.ZERO));
  }

  @Test
  @DisplayName("begins at cursor 0 and counts events from 1")
  void idsAreEpochAndSequence() {
    EventLog log = log(10);
    String first = append(log, "a");

    assertThat(first).matches("[g-v][0-9a-v]{11}-1");
    assertThat(log.idAt(0)).isEqualTo(first.replaceFirst("-1$", "-0"));
    assertThat(append(log, "b")).isEqualTo(first.replaceFirst("-1$", "-2"));
    assertThat(log.head()).isZero();
    assertThat(log.tail()).isEqualTo(2);
  }

  @Test
  @DisplayName("has an epoch of its own")
  void epochsDiffer() {
    Set<String> epochs = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      epochs.add(log(1).idAt(0));
    }

    assertThat(epochs).hasSize(1_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"4", "10", "9223372036854775806", "9223372036854775807", "9999999999999999999"})
  @DisplayName("answers an id that it has not reached with a gap and live events")
  void futureIds(String sequence) {
    EventLog log = log(10);
    appendNumbers(log, 3);

    assertThat(log.locate(epochOf(log) + sequence))
        .isEqualTo(new Resume.Gap(3, OptionalLong.empty(), Reason.FUTURE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "01",
        "00",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1-1",
        "1.0",
        "0x1",
        "١",
        "10000000000000000000"
      })
  @DisplayName("doesn't know an id of its epoch with anything but a plain number")
  void malformedSequences(String sequence) {
    EventLog log = log(10);
    appendNumbers(log, 3);

    assertThat(log.locate(epochOf(log) + sequence))
        .isEqualTo(new Resume.Gap(3, OptionalLong.empty(), Reason.UNKNOWN));
  }

  /** The attack: an own id that reads as another position makes a client skip or repeat events. */
  @ParameterizedTest
  @ValueSource(strings = {"gggggggggggg-1", "k3v0qe81m5ta-0", "vvvvvvvvvvvv-9999999999999999999"})
  @DisplayName("refuses own ids in the shape of any memory log's ids")
  void refusesTheShape(String forged) {
    EventLog log = log(10);

    assertThatThrownBy(() -> append(log, event("x").withId(forged)))
        .isInstanceOf(InvalidEventException.class)
        .hasMessage(
            "event id '%s' looks like one that the history assigns; give it another form", forged);
    assertThat(log.tail()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "202601010000-1", "1767225600000-0", "deadbeef0123-7", "gggggggggggg-01", "gggggggggggg-",
        "gggggggggggg", "ggggggggggggg-1", "ggggggggggg-1", "Gggggggggggg-1", "wggggggggggg-1",
        "gggggggggggw-1", "gggggggggggg-1x", "gggggggggggg_1", "gggggggggggg-10000000000000000000"
      })
  @DisplayName("takes own ids that only resemble its shape")
  void takesLookalikes(String id) {
    EventLog log = log(10);

    assertThat(append(log, event("x").withId(id))).isEqualTo(id);
    assertThat(log.locate(id)).isEqualTo(new Resume.Exact(1));
  }

  @Test
  @DisplayName("holds no more bytes than its bound, frames and overhead together")
  void trimsByBytes() {
    long each = MemoryLog.EVENT_OVERHEAD + (long) "id: k3v0qe81m5ta-1\ndata: 1\n\n".length();
    MemoryLog log = bounded(3 * each, Duration.ZERO);
    appendNumbers(log, 3);
    assertThat(log.bytes()).isEqualTo(3 * each);
    assertThat(log.head()).isZero();

    append(log, "4");
    assertThat(log.head()).isEqualTo(1);
    append(log, "five and more");
    assertThat(log.head()).isEqualTo(3);
    assertThat(log.bytes()).isEqualTo(2 * each + "ive and more".length());
    assertThat(log.locate(log.idAt(1)))
        .isEqualTo(new Resume.Gap(3, OptionalLong.of(2), Reason.TRIMMED));
  }

  @Test
  @DisplayName("reckons own ids as memory too, and gives all of it back")
  void reckonsOwnIds() {
    MemoryLog log = bounded(UNBOUNDED, MINUTE);
    append(log, event("1").withId("own"));

    assertThat(log.bytes())
        .isEqualTo(
            "id: own\ndata: 1\n\n".length() + MemoryLog.EVENT_OVERHEAD + MemoryLog.OWN_ID_OVERHEAD);
    clock.advance(MINUTE.plusNanos(1));
    assertThat(log.head()).isEqualTo(1);
    assertThat(log.bytes()).isZero();
  }

  @Test
  @DisplayName("holds the newest event even if it alone is too large")
  void holdsTheNewest() {
    MemoryLog log = bounded(1, Duration.ZERO);
    append(log, "a");
    append(log, "b".repeat(1_000));

    assertThat(log.head()).isEqualTo(1);
    assertThat(frames(log, 1)).hasSize(1);
  }

  @Test
  @DisplayName("trims by age when an event is appended")
  void trimsByAgeOnAppend() {
    MemoryLog log = bounded(UNBOUNDED, MINUTE);
    append(log, "old");
    clock.advance(MINUTE);
    append(log, "young");
    assertThat(log.bytes()).isGreaterThan(2 * MemoryLog.EVENT_OVERHEAD);

    clock.advance(Duration.ofNanos(1));
    append(log, "new");
    assertThat(log.bytes()).isBetween(2L * MemoryLog.EVENT_OVERHEAD, 3L * MemoryLog.EVENT_OVERHEAD);
    assertThat(log.head()).isEqualTo(1);
  }

  @Test
  @DisplayName("enforces ages when nothing is appended any more")
  void trimsByAgeWithoutAppends() {
    MemoryLog located = bounded(UNBOUNDED, MINUTE);
    MemoryLog read = bounded(UNBOUNDED, MINUTE);
    MemoryLog asked = bounded(UNBOUNDED, MINUTE);
    appendNumbers(located, 3);
    appendNumbers(read, 3);
    appendNumbers(asked, 3);
    clock.advance(MINUTE);
    assertThat(frames(read, 0)).hasSize(3);

    clock.advance(Duration.ofNanos(1));
    assertThat(located.locate(located.idAt(1)))
        .isEqualTo(new Resume.Gap(3, OptionalLong.of(2), Reason.TRIMMED));
    assertThat(located.locate(located.idAt(3))).isEqualTo(new Resume.Exact(3));
    assertThat(read.read(0, 3, frame -> true)).isEqualTo(EventLog.LAPPED);
    assertThat(asked.head()).isEqualTo(3);
    assertThat(asked.bytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT2562047788015H", "PT2562047H"})
  @DisplayName("holds events for ever if there is no age, or one beyond what the clock can tell")
  void withoutAge(Duration age) {
    MemoryLog log = bounded(UNBOUNDED, age);
    appendNumbers(log, 3);
    clock.advance(Duration.ofDays(365 * 250));

    assertThat(log.head()).isZero();
    assertThat(frames(log, 0)).hasSize(3);
  }

  @Test
  @DisplayName("grows with what it holds, and keeps all of it")
  void grows() {
    EventLog log = log(1_000);
    for (int i = 1; i <= 3_000; i++) {
      append(log, Integer.toString(i));
      assertThat(log.tail() - log.head()).isEqualTo(Math.min(i, 1_000));
    }

    assertThat(frames(log, 2_000)).hasSize(1_000);
  }

  @Test
  @DisplayName("releases all that it holds when it is closed")
  void releases() {
    MemoryLog log = bounded(UNBOUNDED, MINUTE);
    append(log, event("a").withId("own"));
    log.close();

    assertThat(log.bytes()).isZero();
    assertThat(log.head()).isEqualTo(log.tail()).isEqualTo(1);
    assertThat(log.read(0, 1, frame -> true)).isEqualTo(EventLog.LAPPED);
    assertThat(log.locate("own")).isInstanceOf(Resume.Gap.class);
  }

  @Test
  @DisplayName("refuses bounds out of range, all at once")
  void refusesBounds() {
    assertThatThrownBy(() -> new Bounds(0, 0, Duration.ofSeconds(-1)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("events is '0'")
        .hasMessageContaining("bytes is '0'")
        .hasMessageContaining("age is 'PT-1S'");
    assertThatThrownBy(() -> new Bounds((1 << 30) + 1, 1, Duration.ZERO))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("must be 1 to 1073741824");
  }

  private MemoryLog bounded(long bytes, Duration age) {
    return MemoryLog.create(new Bounds(1_000, bytes, age), clock);
  }

  private static String epochOf(EventLog log) {
    return log.idAt(0).substring(0, 13);
  }
}
