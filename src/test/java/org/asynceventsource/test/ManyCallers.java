package org.asynceventsource.test;

import static org.asynceventsource.test.AttackedSources.NAMES;
import static org.asynceventsource.test.AttackedSources.USERS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The attack: to be taken for the caller before, behind or beside oneself. */
public interface ManyCallers {

  /** How many connections the callers share. */
  int CONNECTIONS = 8;

  /** How many requests each caller sends. */
  int REQUESTS = 200;

  /** The server, as a further attacker sees it. */
  AttackedServer attacked() throws IOException;

  @Test
  @DisplayName("Who sends a request over a connection that 50 users share is who it is answered to")
  default void eachIsWhoTheyAre() throws Exception {
    AttackedServer server = attacked();
    List<Caller> callers = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      String user = "user" + i;
      DigestClient client = server.challenged(NAMES, user, AttackedSources.password(user));
      callers.add(new Caller(user, client, new AtomicLong()));
    }
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      List<Future<?>> connections = new ArrayList<>();
      for (int seed = 0; seed < CONNECTIONS; seed++) {
        Random order = new Random(seed);
        connections.add(threads.submit(() -> send(server, callers, order)));
      }
      for (Future<?> connection : connections) {
        connection.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Void send(AttackedServer server, List<Caller> callers, Random order)
      throws IOException {
    String path = server.base() + NAMES;
    try (HttpConnection connection = HttpConnection.to(server.port())) {
      for (int i = 0; i < USERS * REQUESTS / CONNECTIONS; i++) {
        Caller caller = callers.get(order.nextInt(USERS));
        String answer = caller.client.answer("GET", path, caller.count.incrementAndGet());
        HttpConnection.Reply reply =
            connection.send(HttpCall.of("GET", path).with("Authorization", answer));
        assertEquals(200, reply.status(), reply::challenges);
        assertEquals(caller.name, reply.text());
      }
    }
    return null;
  }

  /**
   * A user.
   *
   * @param name the user's name
   * @param client what makes the user's answers; any thread may use it with counts of its own
   * @param count the last one that was sent
   */
  record Caller(String name, DigestClient client, AtomicLong count) {}
}
