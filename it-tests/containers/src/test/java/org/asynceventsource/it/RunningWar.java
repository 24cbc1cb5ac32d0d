package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.HttpUpload;

/**
 * A deployed WAR as its clients see it.
 *
 * <p>Not in the container. So a test class may use it in a client's method, but may have no field
 * and no method of this type.
 *
 * @param uri where it is
 */
record RunningWar(URI uri) {

  int port() {
    return uri.getPort();
  }

  /** A request for a path below the application's, such as {@code events}. */
  HttpCall get(String path) {
    return HttpCall.of("GET", uri.getPath() + path);
  }

  /** Opens a stream. */
  HttpReply open() throws IOException {
    HttpReply stream = get("events").send(port());
    assertEquals(200, stream.status());
    return stream;
  }

  /** Publishes as alice, who may. */
  void publish(String contentType, String body) throws IOException {
    try (HttpReply reply = byAlice().withBody(contentType, body).send(port())) {
      assertEquals(200, reply.status());
    }
  }

  /** Begins to publish a stream as alice. */
  HttpUpload upload() throws IOException {
    return byAlice().upload("text/event-stream", port());
  }

  private HttpCall byAlice() throws IOException {
    String events = uri.getPath() + "events";
    HttpCall post = HttpCall.of("POST", events);
    try (HttpReply challenge = post.withBody("text/plain", "").send(port())) {
      DigestClient alice = DigestClient.of("alice", "secret", challenge.field("WWW-Authenticate"));
      return post.with("Authorization", alice.answer("POST", events));
    }
  }

  /** What is in the {@link Guestbook}, if the WAR has it. */
  String guestbook() throws IOException {
    try (HttpReply reply = get("guestbook").send(port())) {
      return reply.text();
    }
  }
}
