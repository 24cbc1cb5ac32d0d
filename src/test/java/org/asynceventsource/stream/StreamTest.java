package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.SendResult;
import org.asynceventsource.SendResult.Delivery;
import org.asynceventsource.ServerSentEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An open stream")
class StreamTest {

  private static final int MAX_BATCH = 64 * 1024;

  private ManualStream stream = ManualStream.create();

  @AfterEach
  void rulesAreKept() {
    stream.assertRulesKept();
  }

  @Test
  @DisplayName("gets all events that are pending in one write and one flush")
  void mergesWrites() {
    FakeExchange client = stream.open();
    client.forgetCalls();
    stream.send("a", "b", "c");
    stream.settle();

    assertThat(client.calls()).filteredOn(call -> call.startsWith("write")).hasSize(1);
    assertThat(client.calls()).containsOnlyOnce("flush");
    assertThat(stream.news(client))
        .isEqualTo("id: E-1\ndata: a\n\nid: E-2\ndata: b\n\nid: E-3\ndata: c\n\n");
  }

  @Test
  @DisplayName("never gets more than 64 KB in one write, and all of a megabyte")
  void boundsWrites() {
    FakeExchange client = stream.open();
    client.forgetCalls();
    for (int i = 0; i < 1_000; i++) {
      stream.send("x".repeat(1_000));
    }
    stream.settle();

    List<Integer> writes = writes(client);
    assertThat(writes).allMatch(bytes -> bytes <= MAX_BATCH);
    assertThat(writes).hasSizeBetween(15, 17);
    assertThat(client.news().lines().filter(line -> line.startsWith("data: "))).hasSize(1_000);
  }

  @Test
  @DisplayName("gets an event that is larger than that in a write of its own")
  void largeEvent() {
    FakeExchange client = stream.open();
    client.forgetCalls();
    stream.send("small", "x".repeat(200_000), "small again");
    stream.settle();

    assertThat(writes(client)).hasSize(3);
    assertThat(client.news()).endsWith("data: small again\n\n");
  }

  @Test
  @DisplayName("that takes nothing doesn't keep events from another one")
  void bystander() {
    FakeExchange blocked = stream.open();
    FakeExchange other = stream.open();
    blocked.takeNoMoreThan(0);
    stream.send("a");
    stream.settle();
    stream.send("b");
    stream.settle();
    assertThat(stream.news(other)).isEqualTo("id: E-1\ndata: a\n\nid: E-2\ndata: b\n\n");

    blocked.takeEverything();
    stream.settle();
    assertThat(stream.news(blocked)).endsWith("id: E-2\ndata: b\n\n");
  }

  @Test
  @DisplayName("gets a direct event behind what was sent to all before, and before what came after")
  void anchors() {
    AsyncEventSourceClient[] handle = new AsyncEventSourceClient[1];
    stream.source.onConnect(client -> handle[0] = client);
    FakeExchange exchange = stream.open();
    stream.send("before");
    assertThat(handle[0].send("direct")).isTrue();
    stream.send("after");
    stream.settle();

    assertThat(stream.news(exchange))
        .isEqualTo("id: E-1\ndata: before\n\ndata: direct\n\nid: E-2\ndata: after\n\n");
  }

  @Test
  @DisplayName("gets the id to resume at again behind a direct event with an id of its own")
  void restoresTheResumePoint() {
    List<AsyncEventSourceClient> clients = collectClients();
    FakeExchange exchange = stream.open();
    stream.send("a");
    clients.get(0).send("direct", "myevent", 1_234);
    stream.settle();

    assertThat(stream.news(exchange))
        .isEqualTo("id: E-1\ndata: a\n\nid: 1234\nevent: myevent\ndata: direct\n\nid: E-1\n\n");
  }

  @Test
  @DisplayName("resumes behind the last event of the history, not at a direct event's id")
  void resumesBehindDirectEvents() {
    List<AsyncEventSourceClient> clients = collectClients();
    FakeExchange exchange = stream.open();
    stream.send("a");
    clients.get(0).send("direct", null, 1_234);
    stream.settle();
    String last =
        exchange.text().lines().filter(line -> line.startsWith("id: ")).reduce((a, b) -> b).get();
    stream.send("b");

    assertThat(stream.open(last.substring(4)).text())
        .endsWith("id: " + stream.id(2) + "\ndata: b\n\n");
  }

  @Test
  @DisplayName("gets what onConnect sends before any replayed event")
  void onConnectPrecedesReplay() {
    stream.source.onConnect(client -> client.send("hello!", null, 99, 1_000));
    stream.send("a", "b");
    FakeExchange exchange = stream.begin(stream.id(1));
    exchange.news();
    stream.settle();

    assertThat(stream.news(exchange))
        .isEqualTo("id: 99\nretry: 1000\ndata: hello!\n\nid: E-1\n\nid: E-2\ndata: b\n\n");
  }

