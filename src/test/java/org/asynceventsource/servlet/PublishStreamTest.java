package org.asynceventsource.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.RecordingLogger;
import org.asynceventsource.SendResult;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.UndecidedLoginException;
import org.asynceventsource.spi.WarnOnce;
import org.asynceventsource.test.FakeClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Publishing a stream")
class PublishStreamTest {

  private static final Duration SILENT = Duration.ofMinutes(5);
  private static final Duration RECHECK = Duration.ofSeconds(15);

  private final FakeClock clock = new FakeClock();
  private final RecordingLogger logger = new RecordingLogger();
  private final PublishStreams streams = new PublishStreams(SILENT, RECHECK, Runnable::run, clock);
  private final PublishEndpoint endpoint = new PublishEndpoint(100, streams, new WarnOnce(logger));
  private final List<String> published = new ArrayList<>();
  private final FakeResponse response = new FakeResponse();
  private final FakeBody body = new FakeBody();
  private final FakeRequest request = FakeRequest.put().arriving("text/event-stream", body);

  @AfterEach
  void close() {
    streams.close();
  }

  @Test
  @DisplayName("publishes each event as it arrives, and answers count, first and last id")
  void asItArrives() throws IOException {
    open(this::accept);
    assertThat(body.readers()).isEqualTo(1);

    body.arrive("data: a\n\nda");
    assertThat(published).containsExactly("a");
    body.arrive("ta: b\n\n");
    assertThat(published).containsExactly("a", "b");
    assertThat(response.body()).isEmpty();
    body.arrive("data: c\n\n");
    body.end();

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("3\ne-1\ne-3\n");
    assertThat(response.header("Vary")).isEqualTo("Accept");
    assertEndedOnce();
  }

  @Test
  @DisplayName("answers JSON to whoever prefers it")
  void json() throws IOException {
    request.header("Accept", "application/json");
    open(this::accept);
    body.arrive("data: a\n\n");
    body.end();

    assertThat(response.header("Content-Type")).isEqualTo("application/json");
    assertThat(response.body()).isEqualTo("{\"count\":1,\"first\":\"e-1\",\"last\":\"e-1\"}\n");
  }

  @Test
  @DisplayName("answers that there was nothing")
  void nothing() throws IOException {
    open(this::accept);
    body.end();

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("0\n");
  }

  @Test
  @DisplayName("ends when the publisher's access has ended; what was published stays")
  void accessEnded() throws IOException {
    request.by("alice", () -> true);
    open(this::accept);
    body.arrive("data: a\n\n");
    streams.changed(AccessChanged.ended("bob"));
    body.arrive("data: b\n\n");

    streams.changed(AccessChanged.ended("alice"));
    body.arrive("data: c\n\n");

    assertThat(published).containsExactly("a", "b");
    assertThat(response.status()).isEqualTo(403);
    assertThat(response.body()).startsWith("you may no longer publish").endsWith("2\ne-1\ne-2\n");
    assertEndedOnce();
  }

  @Test
  @DisplayName("ends at the next look if the publisher's login no longer holds, or can't be asked")
  void loginOver() throws IOException {
    request.by(
        "alice",
        () -> {
          throw new IllegalStateException("the store is away");
        });
    open(this::accept);
    streams.tick();
    body.arrive("data: a\n\n");

    streams.changed(AccessChanged.of("alice"));
    streams.tick();

    // The ticking thread, which was woken too, may be the one that looks.
    await().untilAsserted(() -> assertThat(response.body()).endsWith("1\ne-1\ne-1\n"));
    assertThat(response.status()).isEqualTo(403);
  }

  @Test
  @DisplayName("goes on while nobody can tell whether the login holds, unless access has changed")
  void loginUndecided() throws IOException {
    request.by(
        "alice",
        () -> {
          throw new UndecidedLoginException("the store is away");
        });
    open(this::accept);
    clock.advance(RECHECK);
    streams.tick();
    body.arrive("data: a\n\n");
    assertThat(response.body()).isEmpty();

    streams.changed(AccessChanged.of("alice"));
    streams.tick();
    await().untilAsserted(() -> assertThat(response.body()).endsWith("1\ne-1\ne-1\n"));
    assertThat(response.status()).isEqualTo(403);
  }

