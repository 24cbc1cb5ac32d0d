package org.asynceventsource.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server with {@link AttackedSources} as one attacker sees it, from an address of its own: so the
 * failures of one test slow down no other.
 *
 * @param port its port on the loopback address
 * @param base the application's path, which ends in {@code /}
 * @param attacker the attacker's address
 */
public record AttackedServer(int port, String base, InetAddress attacker) {

  /** One that the settings guard; alice may log in. */
  public static final String EVENTS = "events";

  private static final AtomicInteger ATTACKERS = new AtomicInteger();

  /**
   * The server as a further attacker sees it.
   *
   * @param port its port on the loopback address
   * @param base the application's path, which ends in {@code /}
   * @return the server
   */
  public static AttackedServer of(int port, String base) throws IOException {
    int number = ATTACKERS.incrementAndGet();
    byte[] address = {127, 1, (byte) (number >> 8), (byte) number};
    return new AttackedServer(port, base, InetAddress.getByAddress(address));
  }

  /** A client that has been challenged by an event source, and knows the password. */
  public DigestClient alice(String source) throws IOException {
    return challenged(source, "alice", "secret");
  }

  /** A client that has been challenged by an event source. */
  public DigestClient challenged(String source, String user, String password) throws IOException {
    try (HttpReply reply = HttpCall.of("GET", base + source).send(port, attacker)) {
      assertEquals(401, reply.status());
      return DigestClient.of(user, password, reply.field("WWW-Authenticate"));
    }
  }

  /** Sends the next answer of a client to an event source. */
  public Answer logIn(String source, DigestClient client) throws IOException {
    return send(source, client.answer("GET", base + source));
  }

  /** Sends the answer with a count to an event source. */
  public Answer logIn(String source, DigestClient client, long count) throws IOException {
    return send(source, client.answer("GET", base + source, count));
  }

  /** Sends an answer to an event source, some of whose parameters are others. */
  public Answer logIn(String source, DigestClient client, Map<String, String> changed)
      throws IOException {
    Map<String, String> parameters = client.parameters("GET", base + source, 1);
    parameters.putAll(changed);
    parameters.values().removeIf(String::isEmpty);
    return send(source, DigestClient.header(parameters));
  }

  /** Sends credentials to a path below the application's. */
  public Answer send(String path, String authorization) throws IOException {
    return sendTo(base + path, authorization);
  }

  /** Sends credentials to whatever target. */
  public Answer sendTo(String target, String authorization) throws IOException {
    return send(HttpCall.of("GET", target).with("Authorization", authorization));
  }

  /** Sends any request. */
  public Answer send(HttpCall call) throws IOException {
    try (HttpReply reply = call.send(port, attacker)) {
      String body = reply.status() == 200 ? "" : reply.text(); // a stream has no end
      return new Answer(call, reply.status(), reply.field("WWW-Authenticate"), body);
    }
  }

  /** What a request was answered. */
  public record Answer(HttpCall call, int status, String challenges, String body) {

    /** It was let in. */
    public void assertLoggedIn() {
      assertEquals(200, status, call::toString);
    }

    /** It has to log in anew, and the user is asked. */
    public void assertRefused() {
      assertEquals(401, status, call::toString);
      assertTrue(challenges.startsWith("Digest "), challenges);
      assertFalse(challenges.contains("stale"), () -> call + challenges);
    }

    /** It has to log in anew, and no user is asked. */
    public void assertStale() {
      assertEquals(401, status, call::toString);
      assertTrue(challenges.contains("stale=true"), () -> call + challenges);
    }

    /** It makes no sense. */
    public void assertMalformed() {
      assertEquals(400, status, call::toString);
    }

    /** Neither let in, nor an error of the server's. */
    public void assertNotLetIn() {
      assertTrue(status >= 400 && status < 500, () -> status + " for " + call);
    }
  }
}