  @Test
  @DisplayName("gets nothing of the history while onConnect runs, but what it sends at once")
  void onConnectHoldsHistory() {
    stream.source.onConnect(
        client -> {
          client.send("one");
          stream.send("live");
          turnThrice();
          client.send("two");
          turnThrice();
        });
    FakeExchange exchange = stream.begin(null);
    stream.container.runAll();
    exchange.news();
    stream.callbacks.runAll();
    assertThat(stream.news(exchange)).isEqualTo("data: one\n\ndata: two\n\n");

    stream.settle();
    assertThat(stream.news(exchange)).isEqualTo("id: E-1\ndata: live\n\n");
  }

  private void turnThrice() {
    stream.turn();
    stream.turn();
    stream.turn();
  }

  @Test
  @DisplayName("gets direct events that wait together in one write, but no more than 64 KB")
  void mergesDirectEvents() {
    List<AsyncEventSourceClient> clients = collectClients();
    FakeExchange exchange = stream.open();
    exchange.forgetCalls();
    for (int i = 0; i < 3; i++) {
      clients.get(0).send("x".repeat(30_000), null, i + 1);
    }
    stream.settle();

    assertThat(writes(exchange)).containsExactly(2 * 30_034, 30_034);
    assertThat(stream.news(exchange)).endsWith("x\n\nid: E-0\n\n");
  }

  @Test
  @DisplayName("takes direct events up to its limit, and refuses more")
  void directLimit() {
    stream = ManualStream.create(options -> options.maxDirect(2));
    List<AsyncEventSourceClient> clients = collectClients();
    FakeExchange exchange = stream.open();
    exchange.takeNoMoreThan(0);

    assertThat(clients.get(0).send("a")).isTrue();
    assertThat(clients.get(0).send("b")).isTrue();
    assertThat(clients.get(0).send("c")).isFalse();
    assertThat(clients.get(0).pending()).isEqualTo(2);
    exchange.takeEverything();
    stream.settle();
    assertThat(exchange.text()).endsWith("data: a\n\ndata: b\n\n");
    assertThat(clients.get(0).send("d")).isTrue();
  }

  @Test
  @DisplayName("refuses a direct event whose id looks like one of the history")
  void refusesIdsOfTheHistory() {
    List<AsyncEventSourceClient> clients = collectClients();
    stream.open();

    assertThatThrownBy(() -> clients.get(0).send("x", null, stream.id(7)))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("give it another form");
    assertThatThrownBy(() -> stream.source.send("x", null, stream.id(7)))
        .isInstanceOf(InvalidEventException.class);
  }

  @Test
  @DisplayName("that was closed takes no direct events")
  void closedTakesNothing() {
    List<AsyncEventSourceClient> clients = collectClients();
    stream.open();
    clients.get(0).close();

    assertThat(clients.get(0).send("x")).isFalse();
    assertThat(clients.get(0).connected()).isFalse();
    assertThat(clients.get(0).disconnectReason()).contains(DisconnectReason.CLOSED);
  }

  @Test
  @DisplayName("counts as pending what the client has not taken")
  void pending() {
    List<AsyncEventSourceClient> clients = collectClients();
    FakeExchange blocked = stream.open();
    stream.open();
    assertThat(stream.source.averagePending()).isZero();
    blocked.takeNoMoreThan(0);
    stream.send("taken by the container");
    stream.settle();
    stream.send("a", "b");
    stream.settle();
    clients.get(0).send("c");

    assertThat(clients.get(0).pending()).isEqualTo(4);
    assertThat(clients.get(1).pending()).isZero();
    assertThat(stream.source.averagePending()).isEqualTo(2.0);
    assertThat(stream.source.count()).isEqualTo(2);

    clients.get(0).close();
    assertThat(clients.get(0).pending()).isZero();
    assertThat(stream.source.averagePending()).isZero();
    assertThat(stream.source.count()).isEqualTo(1);
  }

  @Test
  @DisplayName("makes a send answer QUEUED; without one it answers NOBODY, and the id always")
  void sendResults() {
    assertThat(result("a")).isEqualTo(new SendResult(stream.id(1), Delivery.NOBODY));
    FakeExchange client = stream.open();
    assertThat(result("b")).isEqualTo(new SendResult(stream.id(2), Delivery.QUEUED));
    client.reportError(FakeExchange.Failure.TOMCAT);
    assertThat(result("c")).isEqualTo(new SendResult(stream.id(3), Delivery.NOBODY));
    ServerSentEvent own = ServerSentEvent.of("d").withId("own");
    assertThat(stream.source.send(own).toCompletableFuture().join().id()).isEqualTo("own");
  }

