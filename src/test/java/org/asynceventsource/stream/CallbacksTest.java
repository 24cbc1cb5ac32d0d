package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.stream.FakeExchange.Failure;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Callbacks")
class CallbacksTest {

  private final ManualStream stream = ManualStream.create(options -> options.roles("admin"));
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void rulesAreKept() {
    stream.assertRulesKept();
  }

  @Test
  @DisplayName("run in the order of adding, onConnect before onDisconnect, each once per client")
  void order() {
    stream
        .source
        .onConnect(client -> heard.add("connect 1"))
        .onConnect(c -> heard.add("connect 2"));
    stream.source.onDisconnect((client, reason) -> heard.add("disconnect 1 " + reason));
    stream.source.onDisconnect((client, reason) -> heard.add("disconnect 2 " + reason));
    FakeExchange client = stream.open();
    client.reportError(Failure.TOMCAT);
    client.reportError(Failure.JETTY);
    stream.settle();

    assertThat(heard)
        .containsExactly("connect 1", "connect 2", "disconnect 1 GONE", "disconnect 2 GONE");
  }

  @Test
  @DisplayName("keep that order for a client that has gone before onConnect could run")
  void goneBeforeConnect() {
    stream.source.onConnect(client -> heard.add("connect " + client.connected()));
    stream.source.onDisconnect((client, reason) -> heard.add("disconnect"));
    FakeExchange client = stream.begin(null);
    client.reportError(Failure.TOMCAT);
    stream.settle();

    assertThat(heard).containsExactly("connect false", "disconnect");
  }

  @ParameterizedTest
  @EnumSource(
      value = Failure.class,
      names = {"TOMCAT", "JETTY", "UNDERTOW"})
  @DisplayName("hear once of a client that was lost, whichever way the container tells")
  void lostOnce(Failure failure) {
    stream.source.onDisconnect((client, reason) -> heard.add("disconnect " + reason));
    FakeExchange client = stream.open();
    client.failNext(failure);
    stream.send("a");
    stream.settle();
    client.reportError(Failure.JETTY);
    stream.settle();

    assertThat(heard).containsExactly("disconnect GONE");
    assertThat(stream.source.count()).isZero();
  }

  @Test
  @DisplayName("hear the first reason only")
  void firstReason() {
    stream.source.onConnect(AsyncEventSourceClient::close);
    stream.source.onDisconnect((client, reason) -> heard.add("disconnect " + reason));
    FakeExchange client = stream.open();
    client.reportError(Failure.TOMCAT);
    stream.source.beginClose();
    stream.settle();

    assertThat(heard).containsExactly("disconnect CLOSED");
  }

  @Test
  @DisplayName("aren't owed to a client whose connection failed before its stream was open")
  void failedConnection() {
    stream.source.onConnect(client -> heard.add("connect"));
    stream.source.onDisconnect((client, reason) -> heard.add("disconnect"));
    FakeExchange client = new FakeExchange(stream.container);
    client.failNext(Failure.NEVER_REPORTED);

    assertThatThrownBy(
            () ->
                stream.source.open(client.request(), client.response(), ManualStream.visitor(null)))
        .isInstanceOf(IOException.class);
    stream.settle();
    assertThat(heard).isEmpty();
    assertThat(stream.source.count()).isZero();
  }

  @Test
  @DisplayName("that throw hurt neither the client, nor later callbacks, nor other clients")
  void throwing() {
    stream.source.onConnect(
        client -> {
          heard.add("throwing");
          throw new OutOfLuckException();
        });
    stream.source.onConnect(client -> heard.add("next"));
    try (LogRecords log = LogRecords.of("org.asynceventsource.stream")) {
      FakeExchange first = stream.open();
      FakeExchange second = stream.open();
      stream.send("a");
      stream.settle();

      assertThat(heard).containsExactly("throwing", "next", "throwing", "next");
      assertThat(first.news()).endsWith("data: a\n\n");
      assertThat(second.news()).endsWith("data: a\n\n");
      assertThat(log.messages())
          .containsExactly("an onConnect callback failed; the client and all others go on");
    }
  }

