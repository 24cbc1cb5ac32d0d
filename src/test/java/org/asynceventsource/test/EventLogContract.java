package org.asynceventsource.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.spi.Resume;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every event log promises; each implementation runs it by extending it. */
public abstract class EventLogContract {

  private static final int PLENTY = 100_000;

  private final List<EventLog> opened = new ArrayList<>();

  /**
   * Opens an empty log, whose cursors begin at 0.
   *
   * @param events how many events it holds
   * @return the log, which the contract closes
   */
  protected abstract EventLog open(int events);

  /** Closes what the test opened. */
  @AfterEach
  void closeLogs() {
    opened.forEach(EventLog::close);
  }

  @Test
  @DisplayName("begins empty, with an id to resume at")
  void beginsEmpty() {
    EventLog log = log(PLENTY);

    assertThat(log.head()).isEqualTo(log.tail());
    assertThat(texts(log, log.head())).isEmpty();
    assertThat(log.locate(log.idAt(log.tail()))).isEqualTo(new Resume.Exact(log.tail()));
  }

  @Test
  @DisplayName("puts an id that needs no CORS preflight before each event")
  void assignsIds() {
    EventLog log = log(PLENTY);
    String first = append(log, "a");
    String second = append(log, "b\nc");

    assertThat(first).isNotEqualTo(second).matches("[A-Za-z0-9._~-]{1,64}");
    assertThat(texts(log, log.head()))
        .containsExactly(
            "id: " + first + "\ndata: a\n\n", "id: " + second + "\ndata: b\ndata: c\n\n");
    assertThat(log.idAt(log.tail())).isEqualTo(second);
    assertThat(log.idAt(log.tail() - 1)).isEqualTo(first);
  }

  @Test
  @DisplayName("resumes at any earlier id with exactly the later events")
  void resumesAtAnyId() {
    EventLog log = log(PLENTY);
    List<String> ids = new ArrayList<>(List.of(log.idAt(log.tail())));
    List<String> wire = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      ids.add(append(log, "event " + i));
      wire.add("id: " + ids.get(i + 1) + "\ndata: event " + i + "\n\n");
    }