  @Test
  @DisplayName("that takes nothing makes a send answer PARTLY once events fall out of the history")
  void partly() {
    stream = ManualStream.create(options -> options.events(2));
    FakeExchange blocked = stream.open();
    stream.open();
    blocked.takeNoMoreThan(0);
    stream.settle();
    assertThat(result("a").delivery()).isEqualTo(Delivery.QUEUED);
    stream.settle();
    assertThat(result("b").delivery()).isEqualTo(Delivery.QUEUED);
    stream.settle();
    assertThat(result("c").delivery()).isEqualTo(Delivery.PARTLY);

    stream.pass(ManualStream.TICK.multipliedBy(2));
    assertThat(blocked.isCompleted()).isTrue();
    assertThat(result("d").delivery()).isEqualTo(Delivery.QUEUED);
  }

  @Test
  @DisplayName("that fell out of the history ends, so that the client resumes with a gap")
  void lapped() {
    stream = ManualStream.create(options -> options.events(2));
    List<AsyncEventSourceClient> clients = collectClients();
    FakeExchange slow = stream.open();
    slow.takeNoMoreThan(0);
    stream.settle();
    stream.send("a", "b", "c", "d");
    slow.takeEverything();
    stream.settle();

    assertThat(slow.news()).matches("retry: \\d+\n\n");
    assertThat(slow.isCompleted()).isTrue();
    assertThat(clients.get(0).disconnectReason()).contains(DisconnectReason.SLOW);
  }

  @Test
  @DisplayName("that fell out of the history after it was closed ends all the same")
  void lappedAfterClose() {
    stream = ManualStream.create(options -> options.events(2));
    List<AsyncEventSourceClient> clients = collectClients();
    FakeExchange slow = stream.open();
    slow.takeNoMoreThan(0);
    stream.send("taken by the container");
    stream.settle();
    stream.send("a");
    clients.get(0).close();
    stream.send("b", "c", "d");
    slow.takeEverything();
    stream.settle();

    assertThat(slow.isCompleted()).isTrue();
    assertThat(slow.text()).doesNotContain("data: a", "data: d").endsWith("\n\n");
  }

  @Test
  @DisplayName("that is closed gets what was pending, nothing sent later, and a reconnect time")
  void closes() {
    List<AsyncEventSourceClient> clients = collectClients();
    FakeExchange exchange = stream.open();
    stream.send("a");
    clients.get(0).send("direct");
    clients.get(0).close();
    clients.get(0).close();
    stream.send("b");
    stream.settle();

    assertThat(stream.news(exchange))
        .matches(
            "id: E-1\ndata: a\n\ndata: direct\n\nretry: (5\\d\\d|[6-9]\\d\\d|1\\d{3}|2[0-4]\\d\\d|2500)\n\n");
    assertThat(exchange.calls()).endsWith("flush", "isReady", "complete");
  }

  /** The close falls between the moment the tail is read and the moment the end is written. */
  @Test
  @DisplayName("that is closed while it is written to still gets what was pending at the close")
  void closesWhileWriting() {
    List<AsyncEventSourceClient> clients = collectClients();
    FakeExchange exchange =
        new FakeExchange(stream.container) {
          @Override
          void received(byte[] bytes, int offset, int length) {
            super.received(bytes, offset, length);
            if (!clients.isEmpty() && clients.get(0).connected()) {
              stream.send("last words");
              clients.get(0).close();
            }
          }
        };
    stream.open(null, exchange);
    stream.send("a");
    stream.settle();

    assertThat(stream.news(exchange))
        .startsWith("id: E-1\ndata: a\n\nid: E-2\ndata: last words\n\nretry: ");
    assertThat(exchange.isCompleted()).isTrue();
  }

  @Test
  @DisplayName("that onConnect closes ends with what onConnect sent")
  void closedInOnConnect() {
    stream.source.onConnect(
        client -> {
          client.send("bye");
          client.close();
        });
    FakeExchange exchange = stream.open();

    assertThat(exchange.text()).contains("\n\ndata: bye\n\nretry: ");
    assertThat(exchange.isCompleted()).isTrue();
  }

  @Test
  @DisplayName("keeps nothing that belongs to the container after its end")
  void letsGo() {
    List<AsyncEventSourceClient> clients = collectClients();
    FakeExchange exchange = stream.open();
    clients.get(0).close();
    stream.settle();

    assertThat(exchange.isCompleted()).isTrue();
    assertThat(clients.get(0)).hasFieldOrPropertyWithValue("connection", null);
  }

  private List<AsyncEventSourceClient> collectClients() {
    List<AsyncEventSourceClient> clients = new ArrayList<>();
    stream.source.onConnect(clients::add);
    return clients;
  }

  private SendResult result(String data) {
    return stream.source.send(data).toCompletableFuture().join();
  }

  private static List<Integer> writes(FakeExchange client) {
    return client.calls().stream()
        .filter(call -> call.startsWith("write "))
        .map(call -> Integer.valueOf(call.substring(6)))
        .toList();
  }
}