  private static final class OutOfLuckException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  @DisplayName("see the application's class loader")
  void classLoader() throws IOException {
    try (URLClassLoader other = new URLClassLoader(new URL[0], null)) {
      List<ClassLoader> seen = new ArrayList<>();
      stream.source.onConnect(client -> seen.add(Thread.currentThread().getContextClassLoader()));
      stream.begin(null);
      Thread.currentThread().setContextClassLoader(other);
      stream.settle();

      assertThat(seen).containsExactly(ManualStream.context().getClassLoader());
      assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(other);
    } finally {
      Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
    }
  }

  @Test
  @DisplayName("see who the client is, and the request's attributes while onConnect runs only")
  void visitor() {
    AsyncEventSourceClient[] kept = new AsyncEventSourceClient[1];
    stream.source.onConnect(
        client -> {
          kept[0] = client;
          heard.add(client.requestAttribute("tenant") + " " + client.requestAttribute("other"));
        });
    Visitor visitor =
        new Visitor(
            "last",
            Interest.EVERYTHING,
            () -> "alice",
            null,
            "192.0.2.7",
            Set.of("admin"),
            Map.of("tenant", "acme"));
    stream.begin(visitor, new FakeExchange(stream.container));
    stream.settle();

    assertThat(heard).containsExactly("Optional[acme] Optional.empty");
    assertThat(kept[0].lastId()).contains("last");
    assertThat(kept[0].principal().orElseThrow().getName()).isEqualTo("alice");
    assertThat(kept[0].remoteAddress()).isEqualTo("192.0.2.7");
    assertThat(kept[0].hasRole("admin")).isTrue();
    assertThat(kept[0].eventSource()).isSameAs(stream.source);
    assertThatThrownBy(() -> kept[0].hasRole("typo"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("role 'typo' is not declared; add it to the setting 'eventsource.roles'");
    assertThatThrownBy(() -> kept[0].requestAttribute("tenant"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'tenant'");
  }

  /**
   * A container that stops takes no tasks any more. Callbacks are owed all the same, but whoever
   * tells of the end may hold the client's fence, and must not run them.
   */
  @Test
  @Timeout(20)
  @DisplayName("run even if the executor refuses, though never on the thread that tells of the end")
  void refused() throws InterruptedException {
    Executor refusing =
        task -> {
          throw new RejectedExecutionException("stopped");
        };
    CountDownLatch done = new CountDownLatch(1);
    List<Thread> ranOn = Collections.synchronizedList(new ArrayList<>());
    StreamEventSource source =
        new StreamEventSource(
            "/refused",
            stream.log(1_000),
            StreamOptions.DEFAULTS,
            stream.places,
            stream.pool,
            refusing,
            ManualStream.context(),
            StreamListener.NONE);
    source.onDisconnect(
        (client, reason) -> {
          ranOn.add(Thread.currentThread());
          done.countDown();
        });
    FakeExchange client = new FakeExchange(stream.container);
    openQuietly(source, client);
    stream.settle();
    client.failNext(Failure.UNDERTOW);
    source.send("a");
    stream.settle();

    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(ranOn).hasSize(1).doesNotContain(Thread.currentThread());
  }

  @Test
  @Timeout(60)
  @DisplayName("of many clients on few threads are all run by the time they have been waited for")
  void awaitsAll() {
    AtomicInteger connects = new AtomicInteger();
    AtomicInteger disconnects = new AtomicInteger();
    Executor threads = task -> new Thread(task).start();
    StreamEventSource source =
        new StreamEventSource(
            "/many",
            stream.log(1_000),
            StreamOptions.DEFAULTS,
            stream.places,
            stream.pool,
            threads,
            ManualStream.context(),
            StreamListener.NONE);
    source.onConnect(client -> connects.incrementAndGet());
    source.onDisconnect(
        (client, reason) -> {
          assertThat(reason).isEqualTo(DisconnectReason.SHUTDOWN);
          disconnects.incrementAndGet();
        });
    for (int i = 0; i < 500; i++) {
      openQuietly(source, new FakeExchange(stream.container));
    }
    source.beginClose();
    stream.settle();
    source.close();
    source.awaitCallbacks(30_000);

    assertThat(connects).hasValue(500);
    assertThat(disconnects).hasValue(500);
  }

  private static void openQuietly(StreamEventSource source, FakeExchange exchange) {
    try {
      source.open(exchange.request(), exchange.response(), ManualStream.visitor(null));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
