package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.SendResult.Delivery;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.SlowClients;
import org.asynceventsource.SlowClients.Policy;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.spi.StreamListener.Slowness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client that takes events more slowly than they are sent")
class SlowClientsTest {

  private static final SlowClients DISCONNECT = SlowClients.DEFAULT.withEvents(3);
  private static final SlowClients SKIP = DISCONNECT.withPolicy(Policy.SKIP);
  private static final SlowClients CONFLATE = DISCONNECT.withPolicy(Policy.CONFLATE);
  private static final String SOON = "retry: (5\\d\\d|[6-9]\\d\\d|1\\d{3}|2[0-4]\\d\\d|2500)\n\n";

  private final List<AsyncEventSourceClient> clients = new ArrayList<>();
  private final List<Slowness> slowness = new ArrayList<>();
  private ManualStream stream;

  private final class Slow implements StreamListener {

    @Override
    public void slow(AsyncEventSourceClient client, Slowness why) {
      slowness.add(why);
    }
  }

  /** A client that has taken event 1 into its container's hands, and takes nothing more. */
  private FakeExchange blocked(SlowClients rule, int history) {
    return blocked(
        ManualStream.create(options -> options.slow(rule).events(history).listener(new Slow())));
  }

  private FakeExchange blocked(ManualStream made) {
    stream = made;
    stream.source.onConnect(clients::add);
    FakeExchange client = stream.open();
    client.takeNoMoreThan(1);
    stream.send("taken by the container");
    stream.settle();
    return client;
  }

  private String takesAgain(FakeExchange client) {
    client.takeEverything();
    stream.settle();
    String news = stream.news(client);
    return news.substring(news.indexOf("\n\n") + 2); // without what the container had
  }

  @AfterEach
  void rulesAreKept() {
    stream.assertRulesKept();
  }

  @Test
  @DisplayName("is disconnected when it is further behind than it may be, and resumes exactly")
  void disconnects() {
    FakeExchange client = blocked(DISCONNECT, 1_000);
    stream.send("b", "c", "d");
    stream.pass(ManualStream.TICK);
    assertThat(clients.get(0).connected()).isTrue();

    stream.send("e");
    stream.pass(ManualStream.TICK);
    assertThat(clients.get(0).disconnectReason()).contains(DisconnectReason.SLOW);
    assertThat(client.isCompleted()).isTrue();
    assertThat(slowness).containsExactly(Slowness.LAGGING);

    FakeExchange back = stream.open(stream.id(1));
    assertThat(stream.plain(back.text())).endsWith(events(2, "b", "c", "d", "e"));
  }

  @Test
  @DisplayName("gets the farewell at once, and nothing before it, if it takes bytes before that")
  void disconnectsWhenItTakesAgain() {
    FakeExchange client = blocked(DISCONNECT, 1_000);
    stream.send("b", "c", "d", "e");

    assertThat(takesAgain(client)).matches(SOON);
    assertThat(client.isCompleted()).isTrue();
  }

  @Test
  @DisplayName("is too slow by bytes as well")
  void byBytes() {
    FakeExchange client = blocked(SlowClients.DEFAULT.withBytes(1_000), 1_000);
    stream.send("x".repeat(900));
    stream.pass(ManualStream.TICK);
    assertThat(clients.get(0).connected()).isTrue();

    stream.send("x".repeat(100));
    stream.pass(ManualStream.TICK);
    assertThat(client.isCompleted()).isTrue();
    assertThat(slowness).containsExactly(Slowness.LAGGING);
  }

  @Test
  @DisplayName("may be as far behind as it likes while it catches up after a reconnect")
  void catchingUpIsNoLag() {
    stream = ManualStream.create(options -> options.slow(DISCONNECT).listener(new Slow()));
    stream.source.onConnect(clients::add);
    for (int i = 0; i < 100; i++) {
      stream.send("x".repeat(2_000));
    }
    FakeExchange client = new FakeExchange(stream.container);
    client.takeNoMoreThan(10_000);
    stream.open(stream.id(0), client);
    stream.pass(ManualStream.TICK.multipliedBy(3));

    client.takeEverything();
    stream.settle();
    assertThat(client.text().lines().filter(line -> line.startsWith("data: "))).hasSize(100);
    assertThat(slowness).isEmpty();
  }

