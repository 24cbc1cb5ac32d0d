package org.asynceventsource.test;

import static org.asynceventsource.test.AttackedServer.EVENTS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The attack: the server is made to remember something for everybody who knows nothing. */
public interface Floods {

  /** How many requests are sent; a million in the long run, but where everything takes longer. */
  int STRANGERS =
      Boolean.getBoolean("it.long") && !Boolean.getBoolean("it.large") ? 1_000_000 : 20_000;

  /** How many were sent before, for what the container and the compiler take once. */
  int BEFORE = 4_000;

  /**
   * How long the server may take to forget; Grizzly keeps a connection that has been closed until
   * it would have been idle for too long, 30 s (GlassFish 8.0.0, Payara 6.2025.9).
   */
  Duration PATIENCE = Duration.ofSeconds(60);

  /** How many connections they come over. */
  int WAYS = 8;

  /** How many bytes the server may have in use afterwards that it hadn't before. */
  long MOST_GROWTH = 1 << 20;

  /** What a request of nobody's is answered. */
  Set<Integer> REFUSED = Set.of(400, 401);

  /** The server, as a further attacker sees it. */
  AttackedServer attacked() throws IOException;

  @Test
  @DisplayName("Requests of nobody, thousands a second, cost less than a megabyte and no nonce")
  default void nothingIsKept() throws Exception {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS);
    server.logIn(EVENTS, alice).assertLoggedIn();
    flood(server, alice, 0, BEFORE);

    long before = usedHeap(server);
    flood(server, alice, BEFORE, STRANGERS);

    server.logIn(EVENTS, alice).assertLoggedIn();
    await("bytes for " + STRANGERS + " requests")
        .atMost(PATIENCE)
        .until(() -> usedHeap(server) - before, growth -> growth < MOST_GROWTH);
  }

  private static long usedHeap(AttackedServer server) throws IOException {
    try (HttpConnection connection = HttpConnection.to(server.port())) {
      HttpCall call = HttpCall.of("GET", server.base() + AttackedSources.HEAP);
      return Long.parseLong(connection.send(call).text());
    }
  }

  private static void flood(AttackedServer server, DigestClient alice, int first, int requests)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(WAYS);
    try {
      List<Future<?>> ways = new ArrayList<>();
      for (int i = 0; i < WAYS; i++) {
        int from = first + i * (requests / WAYS);
        ways.add(threads.submit(() -> send(server, alice, from, requests / WAYS)));
      }
      for (Future<?> way : ways) {
        way.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Void send(AttackedServer server, DigestClient alice, int from, int requests)
      throws IOException {
    try (HttpConnection connection = HttpConnection.to(server.port())) {
      for (int number = from; number < from + requests; number++) {
        HttpCall call = call(server.base() + EVENTS, alice, number);
        HttpConnection.Reply reply = connection.send(call);
        assertTrue(REFUSED.contains(reply.status()), () -> reply + " for " + call);
      }
    }
    return null;
  }

  private static HttpCall call(String path, DigestClient alice, int number) {
    HttpCall call = HttpCall.of("GET", path);
    String foreign = "A".repeat(67) + String.format("%08x", number);
    return switch (number % 4) {
      case 0 -> call;
      case 1 -> call.with("Authorization", "Digest ,,nonce=" + foreign + ", response=\"" + number);
      case 2 ->
          call.with(
              "Authorization",
              alice.as("alice", "guess").withNonce(foreign).answer("GET", path, number));
      default ->
          call.with(
              "Authorization", alice.as("nobody" + number, "null").answer("GET", path, number));
    };
  }
}
