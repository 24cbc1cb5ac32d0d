package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.stream.FakeExchange.Failure;
import org.asynceventsource.test.LogRecords;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("An event source")
@Timeout(20)
class CloseTest {

  private static final Pattern RETRY_AT_THE_END = Pattern.compile("retry: (\\d+)\n\n$");

  private ManualStream stream = ManualStream.create();

  @AfterEach
  void rulesAreKept() {
    stream.assertRulesKept();
  }

  @Test
  @DisplayName("that closes gives every client what is pending and a reconnect time of its own")
  void farewells() {
    List<FakeExchange> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      clients.add(stream.open());
    }
    stream.send("last");
    stream.source.beginClose();
    stream.settle();
    stream.source.close();

    Set<Integer> retries = new HashSet<>();
    for (FakeExchange client : clients) {
      assertThat(stream.news(client)).startsWith("id: E-1\ndata: last\n\nretry: ");
      retries.add(retry(client));
      assertThat(client.isCompleted()).isTrue();
    }
    assertThat(retries)
        .hasSizeGreaterThan(40)
        .allMatch(millis -> millis >= 5_000 && millis <= 15_000);
  }

  @Test
  @DisplayName("that closes tells its clients' callbacks why")
  void reason() {
    List<DisconnectReason> reasons = new ArrayList<>();
    stream.source.onDisconnect((client, reason) -> reasons.add(reason));
    stream.open();
    stream.source.beginClose();
    stream.settle();

    assertThat(reasons).containsExactly(DisconnectReason.SHUTDOWN);
  }

  @Test
  @DisplayName("that closes ends clients that take nothing too, within two seconds")
  void endsStalledClients() {
    FakeExchange stalled = stream.open();
    stalled.takeNoMoreThan(0);
    stream.send("a");
    stream.settle();
    long begin = System.nanoTime();
    stream.source.close(); // nobody serves the clients meanwhile

    assertThat(System.nanoTime() - begin).isBetween(1_400_000_000L, 3_500_000_000L);
    assertThat(stalled.isCompleted()).isTrue();
    assertThat(stream.source.count()).isZero();
  }

  @Test
  @DisplayName("that is closed twice destroys its middleware once")
  void closesTwice() {
    AtomicInteger destroyed = new AtomicInteger();
    stream.source.addMiddleware(
        new Filter() {
          @Override
          public void doFilter(
              ServletRequest request, ServletResponse response, FilterChain chain) {
            throw new UnsupportedOperationException();
          }

          @Override
          public void destroy() {
            destroyed.incrementAndGet();
          }
        });
    stream.source.close();
    stream.source.close();

    assertThat(destroyed).hasValue(1);
  }

  @Test
  @DisplayName("that was closed sends whoever comes away, to come back when it may be there again")
  void sendsAway() {
    stream.source.close();
    FakeExchange late = stream.begin(null);

    assertThat(late.status()).isEqualTo(200);
    assertThat(late.headers()).containsEntry("Content-Type", "text/event-stream");
    assertThat(late.isAsync()).isFalse();
    assertThat(retry(late)).isBetween(5_000, 15_000);
  }

  /** The close falls between the first question whether it is closing and the client's entry. */
  @Test
  @DisplayName("that closes while a client comes in sends it away, with its place free again")
  void closesDuringOpen() {
    stream =
        ManualStream.create(
            options ->
                options
                    .places(1)
                    .log(
                        log ->
                            Stub.delegating(EventLog.class, log)
                                .before("tail", () -> stream.source.beginClose())
                                .build()));
    FakeExchange client = stream.begin(null);

    assertThat(client.isAsync()).isFalse();
    assertThat(retry(client)).isBetween(5_000, 15_000);
    assertThat(stream.source.count()).isZero();
    assertThat(stream.places.take(ManualStream.visitor(null))).isTrue();
    long begin = System.nanoTime();
    stream.source.close();
    assertThat(System.nanoTime() - begin).isLessThan(1_000_000_000L);
  }

  /** The close gives up waiting while the client's opening is still being written. */
  @Test
  @DisplayName("that closed while a client's first bytes were written ends that stream")
  void closesDuringFlush() {
    FakeExchange client =
        new FakeExchange(stream.container) {
          @Override
          void received(byte[] bytes, int offset, int length) {
            super.received(bytes, offset, length);
            stream.source.close();
          }
        };
    stream.begin(ManualStream.visitor(null), client);
    stream.settle();

    assertThat(client.isCompleted()).isTrue();
    assertThat(stream.source.count()).isZero();
  }

  @Test
  @DisplayName("that was closed refuses events and says so")
  void refusesEvents() {
    stream.source.close();

    assertThatThrownBy(() -> stream.source.send("x").toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(EventSourceException.class)
        .hasMessageContaining("the history is closed");
  }

  @Test
  @DisplayName("can be closed by its own callbacks")
  void closesInCallback() {
    FakeExchange other = stream.open();
    stream.source.onConnect(client -> stream.source.close());
    FakeExchange client = stream.begin(null);
    Thread callbacks = new Thread(stream.callbacks::runAll);
    callbacks.start();
    while (callbacks.isAlive()) {
      stream.container.runAll();
      stream.turn();
    }

    assertThat(client.isCompleted()).isTrue();
    assertThat(other.isCompleted()).isTrue();
    assertThat(stream.source.count()).isZero();
  }

  @Test
  @DisplayName("without a free place sends clients away with 200 and a reconnect time")
  void limit() {
    stream = ManualStream.create(options -> options.places(2));
    long warnings = Log.WARN.occurrences();
    try (LogRecords log = LogRecords.of("org.asynceventsource.stream")) {
      stream.open();
      FakeExchange second = stream.open();
      FakeExchange third = stream.begin(null);
      FakeExchange fourth = stream.begin(null);

      assertThat(third.status()).isEqualTo(200);
      assertThat(third.headers()).containsEntry("Content-Type", "text/event-stream");
      assertThat(third.text()).matches("retry: \\d+\n\n");
      assertThat(retry(fourth)).isBetween(5_000, 15_000);
      assertThat(third.isAsync()).isFalse();
      assertThat(stream.source.count()).isEqualTo(2);
      assertThat(Log.WARN.occurrences()).isEqualTo(warnings + 2);
      assertThat(log.messages()) // once in the life of the process, by whichever test is first
          .hasSizeLessThanOrEqualTo(1)
          .allMatch(
              line -> line.startsWith("setting 'eventsource.limits.clients' allows 2 clients"));

      second.reportError(Failure.TOMCAT);
      stream.settle();
      assertThat(stream.open().isAsync()).isTrue();
    }
  }

  @Test
  @DisplayName("gives a place back when response and callbacks have both ended, and only once")
  void placesAreGivenBack() {
    stream = ManualStream.create(options -> options.places(1));
    stream.source.onDisconnect((client, reason) -> {});
    FakeExchange client = stream.open();
    client.takeNoMoreThan(0);
    stream.send("a");
    stream.settle();
    stream.source.onConnect(unused -> {});
    client.failNext(Failure.TOMCAT);
    client.takeEverything();
    stream.container.runAll();
    stream.turn(); // the write has failed, the container hasn't told of it
    stream.callbacks.runAll();
    assertThat(stream.places.take(ManualStream.visitor(null))).isFalse();

    stream.settle();
    assertThat(stream.places.take(ManualStream.visitor(null))).isTrue();
    assertThat(stream.places.take(ManualStream.visitor(null))).isFalse();
  }

  @Test
  @DisplayName("gives a place back if the history fails while a client comes in")
  void placeAfterFailure() {
    stream =
        ManualStream.create(
            options ->
                options
                    .places(1)
                    .log(
                        log ->
                            Stub.delegating(EventLog.class, log)
                                .before(
                                    "locate",
                                    () -> {
                                      throw new EventSourceException("no history");
                                    })
                                .build()));

    assertThatThrownBy(() -> stream.begin("7")).isInstanceOf(EventSourceException.class);
    assertThat(stream.places.take(ManualStream.visitor(null))).isTrue();
  }

  @Test
  @DisplayName("gives a place back if the connection fails while a client comes in")
  void placeAfterFailedConnection() {
    stream = ManualStream.create(options -> options.places(1));
    FakeExchange client = new FakeExchange(stream.container);
    client.failNext(Failure.NEVER_REPORTED);

    assertThatThrownBy(
            () ->
                stream.source.open(client.request(), client.response(), ManualStream.visitor(null)))
        .isInstanceOf(IOException.class);
    assertThat(stream.places.take(ManualStream.visitor(null))).isTrue();
    assertThat(stream.places.take(ManualStream.visitor(null))).isFalse();
  }

  private static int retry(FakeExchange client) {
    Matcher retry = RETRY_AT_THE_END.matcher(client.text());
    assertThat(retry.find()).as(client.text()).isTrue();
    return Integer.parseInt(retry.group(1));
  }
}