  @Test
  @DisplayName("goes on with the newest event and is told of the gap, if that is the policy")
  void skips() {
    FakeExchange client = blocked(SKIP, 1_000);
    stream.send("b", "c", "d", "e");
    stream.pass(ManualStream.TICK.multipliedBy(4));
    assertThat(takesAgain(client)).isEqualTo(gap("E-1", "E-5", "4", "skipped"));

    stream.send("f");
    stream.settle();
    assertThat(stream.news(client)).isEqualTo(events(6, "f"));
    assertThat(slowness).containsExactly(Slowness.LAGGING);
  }

  @Test
  @DisplayName("goes on with the newest event though the history has left it behind")
  void skipsWhatIsTrimmed() {
    FakeExchange client = blocked(SKIP.withEvents(0), 2);
    stream.send("b", "c", "d", "e");
    stream.pass(ManualStream.TICK.multipliedBy(4));

    assertThat(clients.get(0).connected()).isTrue();
    assertThat(takesAgain(client)).isEqualTo(gap("E-1", "E-5", "4", "trimmed"));
    assertThat(slowness).containsExactly(Slowness.LAPPED);
  }

  @Test
  @DisplayName("gets of several events with one key the newest only, if that is the policy")
  void conflates() {
    FakeExchange client = blocked(CONFLATE, 1_000);
    stream.source.send(ServerSentEvent.of("tea 1").withKey("tea"));
    stream.source.send(ServerSentEvent.of("cocoa 1").withKey("cocoa"));
    stream.send("no key");
    stream.source.send(ServerSentEvent.of("tea 2").withKey("tea"));
    stream.source.send(ServerSentEvent.of("other tea").withKey("tea").withChannel("other"));
    stream.source.send(ServerSentEvent.of("tea 3").withKey("tea"));

    assertThat(takesAgain(client))
        .isEqualTo(
            """
            id: E-3
            data: cocoa 1

            id: E-4
            data: no key

            id: E-6
            data: other tea

            id: E-7
            data: tea 3

            """);
  }

  @Test
  @DisplayName("gets every event, whatever its key, while it isn't too slow")
  void conflatesOnlyTheSlow() {
    FakeExchange client = blocked(CONFLATE, 1_000);
    for (int i = 0; i < 3; i++) {
      stream.source.send(ServerSentEvent.of("tea").withKey("tea"));
    }

    assertThat(takesAgain(client)).isEqualTo(events(2, "tea", "tea", "tea"));
  }

  @Test
  @DisplayName("gets the newest event of a key though that is beyond what one write can hold")
  void conflatesBeyondOneWrite() {
    FakeExchange client = blocked(CONFLATE, 10_000);
    for (int i = 0; i < 1_000; i++) {
      stream.source.send(ServerSentEvent.of("tea " + i).withKey("tea"));
      stream.send("x".repeat(200));
    }
    String news = takesAgain(client);

    assertThat(news.lines().filter(line -> line.startsWith("data: tea")))
        .containsExactly("data: tea 999");
    assertThat(news.lines().filter(line -> line.startsWith("data: x"))).hasSize(1_000);
  }

  @Test
  @DisplayName("is told of what is trimmed, and gets the rest conflated")
  void conflatesBehindAGap() {
    FakeExchange client = blocked(CONFLATE, 3);
    stream.send("b", "c");
    stream.source.send(ServerSentEvent.of("tea 1").withKey("tea"));
    stream.source.send(ServerSentEvent.of("tea 2").withKey("tea"));
    stream.send("f");

    assertThat(takesAgain(client))
        .isEqualTo(gap("E-1", "E-3", "2", "trimmed") + "id: E-5\ndata: tea 2\n\n" + events(6, "f"));
  }

  @Test
  @DisplayName("is disconnected when it takes nothing for too long, whatever the policy")
  void stalledAnyway() {
    for (SlowClients rule : List.of(DISCONNECT, SKIP, CONFLATE)) {
      clients.clear();
      FakeExchange client = blocked(rule.withEvents(0).withStalled(Duration.ofSeconds(10)), 1_000);
      stream.pass(Duration.ofSeconds(11));

      assertThat(client.isCompleted()).isTrue();
      assertThat(clients.get(0).disconnectReason()).contains(DisconnectReason.SLOW);
    }
    assertThat(slowness).containsOnly(Slowness.STALLED).hasSize(3);
  }

  @Test
  @DisplayName("follows the rule that the application gives its event source")
  void ruleOfTheApplication() {
    FakeExchange client = blocked(DISCONNECT, 1_000);
    stream.source.slowClients(SKIP.withEvents(1));
    stream.send("b", "c");
    stream.pass(ManualStream.TICK);

    assertThat(takesAgain(client)).isEqualTo(gap("E-1", "E-3", "2", "skipped"));
  }

