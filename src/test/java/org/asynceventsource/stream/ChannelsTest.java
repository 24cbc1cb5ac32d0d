package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("With channels, a client")
class ChannelsTest {

  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final AtomicInteger reads = new AtomicInteger();
  private ManualStream stream = ManualStream.create(this::counting);

  private ManualStream.Options counting(ManualStream.Options options) {
    return options.log(
        log -> Stub.delegating(EventLog.class, log).before("read", reads::incrementAndGet).build());
  }

  @AfterEach
  void rulesAreKept() {
    stream.assertRulesKept();
  }

  private FakeExchange open(String lastId, String... channels) {
    Visitor visitor =
        new Visitor(
            lastId, new Interest(Set.of(channels)), null, null, "192.0.2.1", Set.of(), Map.of());
    FakeExchange exchange = stream.begin(visitor, new FakeExchange(stream.container));
    exchange.news();
    stream.settle();
    return exchange;
  }

  private void send(String channel, String data) {
    stream.source.send(ServerSentEvent.of(data).withChannel(channel));
  }

  @Test
  @DisplayName("gets the events of those it asked for and those without, in order")
  void selects() {
    FakeExchange both = open(null, "a", "b");
    FakeExchange one = open(null, "a");
    FakeExchange all = open(null);
    send("a", "1");
    send("b", "2");
    send("c", "3");
    send("", "4");
    stream.settle();

    assertThat(data(both)).containsExactly("1", "2", "4");
    assertThat(data(one)).containsExactly("1", "4");
    assertThat(data(all)).containsExactly("1", "2", "3", "4");
  }

  @Test
  @DisplayName("resumes with the events of those it asked for")
  void resumes() {
    for (int i = 1; i <= 10; i++) {
      send(i % 2 == 0 ? "even" : "odd", "" + i);
    }

    assertThat(data(open(stream.id(3), "even"))).containsExactly("4", "6", "8", "10");
    assertThat(data(open(stream.id(3), "odd"))).containsExactly("5", "7", "9");
  }

  @Test
  @DisplayName("isn't looked at for events that are not for it")
  void isLeftAlone() {
    FakeExchange quiet = open(null, "quiet");
    quiet.forgetCalls();
    reads.set(0);
    for (int i = 0; i < 100; i++) {
      send("loud", "" + i);
      stream.settle();
    }

    assertThat(reads).hasValue(0);
    assertThat(quiet.calls()).isEmpty();
  }

  @Test
  @DisplayName("shares joined events with all that asked for the same, whatever others ask for")
  void shares() {
    List<FakeExchange> clients = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      clients.add(open(null, "a" + i % 3));
    }
    reads.set(0);
    for (int i = 0; i < 30; i++) {
      send("a" + i % 3, "" + i);
    }
    stream.settle();