    for (int i = 0; i < ids.size(); i++) {
      Resume resume = log.locate(ids.get(i));
      assertThat(resume).isInstanceOf(Resume.Exact.class);
      assertThat(texts(log, resume.cursor())).isEqualTo(wire.subList(i, wire.size()));
      assertThat(log.idAt(resume.cursor())).isEqualTo(ids.get(i));
    }
  }

  @Test
  @DisplayName("reads up to the limit and no further")
  void readsUpToTheLimit() {
    EventLog log = log(PLENTY);
    appendNumbers(log, 5);
    List<Frame> frames = new ArrayList<>();
    long end = log.read(log.head() + 1, log.head() + 3, frames::add);

    assertThat(end).isEqualTo(log.head() + 3);
    assertThat(frames).extracting(EventLogContract::data).containsExactly("2", "3");
    assertThat(log.read(log.tail(), log.tail(), frames::add)).isEqualTo(log.tail());
    assertThat(frames).hasSize(2);
  }

  @Test
  @DisplayName("offers no frame after one that was refused, and doesn't count that one as read")
  void stopsWhenRefused() {
    EventLog log = log(PLENTY);
    appendNumbers(log, 5);
    List<String> offered = new ArrayList<>();
    long end =
        log.read(
            log.head(),
            log.tail(),
            frame -> {
              offered.add(data(frame));
              return offered.size() < 3;
            });

    assertThat(offered).containsExactly("1", "2", "3");
    assertThat(end).isEqualTo(log.head() + 2);
  }

  @Test
  @DisplayName("keeps the channel of events")
  void keepsChannels() {
    EventLog log = log(PLENTY);
    log.append(Encoder.event(ServerSentEvent.of("a").withChannel("orders/42")))
        .toCompletableFuture()
        .join();

    assertThat(frames(log, log.head())).extracting(Frame::channel).containsExactly("orders/42");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "0",
        "-",
        "-1",
        "42",
        "9223372036854775808",
        "nonsense",
        "a\0b",
        "../../etc/passwd",
        "\uD83D",
        "😀",
        "000000000000-0",
        "zzzzzzzzzzzz-1",
        "gggggggggggg-",
        "gggggggggggg-1"
      })
  @DisplayName("answers an id that it never made with a gap and live events")
  void unknownIds(String id) {
    EventLog log = log(PLENTY);
    appendNumbers(log, 3);

    assertThat(log.locate(id))
        .isEqualTo(new Resume.Gap(log.tail(), OptionalLong.empty(), Resume.Reason.UNKNOWN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "9", "gggggggggggg-1", "\0"})
  @DisplayName("answers an id of megabytes as any other that it doesn't know")
  void hugeIds(String part) {
    EventLog log = log(PLENTY);
    appendNumbers(log, 3);

    assertThat(log.locate(part.repeat(2_000_000)))
        .isEqualTo(new Resume.Gap(log.tail(), OptionalLong.empty(), Resume.Reason.UNKNOWN));
    assertThat(log.locate(log.idAt(1) + "9".repeat(2_000_000)))
        .isInstanceOf(Resume.Gap.class)
        .extracting(Resume::cursor)
        .isEqualTo(log.tail());
  }

  @Test
  @DisplayName("answers the id of another history with a gap")
  void foreignIds() {
    EventLog log = log(PLENTY);
    EventLog other = log(PLENTY);
    appendNumbers(log, 3);
    appendNumbers(other, 3);

    assertThat(log.locate(other.idAt(2)))
        .isEqualTo(new Resume.Gap(log.tail(), OptionalLong.empty(), Resume.Reason.UNKNOWN));
  }

  @Test
  @DisplayName("tells how many events are lost when their part of history is trimmed")
  void trimmed() {
    EventLog log = log(4);
    List<String> ids = new ArrayList<>(List.of(log.idAt(log.tail())));
    for (int i = 1; i <= 10; i++) {
      ids.add(append(log, Integer.toString(i)));
    }

    assertThat(log.tail() - log.head()).isEqualTo(4);
    for (int i = 0; i < 6; i++) {
      assertThat(log.locate(ids.get(i)))
          .isEqualTo(new Resume.Gap(log.head(), OptionalLong.of(6 - i), Resume.Reason.TRIMMED));
    }
    for (int i = 6; i <= 10; i++) {
      Resume resume = log.locate(ids.get(i));
      assertThat(resume).isEqualTo(new Resume.Exact(log.head() + i - 6));
      assertThat(frames(log, resume.cursor())).hasSize(10 - i);
    }
  }

  @Test
  @DisplayName("tells a reader behind the oldest event that it was lapped")
  void lapped() {
    EventLog log = log(4);
    appendNumbers(log, 10);
    List<Frame> frames = new ArrayList<>();

    assertThat(log.read(log.head() - 1, log.tail(), frames::add)).isEqualTo(EventLog.LAPPED);
    assertThat(frames).isEmpty();
    assertThat(log.read(log.head(), log.tail(), frames::add)).isEqualTo(log.tail());
    assertThat(frames).extracting(EventLogContract::data).containsExactly("7", "8", "9", "10");
  }

  @Test
  @DisplayName("lets a reader keep what it took before it was lapped")
  void lappedOnTheWay() {
    EventLog log = log(4);
    appendNumbers(log, 4);
    long begin = log.head();
    List<String> taken = new ArrayList<>();
    long end =
        log.read(
            begin,
            log.tail(),
            frame -> {
              appendNumbers(log, 4);
              return taken.add(data(frame));
            });

    assertThat(taken).hasSize((int) (end - begin)).startsWith("1");
    assertThat(log.read(end, log.tail(), frame -> true))
        .isEqualTo(end < log.head() ? EventLog.LAPPED : log.tail());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "1767225600000",
        "order 7",
        " x ",
        "ü😀",
        ":",
        "\uFEFF",
        "gap",
        "550e8400-e29b-41d4-a716-446655440000"
      })
  @DisplayName("sends an own id as given, and resumes there")
  void ownIds(String id) {
    EventLog log = log(PLENTY);
    append(log, "before");
    String answered = append(log, event("own").withId(id));
    append(log, "after");

    assertThat(answered).isEqualTo(id);
    assertThat(texts(log, log.head())).element(1).isEqualTo("id: " + id + "\ndata: own\n\n");
    Resume resume = log.locate(id);
    assertThat(resume).isInstanceOf(Resume.Exact.class);
    assertThat(frames(log, resume.cursor()))
        .extracting(EventLogContract::data)
        .containsExactly("after");
  }

  @Test
  @DisplayName("resumes at an own id of the largest size, and with unpaired surrogates as received")
  void extremeOwnIds() {
    EventLog log = log(PLENTY);
    append(log, event("a").withId("é".repeat(128)));
    append(log, event("b").withId("x\uD83Dy"));

    assertThat(log.locate("é".repeat(128))).isEqualTo(new Resume.Exact(log.tail() - 1));
    assertThat(log.locate("x\uFFFDy")).isEqualTo(new Resume.Exact(log.tail()));
  }

  @Test
  @DisplayName("resumes at the first held occurrence of a repeated own id")
  void repeatedOwnIds() {
    EventLog log = log(4);
    append(log, event("1").withId("same"));
    append(log, "2");
    append(log, event("3").withId("same"));
    append(log, event("4").withId("same"));

    assertThat(dataBehind(log, "same")).containsExactly("2", "3", "4");
    appendNumbers(log, 2); // 1 and 2 are gone
    assertThat(dataBehind(log, "same")).containsExactly("4", "1", "2");
    appendNumbers(log, 4); // all of them are gone
    assertThat(log.locate("same"))
        .isEqualTo(new Resume.Gap(log.tail(), OptionalLong.empty(), Resume.Reason.UNKNOWN));
    append(log, event("again").withId("same"));
    assertThat(dataBehind(log, "same")).isEmpty();
  }

  @Test
  @DisplayName("resumes exactly at the own id of the last event trimmed, since nothing is lost")
  void ownIdJustTrimmed() {
    EventLog log = log(2);
    append(log, event("own").withId("own"));
    appendNumbers(log, 2);

    assertThat(dataBehind(log, "own")).containsExactly("1", "2");
    appendNumbers(log, 1);
    assertThat(log.locate("own")).isInstanceOf(Resume.Gap.class);
  }

  @Test
  @DisplayName("refuses an own id in the shape of its ids, and keeps nothing of the event")
  void refusesForgedIds() {
    EventLog log = log(PLENTY);
    appendNumbers(log, 3);
    String forged = log.idAt(2);

    assertThatThrownBy(() -> append(log, event("x").withId(forged)))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("'" + forged + "'");
    assertThat(frames(log, log.head())).hasSize(3);
    assertThat(log.locate(forged)).isEqualTo(new Resume.Exact(log.head() + 2));
  }

  @Test
  @DisplayName("tells the listener of every frame in order, when readers can see it")
  void tellsTheListener() {
    EventLog log = log(PLENTY);
    List<String> heard = new ArrayList<>();
    log.listen(
        (frame, cursor) -> {
          heard.add(WireText.of(frame));
          assertThat(texts(log, log.head())).isEqualTo(heard);
        });
    appendNumbers(log, 5);
    append(log, event("own").withId("own"));

    assertThat(heard).hasSize(6).isEqualTo(texts(log, log.head()));
  }

  @Test
  @DisplayName("keeps the event, and tells the publisher its id, if the listener fails")
  void survivesTheListener() {
    EventLog log = log(PLENTY);
    log.listen(
        (frame, cursor) -> {
          throw new IllegalStateException("thrown by the test");
        });
    String id = append(log, "a");

    assertThat(log.idAt(log.tail())).isEqualTo(id);
    assertThat(frames(log, log.head())).hasSize(1);
  }

  @Test
  @DisplayName("takes one listener")
  void takesOneListener() {
    EventLog log = log(PLENTY);
    log.listen((frame, cursor) -> {});

    assertThatThrownBy(() -> log.listen((frame, cursor) -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("keeps no event once it is closed, and says so")
  void closed() {
    EventLog log = log(PLENTY);
    appendNumbers(log, 3);
    log.close();
    log.close();

    Throwable failure = catchThrowable(() -> append(log, "late"));
    assertThat(failure instanceof CompletionException ? failure.getCause() : failure)
        .isInstanceOf(EventSourceException.class)
        .hasMessageContaining("closed");
  }

  @Nested
  @DisplayName("used by several threads")
  final class Concurrency extends EventLogConcurrencyContract {

    @Override
    protected EventLog open(int events) {
      return EventLogContract.this.open(events);
    }
  }

  /**
   * Opens a log that is closed after the test.
   *
   * @param events how many events it holds
   * @return the log
   */
  protected final EventLog log(int events) {
    EventLog log = open(events);
    opened.add(log);
    return log;
  }

  /**
   * An event.
   *
   * @param data its data
   * @return the event
   */
  protected static ServerSentEvent event(String data) {
    return ServerSentEvent.of(data);
  }

  /**
   * Appends an event with data only.
   *
   * @param log the log
   * @param data the data
   * @return the id that the log answered
   */
  protected static String append(EventLog log, String data) {
    return append(log, event(data));
  }

  /**
   * Appends an event.
   *
   * @param log the log
   * @param event the event
   * @return the id that the log answered
   */
  protected static String append(EventLog log, ServerSentEvent event) {
    return log.append(Encoder.event(event)).toCompletableFuture().join();
  }

  /**
   * Appends events with the numbers from 1 as their data.
   *
   * @param log the log
   * @param count how many
   */
  protected static void appendNumbers(EventLog log, int count) {
    for (int i = 1; i <= count; i++) {
      append(log, Integer.toString(i));
    }
  }

  /**
   * All frames behind a cursor.
   *
   * @param log the log
   * @param cursor a cursor that isn't lapped
   * @return the frames in order
   */
  protected static List<Frame> frames(EventLog log, long cursor) {
    List<Frame> frames = new ArrayList<>();
    assertThat(log.read(cursor, log.tail(), frames::add)).isEqualTo(log.tail());
    return frames;
  }

  private static List<String> texts(EventLog log, long cursor) {
    return frames(log, cursor).stream().map(WireText::of).toList();
  }

  private static List<String> dataBehind(EventLog log, String id) {
    Resume resume = log.locate(id);
    assertThat(resume).isInstanceOf(Resume.Exact.class);
    return frames(log, resume.cursor()).stream().map(EventLogContract::data).toList();
  }

  private static String data(Frame frame) {
    String text = WireText.of(frame);
    return text.substring(text.indexOf("data: ") + 6, text.length() - 2);
  }
}