  @Test
  @DisplayName("is told of a gap, and not sent away, if it is left behind before its first event")
  void lappedBeforeItBegins() {
    stream = ManualStream.create(options -> options.events(2).listener(new Slow()));
    stream.source.onConnect(clients::add);
    stream.send("a", "b", "c", "d");
    FakeExchange client = stream.begin(stream.id(1));
    assertThat(stream.news(client)).endsWith("\"lost\":1,\"reason\":\"trimmed\"}\n\n");
    stream.send("e", "f");
    stream.settle();

    assertThat(stream.news(client))
        .isEqualTo(gap("E-2", "E-4", "2", "trimmed") + events(5, "e", "f"));
    assertThat(clients.get(0).connected()).isTrue();
  }

  @Test
  @DisplayName("goes first when what waits for clients is more than may be, the slowest before all")
  void memory() {
    ManualStream made =
        ManualStream.create(options -> options.maxPending(100_000).listener(new Slow()));
    FakeExchange slowest = blocked(made);
    FakeExchange bystander = stream.open();
    FakeExchange slow = stream.open();
    slow.takeNoMoreThan(1);
    stream.send("x".repeat(60_000));
    stream.settle();
    assertThat(slowness).isEmpty();
    assertThat(stream.source.gauges().pendingBytes()).isBetween(60_000L, 61_000L);

    FakeExchange third = stream.open();
    third.takeNoMoreThan(1);
    stream.send("y".repeat(60_000));
    stream.settle();
    assertThat(slowness).containsExactly(Slowness.MEMORY, Slowness.MEMORY);
    assertThat(slowest.isCompleted()).isTrue();
    assertThat(slow.isCompleted()).isTrue();
    assertThat(third.isCompleted()).isFalse();
    assertThat(bystander.text()).endsWith("yyy\n\n");
    assertThat(stream.source.gauges().pendingBytes()).isBetween(60_000L, 61_000L);
  }

  @Test
  @DisplayName("is refused direct events when what waits for clients is as much as may be")
  void directMemory() {
    FakeExchange client = blocked(ManualStream.create(options -> options.maxPending(10_000)));
    assertThat(clients.get(0).send("x".repeat(9_000))).isTrue();
    assertThat(clients.get(0).send("x".repeat(9_000))).isFalse();

    client.takeEverything();
    stream.settle();
    assertThat(stream.source.gauges().pendingBytes()).isZero();
    assertThat(clients.get(0).send("x".repeat(9_000))).isTrue();
  }

  @Test
  @DisplayName("takes no memory any more when it has gone, whatever waited for it")
  void goneFreesMemory() {
    FakeExchange client = blocked(DISCONNECT, 1_000);
    clients.get(0).send("direct");
    assertThat(stream.source.gauges().pendingBytes()).isPositive();
    client.reportError(FakeExchange.Failure.TOMCAT);
    stream.settle();

    assertThat(stream.source.gauges().pendingBytes()).isZero();
    assertThat(clients.get(0).send("too late")).isFalse();
  }

  @Test
  @DisplayName("shows in what a send reports, and in the gauges")
  void reported() {
    blocked(SlowClients.DEFAULT, 2);
    stream.send("b", "c", "d");

    assertThat(stream.source.gauges().slowestLag()).isEqualTo(3);
    assertThat(stream.source.send("e").toCompletableFuture().join().delivery())
        .isEqualTo(Delivery.PARTLY);
  }

  @Test
  @DisplayName("can't be given a rule that makes no sense, and all mistakes are told")
  void wrongRules() {
    stream = ManualStream.create();
    assertThatThrownBy(() -> new SlowClients(Policy.SKIP, -1, -2, Duration.ZERO))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("events is '-1'", "bytes is '-2'", "stalled is 'PT0S'");
  }

  private static String gap(String requested, String resumedAt, String lost, String reason) {
    return "id: %s\nevent: eventsource.gap\ndata: {\"requested\":\"%s\",\"resumedAt\":\"%s\",\"lost\":%s,\"reason\":\"%s\"}\n\n"
        .formatted(resumedAt, requested, resumedAt, lost, reason);
  }

  private static String events(int first, String... data) {
    StringBuilder wire = new StringBuilder();
    for (int i = 0; i < data.length; i++) {
      wire.append("id: E-%d\ndata: %s\n\n".formatted(first + i, data[i]));
    }
    return wire.toString();
  }
}