    assertThat(clients).allSatisfy(client -> assertThat(data(client)).hasSize(10));
    assertThat(reads).hasValue(3);
  }

  @Test
  @DisplayName("is told with its heartbeat where to resume, when events were not for it")
  void movesOn() {
    stream = ManualStream.create(options -> options.heartbeat(HEARTBEAT).events(100));
    FakeExchange quiet = open(null, "quiet");
    send("loud", "1");
    send("loud", "2");
    stream.pass(HEARTBEAT.plus(ManualStream.TICK));
    assertThat(stream.news(quiet)).isEqualTo("id: E-2\n\n");

    stream.pass(HEARTBEAT.plus(ManualStream.TICK));
    assertThat(stream.news(quiet)).isEqualTo(": \n\n");
  }

  @Test
  @DisplayName("is told at once where to resume, when all it knows has left the history")
  void isNotForgotten() {
    stream = ManualStream.create(options -> options.events(2));
    FakeExchange quiet = open(null, "quiet");
    for (int i = 0; i < 10; i++) {
      send("loud", "" + i);
    }
    stream.pass(ManualStream.TICK.multipliedBy(2));
    assertThat(stream.news(quiet)).isEqualTo("id: E-10\n\n");

    send("quiet", "at last");
    stream.settle();
    assertThat(stream.news(quiet)).isEqualTo("id: E-11\ndata: at last\n\n");
    assertThat(stream.news(open(stream.id(10), "quiet"))).isEqualTo("id: E-11\ndata: at last\n\n");
  }

  @Test
  @DisplayName("isn't left behind by a history that turns over before its next event")
  void isNotLapped() {
    stream = ManualStream.create(options -> options.events(2));
    FakeExchange quiet = open(null, "quiet");
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 10; i++) {
        send("loud", "" + i);
      }
      send("quiet", "a");
      send("quiet", "b");
      stream.settle();
    }

    assertThat(data(quiet)).containsExactly("a", "b", "a", "b", "a", "b");
  }

  @Test
  @DisplayName("that takes nothing isn't slow because of events that are not for it")
  void isNotSlow() {
    stream = ManualStream.create(options -> options.events(2));
    List<AsyncEventSourceClient> clients = new ArrayList<>();
    stream.source.onConnect(clients::add);
    FakeExchange quiet = open(null, "quiet");
    quiet.takeNoMoreThan(1);
    send("quiet", "taken by the container");
    stream.settle();
    for (int i = 0; i < 10; i++) {
      send("loud", "" + i);
      stream.pass(ManualStream.TICK);
    }
    assertThat(clients.get(0).connected()).isTrue();

    quiet.takeEverything();
    send("quiet", "2");
    stream.settle();
    assertThat(data(quiet)).containsExactly("taken by the container", "2");
  }

  @Test
  @DisplayName("leaves nothing behind when it goes, and the next with its interest starts afresh")
  void leavesNothing() {
    for (int round = 0; round < 3; round++) {
      FakeExchange client = open(null, "a", "b");
      send("b", "x");
      stream.settle();
      assertThat(data(client)).containsExactly("x");
      client.reportError(FakeExchange.Failure.JETTY);
      stream.settle();
    }

    assertThat(stream.source)
        .extracting("interests")
        .satisfies(
            interests -> {
              assertThat(interests).extracting("groups", InstanceOfAssertFactories.MAP).isEmpty();
              assertThat(interests)
                  .extracting("byChannel", InstanceOfAssertFactories.MAP)
                  .isEmpty();
              assertThat(interests)
                  .extracting("selective", InstanceOfAssertFactories.COLLECTION)
                  .isEmpty();
            });
  }

  @Test
  @DisplayName("gets each of its events once and in order, however clients come and go")
  void comingAndGoing() {
    Random random = new Random(42);
    Map<FakeExchange, List<String>> expected = new HashMap<>();
    Map<FakeExchange, String> channels = new HashMap<>();
    for (int i = 0; i < 2_000; i++) {
      int choice = random.nextInt(10);
      if (choice == 0) {
        String channel = "c" + random.nextInt(5);
        FakeExchange client = open(null, channel);
        expected.put(client, new ArrayList<>());
        channels.put(client, channel);
      } else if (choice == 1 && !channels.isEmpty()) {
        FakeExchange leaving = channels.keySet().iterator().next();
        stream.settle();
        leaving.reportError(FakeExchange.Failure.UNDERTOW);
        channels.remove(leaving);
      } else if (choice == 2) {
        stream.turn();
      } else {
        String channel = "c" + random.nextInt(5);
        String data = "" + i;
        send(channel, data);
        channels.forEach(
            (client, wanted) -> {
              if (wanted.equals(channel)) {
                expected.get(client).add(data);
              }
            });
      }
    }
    stream.settle();

    channels.keySet().forEach(client -> assertThat(data(client)).isEqualTo(expected.get(client)));
  }

  private static List<String> data(FakeExchange client) {
    return client
        .text()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring("data: ".length()))
        .toList();
  }
}
