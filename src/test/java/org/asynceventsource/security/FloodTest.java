package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.asynceventsource.WebApplication;
import org.asynceventsource.boot.BootListener;
import org.asynceventsource.test.AttackedServer;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The attack: the server is made to remember something for everybody who knows nothing. */
@DisplayName("Requests of nobody, thousands a second")
class FloodTest {

  private static final int REQUESTS = Boolean.getBoolean("it.long") ? 1_000_000 : 20_000;
  private static final int WARM_UP = 4_000; // what the container and the compiler take once
  private static final int CONNECTIONS = 8;
  private static final long MOST_GROWTH = 1 << 20;
  private static final long SETTLED = 1 << 13;
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final String PATH = "/app/events";

  private final WebApplication application = WebApplication.at("/app");

  @AfterEach
  void stop() throws Exception {
    application.stop();
  }

  @Test
  @DisplayName("cost less than a megabyte, and nobody a nonce")
  void costsNothing() throws Exception {
    application
        .parameter("eventsource.auth", "digest")
        .parameter("eventsource.users", "alice:secret")
        .listener(new BootListener())
        .start();
    AttackedServer server = AttackedServer.of(application.port(), "/app/");
    DigestClient alice = server.alice(AttackedServer.EVENTS);
    server.logIn(AttackedServer.EVENTS, alice).assertLoggedIn();
    flood(alice, 0, WARM_UP);

    long before = usedHeap();
    flood(alice, WARM_UP, REQUESTS);
    long after = usedHeap();

    server.logIn(AttackedServer.EVENTS, alice).assertLoggedIn();
    assertThat(after - before).as("bytes of growth").isLessThan(MOST_GROWTH);
  }

  private void flood(DigestClient alice, int first, int requests) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    List<Future<?>> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      int from = first + i * requests / CONNECTIONS;
      connections.add(threads.submit(() -> send(alice, from, requests / CONNECTIONS)));
    }
    for (Future<?> connection : connections) {
      connection.get();
    }
    threads.shutdown();
  }

  private Void send(DigestClient alice, int from, int requests) throws IOException {
    try (HttpConnection connection = HttpConnection.to(application.port())) {
      for (int number = from; number < from + requests; number++) {
        HttpConnection.Reply reply = connection.send(call(alice, number));
        assertThat(reply.status()).isIn(400, 401);
      }
    }
    return null;
  }

  private static HttpCall call(DigestClient alice, int number) {
    HttpCall call = HttpCall.of("GET", PATH);
    String foreign = "A".repeat(67) + String.format("%08x", number);
    return switch (number % 4) {
      case 0 -> call;
      case 1 -> call.with("Authorization", "Digest ,,nonce=" + foreign + ", response=\"" + number);
      case 2 ->
          call.with(
              "Authorization",
              alice.as("alice", "guess").withNonce(foreign).answer("GET", PATH, number));
      default ->
          call.with(
              "Authorization", alice.as("nobody" + number, "null").answer("GET", PATH, number));
    };
  }

  /** After everything that can be collected has been: a collection finds nothing more. */
  private static long usedHeap() {
    long[] used = {Long.MAX_VALUE};
    await()
        .pollInterval(SHORT)
        .until(
            () -> {
              long before = used[0];
              used[0] = collected();
              return before - used[0] < SETTLED && used[0] - before < SETTLED;
            });
    return used[0];
  }

  private static long collected() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
