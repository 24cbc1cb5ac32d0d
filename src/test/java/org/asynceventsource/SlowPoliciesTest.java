package org.asynceventsource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.asynceventsource.test.EmbeddedServer;
import org.asynceventsource.test.EventStreamParser.Message;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a slow client gets of a real connection, by the policy that the settings choose. */
@Timeout(60)
@DisplayName("A client that stops reading and reads on later")
class SlowPoliciesTest {

  /** More than the system and a container take for a client: between 2 and 3 MB. */
  private static final int EVENTS = 120;

  private static final int LIVE = 10;
  private static final int FEW = 10;
  private static final String LARGE = "x".repeat(64_000);
  private static final Pattern GAP =
      Pattern.compile(
          "\\{\"requested\":\"(.+)\",\"resumedAt\":\"(.+)\",\"lost\":(\\d+),\"reason\":\"skipped\"}");

  /** Every tenth event has no key. */
  private static final int KEYLESS = 10;

  private static final int KEYS = 4;

  private SlowConnections server;
  private AsyncEventSource source;
  private EventStreamRecorder bystander;

  /** Starts with a bystander; returns the response that nobody reads. */
  private HttpReply start(EmbeddedServer container, String policy, String limit, String value)
      throws Exception {
    server =
        SlowConnections.start(
            container,
            Map.of("eventsource.slow.policy", policy, limit, value, "eventsource.heartbeat", "0"));
    source = server.source();
    bystander = server.connect().stream();
    return server.stall();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("stays, is told how many events it has missed, and gets the rest, if it may skip")
  void skips(EmbeddedServer container) throws Exception {
    HttpReply slow = start(container, "skip", "eventsource.slow.events", "10");
    sendAll(SlowPoliciesTest::event);

    try (EventStreamRecorder reader = slow.stream()) {
      Position position = new Position();
      while (position.at < EVENTS) {
        position.pass(reader.next());
      }
      assertThat(position.lost).isGreaterThan(FEW);
      sendToBoth(reader);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("stays, and gets the newest event of each key, if the others may be left out")
  void conflates(EmbeddedServer container) throws Exception {
    HttpReply slow = start(container, "conflate", "eventsource.slow.bytes", "500KB");
    sendAll(SlowPoliciesTest::keyed);

    try (EventStreamRecorder reader = slow.stream()) {
      NavigableSet<Integer> got = new TreeSet<>();
      for (int last = 0; last < EVENTS; last = got.last()) {
        int number = number(reader.next());
        assertThat(number).isGreaterThan(last);
        got.add(number);
      }
      int missed = EVENTS - got.size();
      assertThat(missed).isGreaterThan(FEW);
      assertThat(IntStream.rangeClosed(1, EVENTS).filter(number -> !got.contains(number)))
          .allMatch(number -> hasNewer(got, number));
      sendToBoth(reader);
    }
  }

  /** Whether a client has got a later event with the key of this one, which so has a key. */
  private static boolean hasNewer(NavigableSet<Integer> got, int number) {
    return key(number) != null
        && got.tailSet(number, false).stream().anyMatch(later -> key(number).equals(key(later)));
  }

  private static String key(int number) {
    return number % KEYLESS == 0 ? null : "key " + number % KEYS;
  }

  private static ServerSentEvent event(int number) {
    return ServerSentEvent.of(number + " " + LARGE);
  }

  private static ServerSentEvent keyed(int number) {
    return event(number).withKey(key(number));
  }

  /** Nobody is too slow who has never caught up. So all have the first event before the others. */
  private void sendAll(IntFunction<ServerSentEvent> event) {
    send(1, 1, event);
    await().until(() -> source.averagePending() == 0);
    send(2, EVENTS, event);
  }

  /** Sends events one by one, each when the bystander has the one before. */
  private void send(int first, int last, IntFunction<ServerSentEvent> event) {
    for (int number = first; number <= last; number++) {
      source.send(event.apply(number));
      assertThat(number(bystander.next())).isEqualTo(number);
    }
  }

  /** Asserts that nobody was disconnected, and both clients get all from now on. */
  private void sendToBoth(EventStreamRecorder reader) {
    for (int number = EVENTS + 1; number <= EVENTS + LIVE; number++) {
      send(number, number, SlowPoliciesTest::keyed);
      assertThat(number(reader.next())).isEqualTo(number);
    }
    reader.assertExhausted();
    bystander.assertExhausted();
    assertThat(source.count()).isEqualTo(2);
    assertThat(server.reasons()).isEmpty();
  }

  /** An event's number, which its data and its id both say. */
  private static int number(Message message) {
    assertThat(message.name()).isEqualTo("message");
    int number = sequence(message.id());
    assertThat(message.data().equals(number + " " + LARGE)).as("data of %d", number).isTrue();
    return number;
  }

  private static int sequence(String id) {
    return Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
  }

  /** Where a client is by what it has got and what it was told: it has missed nothing unawares. */
  private static final class Position {

    private String id;
    private int at;
    private int lost;

    void pass(Message message) {
      if (message.name().equals("eventsource.gap")) {
        passGap(message);
      } else {
        assertThat(number(message)).isEqualTo(at + 1);
        at++;
      }
      id = message.id();
    }

    private void passGap(Message message) {
      Matcher gap = GAP.matcher(message.data());
      assertThat(gap.matches()).as(message.data()).isTrue();
      assertThat(gap.group(1)).isEqualTo(id);
      assertThat(gap.group(2)).isEqualTo(message.id());
      lost += Integer.parseInt(gap.group(3));
      at += Integer.parseInt(gap.group(3));
      assertThat(sequence(message.id())).isEqualTo(at);
    }
  }
}