  @Test
  @DisplayName("ends if the login no longer holds, though the container takes no tasks any more")
  void loginOverAtTheEnd() throws IOException {
    Executor stopping =
        task -> {
          throw new IllegalStateException("stopping");
        };
    request.by("alice", () -> false);
    try (PublishStreams last = new PublishStreams(SILENT, RECHECK, stopping, clock)) {
      new PublishEndpoint(100, last, new WarnOnce(logger))
          .publish(request.request(), response.response(), this::accept);
      clock.advance(RECHECK);
      last.tick();
      body.arrive("data: a\n\n");
      await().untilAsserted(() -> assertThat(response.status()).isEqualTo(403));
    }
  }

  @Test
  @DisplayName("ends with the first bad event, and what was published stays")
  void badEvent() throws IOException {
    open(this::accept);
    body.arrive("data: a\n\ndata: b\n\nid: \0\ndata: c\n\ndata: d\n\n");

    assertThat(published).containsExactly("a", "b");
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body())
        .isEqualTo(
            "event 3: event id '\uFFFD' has NUL at index 0; line ends and NUL can't be sent there,"
                + " remove them\n2\ne-1\ne-2\n");
    body.arrive("data: e\n\n");
    body.end();
    assertThat(published).hasSize(2);
    assertEndedOnce();
  }

  @Test
  @DisplayName("says in JSON what was wrong and how much is published")
  void badEventInJson() throws IOException {
    request.header("Accept", "application/json");
    open(this::accept);
    body.arrive("data: a\n\ndata: b");
    body.end();

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body())
        .isEqualTo(
            "{\"count\":1,\"first\":\"e-1\",\"last\":\"e-1\",\"error\":\"event 2: the stream ends"
                + " within this event; end every event with an empty line\"}\n");
  }

  @Test
  @DisplayName("ends with 413 at an event that is too long, however long the stream is")
  void tooLong() throws IOException {
    open(this::accept);
    for (int i = 0; i < 50; i++) {
      body.arrive("data: 0123456789\n\n");
    }
    body.arrive("data: " + "x".repeat(100));

    assertThat(response.status()).isEqualTo(413);
    assertThat(response.body())
        .isEqualTo(
            """
            event 51: it has more than 100 bytes; send less, or raise 'eventsource.limits.body'
            50
            e-1
            e-50
            """);
  }

  @Test
  @DisplayName("takes what a filter before it has left, in one piece with the end")
  void allAtOnce() throws IOException {
    open(this::accept);
    body.arriveAndEnd("data: a\n\ndata: b\n\n");

    assertThat(response.body()).isEqualTo("2\ne-1\ne-2\n");
    assertEndedOnce();
  }

  @Test
  @DisplayName("waits for the history before it answers")
  void lateHistory() throws IOException {
    List<CompletableFuture<SendResult>> history = new ArrayList<>();
    open(event -> later(history));
    body.arrive("data: a\n\ndata: b\n\n");
    body.end();
    assertThat(history).hasSize(2);

    history.get(1).complete(result("e-2")); // out of order
    assertThat(response.body()).isEmpty();
    history.get(0).complete(result("e-1"));

    assertThat(response.body()).isEqualTo("2\ne-1\ne-2\n");
    assertEndedOnce();
  }

  @Test
  @DisplayName("reads no further while too much waits for the history, and goes on afterwards")
  void backPressure() throws IOException {
    List<CompletableFuture<SendResult>> history = new ArrayList<>();
    open(event -> later(history));
    for (int i = 0; i < 300; i++) {
      body.arrive("data: " + i + "\n\n");
    }
    assertThat(history).hasSize(PublishStream.OUTSTANDING);
    assertThat(body.waiting()).isGreaterThan(0);

    for (int i = 0; i < 300; i++) {
      history.get(i).complete(result("e-" + i));
    }
    body.end();

    assertThat(response.body()).isEqualTo("300\ne-0\ne-299\n");
    assertEndedOnce();
  }

  @Test
  @DisplayName("counts what is published behind an event that the history refuses later")
  void refusedLater() throws IOException {
    List<CompletableFuture<SendResult>> history = new ArrayList<>();
    open(event -> later(history));
    body.arrive("data: a\n\ndata: b\n\ndata: c\n\n");

    history.get(0).complete(result("e-1"));
    history.get(1).completeExceptionally(new InvalidEventException("id 'b' is taken; change it"));
    body.arrive("data: d\n\n");
    assertThat(response.body()).isEmpty();
    history.get(2).complete(result("e-3"));

    assertThat(history).hasSize(3);
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body()).isEqualTo("event 2: id 'b' is taken; change it\n2\ne-1\ne-3\n");
    assertEndedOnce();
  }

  @Test
  @DisplayName("answers 503 where the event source fails, and logs the failure")
  void failure() throws IOException {
    open(
        event -> {
          throw new EventSourceException("database 'secret' is down; start it");
        });
    body.arrive("data: a\n\n");

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.body())
        .isEqualTo(
            "event 1: the event could not be published; try again later; the server's log says"
                + " why\n0\n");
    assertThat(logger.lines()).hasSize(2).first().asString().contains("could not be published");
  }

  @Test
  @DisplayName("answers 500 where a foreign implementation fails badly, instead of hanging")
  void badFailure() throws IOException {
    open(
        event -> {
          throw new LinkageError("internal");
        });
    body.arrive("data: a\n\n");

    assertThat(response.status()).isEqualTo(500);
    assertThat(response.body()).doesNotContain("internal").endsWith("\n0\n");
    assertEndedOnce();
  }

  @Test
  @DisplayName("has a clock of its own while streams are open")
  void ticks() throws IOException {
    open(this::accept);
    clock.advance(SILENT);

    await().until(() -> response.status() == 408);
    await().until(() -> tickers() == 0);
  }

  private static long tickers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("eventsource-publishers"))
        .count();
  }

  @Test
  @DisplayName("doesn't wait for ever for a history, and doesn't touch the response afterwards")
  void historyTooLate() throws IOException {
    List<CompletableFuture<SendResult>> history = new ArrayList<>();
    open(event -> later(history));
    body.arrive("data: a\n\ndata: b\n\n");
    history.get(0).complete(result("e-1"));

    clock.advance(PublishStream.PATIENCE.minusNanos(1));
    streams.tick();
    assertThat(response.body()).isEmpty();
    clock.advance(Duration.ofNanos(1));
    streams.tick();

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.body())
        .startsWith("event 2: the history did not answer within 30 s, it may be published or not;")
        .endsWith("\n1\ne-1\ne-1\n");
    history.get(1).complete(result("e-2"));
    assertEndedOnce();
  }

  @Test
  @DisplayName("ends a publisher who has fallen silent, and a comment is enough not to be")
  void silent() throws IOException {
    open(this::accept);
    body.arrive("data: a\n\n");
    for (int i = 0; i < 10; i++) {
      clock.advance(SILENT.minusNanos(1));
      streams.tick();
      body.arrive(":\n");
    }
    assertThat(response.body()).isEmpty();
    clock.advance(SILENT);
    streams.tick();

    assertThat(response.status()).isEqualTo(408);
    assertThat(response.body())
        .isEqualTo(
            "nothing came for 300 s; send a comment line now and then, or raise"
                + " 'eventsource.limits.silent'\n1\ne-1\ne-1\n");
    assertEndedOnce();
  }

  @Test
  @DisplayName("never ends a silent publisher if there is no bound")
  void noBound() throws IOException {
    try (PublishStreams boundless =
        new PublishStreams(Duration.ZERO, Duration.ZERO, Runnable::run, clock)) {
      new PublishEndpoint(100, boundless, new WarnOnce(logger))
          .publish(request.request(), response.response(), this::accept);
      clock.advance(Duration.ofDays(365));
      boundless.tick();
      body.end();
    }
    assertThat(response.body()).isEqualTo("0\n");
  }

  @Test
  @DisplayName("tells publishers that the application stops, and takes none afterwards")
  void stop() throws IOException {
    open(this::accept);
    body.arrive("data: a\n\n");
    streams.close();

    String closing = "the event source is closing; publish the rest when it is back\n";
    assertThat(response.status()).isEqualTo(503);
    assertThat(response.body()).isEqualTo(closing + "1\ne-1\ne-1\n");
    assertEndedOnce();

    FakeRequest late = FakeRequest.put().arriving("text/event-stream", new FakeBody());
    response.clear();
    endpoint.publish(late.request(), response.response(), this::accept);
    assertThat(response.body()).isEqualTo(closing + "0\n");
    assertThat(streams.count()).isZero();
  }

  @Test
  @DisplayName("tells a publisher whom the container has given up, by whatever name")
  void containersTimeout() throws IOException {
    for (Exception timeout :
        List.of(
            new TimeoutException("idle"),
            new SocketTimeoutException(),
            new IOException(new TimeoutException()),
            new ReadTimeoutException())) {
      FakeBody silentBody = new FakeBody();
      response.clear();
      endpoint.publish(
          FakeRequest.put().arriving("text/event-stream", silentBody).request(),
          response.response(),
          this::accept);
      silentBody.listener().onError(timeout);
      assertThat(response.status()).as(timeout.toString()).isEqualTo(408);
    }
  }

  private static final class ReadTimeoutException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  @DisplayName("ends once although the container tells of a broken connection in several ways")
  void gone() throws IOException {
    endpoint.publish(request.request(), response.broken().response(), this::accept);
    body.arrive("data: a\n\n");
    body.fail(new IOException("reset"));
    body.listener().onError(new IOException("reset"));
    request.fail();
    request.timeOut();

    assertThat(published).containsExactly("a");
    assertEndedOnce();
  }

  @Test
  @DisplayName("is refused before its body is touched if its type or coding is wrong")
  void wrongKind() throws IOException {
    assertRefused(FakeRequest.put().arriving("text/event-stream;charset=utf-16", body), 415);
    assertRefused(
        FakeRequest.put().arriving("text/event-stream", body).header("Content-Encoding", "gzip"),
        415);
    assertRefused(FakeRequest.put().arriving("text/event-stream", body).blocking(), 500);
    assertThat(body.readers()).isZero();
  }

  private void assertRefused(FakeRequest wrong, int status) throws IOException {
    response.clear();
    endpoint.publish(wrong.request(), response.response(), this::accept);
    assertThat(response.status()).isEqualTo(status);
    assertThat(wrong.streamTouched()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/json", ""})
  @DisplayName("is all that PUT is for")
  void otherTypes(String type) throws IOException {
    FakeRequest other = FakeRequest.put();
    endpoint.publish(
        (type.isEmpty() ? other : other.body(type, "{}")).request(),
        response.response(),
        this::accept);

    assertThat(response.status()).isEqualTo(415);
    assertThat(response.header("Accept")).isEqualTo("text/event-stream");
    assertThat(response.body()).endsWith("; send text/event-stream, or use POST\n");
    assertThat(published).isEmpty();
  }

  /** Two threads at once would publish out of order, or answer twice. */
  @Test
  @DisplayName("stays in order while the history answers on threads of its own")
  void manyThreads() throws Exception {
    int events = 20_000;
    CountDownLatch answered = new CountDownLatch(1);
    response.onBody(answered::countDown);
    List<Thread> threads = new ArrayList<>();
    BlockingQueue<Runnable> work = new ArrayBlockingQueue<>(PublishStream.OUTSTANDING);
    for (int i = 0; i < 3; i++) {
      Thread thread = new Thread(() -> runAll(work));
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    open(
        event -> {
          published.add(event.data()); // one at a time, or this list breaks
          CompletableFuture<SendResult> later = new CompletableFuture<>();
          String id = "e-" + published.size();
          assertThat(work.offer(() -> later.complete(result(id)))).isTrue();
          return later;
        });
    for (int i = 0; i < events; i++) {
      body.arrive("data: " + i + "\n\n");
    }
    body.end();

    assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
    threads.forEach(Thread::interrupt);
    assertThat(response.body()).isEqualTo("%d\ne-1\ne-%1$d\n".formatted(events));
    for (int i = 0; i < events; i++) {
      assertThat(published.get(i)).isEqualTo(Integer.toString(i));
    }
  }

  private static void runAll(BlockingQueue<Runnable> work) {
    try {
      while (true) {
        work.take().run();
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private void open(Function<ServerSentEvent, CompletionStage<SendResult>> publisher)
      throws IOException {
    endpoint.publish(request.request(), response.response(), publisher);
  }

  private CompletionStage<SendResult> accept(ServerSentEvent event) {
    published.add(event.data());
    return CompletableFuture.completedStage(result("e-" + published.size()));
  }

  private static CompletionStage<SendResult> later(List<CompletableFuture<SendResult>> history) {
    CompletableFuture<SendResult> stage = new CompletableFuture<>();
    history.add(stage);
    return stage;
  }

  private static SendResult result(String id) {
    return new SendResult(id, SendResult.Delivery.QUEUED);
  }

  private void assertEndedOnce() {
    assertThat(request.completions()).isEqualTo(1);
    assertThat(streams.count()).isZero();
  }
}
