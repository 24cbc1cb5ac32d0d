package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.HttpUpload;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Listens and publishes with nothing but bytes. The containers' JVMs are told of two users: alice,
 * who may publish, and bob, who may not.
 */
@RunAsClient
@ExtendWith(ArquillianExtension.class)
@DisplayName("The event source of the WAR")
class EventsOverHttpIT {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String JSON = "application/json";
  private static final String ALLOW = "GET, HEAD, OPTIONS, POST, PUT";
  private static final String TWO_MEGABYTES = "x".repeat(2 << 20);
  private static final String FILLER = "x".repeat(100);
  private static final String LOGIN =
      "login required: this needs the name and the password of a user\n";
  private static final String TOO_LONG =
      "the body has more than 1048576 bytes; send less, or raise 'eventsource.limits.body'\n";

  @ArquillianResource private @Nullable URI application;
  private int port;
  private String events = "";
  private @Nullable DigestClient alice;

  /** A request that is refused, and how. */
  private record Refused(HttpCall call, int status, String body) {}

  @Deployment(testable = false)
  static WebArchive war() {
    return EventSourceWar.unchanged();
  }

  @BeforeEach
  void logIn() throws IOException {
    port = application.getPort();
    events = application.getPath() + "events";
    try (HttpReply challenge = post("text/plain", "hello").send(port)) {
      assertEquals(401, challenge.status());
      assertEquals("", challenge.field("Set-Cookie"));
      alice = DigestClient.of("alice", "secret", challenge.field("WWW-Authenticate"));
    }
  }

  private HttpCall get() {
    return HttpCall.of("GET", events);
  }

  private HttpCall post(String contentType, String body) {
    return HttpCall.of("POST", events).withBody(contentType, body);
  }

  private HttpCall byAlice(HttpCall call) {
    return call.with("Authorization", alice.answer("POST", events));
  }

  /** Publishes and answers the id. */
  private String publish(String contentType, String body) throws IOException {
    try (HttpReply reply = byAlice(post(contentType, body)).send(port)) {
      String answer = reply.text();
      assertEquals(200, reply.status(), answer);
      assertEquals("", reply.field("Set-Cookie"));
      return answer.strip();
    }
  }

  private EventStreamRecorder open(String lastId) throws IOException {
    HttpCall call = lastId.isEmpty() ? get() : get().with("Last-Event-ID", lastId);
    EventStreamRecorder stream = call.send(port).stream();
    stream.assertOpened();
    return stream;
  }

  @Test
  @DisplayName("sends status, header and first bytes within a second, with no event published")
  void opensAtOnce() throws IOException {
    long begin = System.nanoTime();
    try (HttpReply reply = get().send(port)) {
      byte[] first = reply.body().readNBytes(1);
      Duration duration = Duration.ofNanos(System.nanoTime() - begin);

      assertEquals(200, reply.status());
      assertTrue(reply.field("Content-Type").startsWith("text/event-stream"));
      assertEquals("no-store, no-transform", reply.field("Cache-Control"));
      assertEquals("no", reply.field("X-Accel-Buffering"));
      assertEquals("nosniff", reply.field("X-Content-Type-Options"));
      assertEquals("Accept", reply.field("Vary"));
      assertEquals("", reply.field("Set-Cookie"));
      assertEquals(':', first[0]);
      assertTrue(duration.compareTo(Duration.ofSeconds(1)) < 0, duration::toString);
    }
  }

  @Test
  @DisplayName("answers HEAD and OPTIONS")
  void headAndOptions() throws IOException {
    try (HttpReply head = HttpCall.of("HEAD", events).send(port);
        HttpReply options = HttpCall.of("OPTIONS", events).send(port)) {
      assertEquals(200, head.status());
      assertTrue(head.field("Content-Type").startsWith("text/event-stream"));
      assertEquals(204, options.status());
      assertEquals(ALLOW, options.field("Allow"));
    }
  }

  @Test
  @DisplayName("takes text, forms and JSON from a publisher, and streams each exactly once")
  void publishes() throws IOException {
    try (EventStreamRecorder stream = open("")) {
      String text = publish("text/plain", "grüße\nund \uD83D\uDE00");
      String form = publish(FORM, "event=myevent&data=my+event+content");
      String json = publish(JSON, "{\"event\":\"order\",\"data\":{\"item\":\"tea\"},\"id\":4711}");
      String last = publish("text/plain", "");

      assertEquals("4711", json);
      stream.assertEvent(text, "message", "grüße\nund \uD83D\uDE00");
      stream.assertEvent(form, "myevent", "my event content");
      stream.assertEvent("4711", "order", "{\"item\":\"tea\"}");
      stream.assertEvent(last, "message", "");
      stream.assertExhausted();
    }
  }

  private HttpUpload upload() throws IOException {
    return HttpCall.of("PUT", events)
        .with("Authorization", alice.answer("PUT", events))
        .upload("text/event-stream", port);
  }

  @Test
  @DisplayName("takes a stream from a publisher, and streams each event before the request ends")
  void publishesStream() throws IOException {
    try (EventStreamRecorder bystander = open("");
        HttpUpload upload = upload()) {
      upload.send("data: one\n\nda");
      String first = bystander.assertEvent(null, "message", "one").id();
      for (int i = 0; i < 100; i++) {
        upload.send("ta: grüße " + i + "\nevent: n\n\nda");
        bystander.assertEvent(null, "n", "grüße " + i);
      }
      upload.send("ta: last\n\n").end();
      String last = bystander.assertEvent(null, "message", "last").id();
      try (HttpReply reply = upload.reply()) {
        assertEquals(200, reply.status());
        assertEquals("102\n" + first + '\n' + last + '\n', reply.text());
        assertEquals("", reply.field("Set-Cookie"));
      }
      bystander.assertExhausted();
    }
  }

  @Test
  @DisplayName("takes a long stream at full speed, in order")
  void publishesLongStream() throws IOException {
    try (EventStreamRecorder bystander = open("");
        HttpUpload upload = upload()) {
      for (int block = 0; block < 50; block++) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100; i++) {
          text.append("data: ").append(100 * block + i).append(" ").append(FILLER).append("\n\n");
        }
        upload.send(text.toString());
      }
      try (HttpReply reply = upload.end().reply()) {
        assertEquals(200, reply.status());
        assertTrue(reply.text().startsWith("5000\n"));
      }
      for (int i = 0; i < 5_000; i++) {
        bystander.assertEvent(null, "message", i + " " + FILLER);
      }
      bystander.assertExhausted();
    }
  }

  @Test
  @DisplayName("ends a published stream at a bad event, and keeps what came before")
  void badStream() throws IOException {
    try (EventStreamRecorder bystander = open("");
        HttpUpload upload = upload()) {
      upload.send("data: good\n\nid: a\0b\ndata: bad\n\ndata: behind\n\n");
      String id = bystander.assertEvent(null, "message", "good").id();
      try (HttpReply reply = upload.reply()) {
        assertEquals(400, reply.status());
        assertEquals(
            "event 2: event id 'a\uFFFDb' has NUL at index 1; line ends and NUL can't be sent there,"
                + " remove them\n1\n"
                + (id + '\n').repeat(2),
            reply.text());
      }
    }
  }

  @Test
  @DisplayName("loses nothing but the rest of a stream whose publisher vanishes")
  void vanishingPublishers() throws IOException {
    try (EventStreamRecorder bystander = open("")) {
      for (int i = 0; i < 50; i++) {
        try (HttpUpload upload = upload()) {
          upload.send("data: " + i + "\n\ndata: never");
          bystander.assertEvent(null, "message", Integer.toString(i));
        }
      }
      String id = publish("text/plain", "after");
      bystander.assertEvent(id, "message", "after");
      bystander.assertExhausted();
    }
  }

  @Test
  @DisplayName("resumes after any earlier id with exactly the later events, then what is live")
  void resumes() throws IOException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ids.add(publish("text/plain", "event " + i));
    }
    for (int seen = 0; seen < ids.size(); seen++) {
      try (EventStreamRecorder stream = open(ids.get(seen))) {
        for (int i = seen + 1; i < ids.size(); i++) {
          stream.assertEvent(ids.get(i), "message", "event " + i);
        }
        String live = publish("text/plain", "event " + ids.size());
        stream.assertEvent(live, "message", "event " + ids.size());
        stream.assertExhausted();
        ids.add(live);
      }
      if (ids.size() > 15) {
        return;
      }
    }
  }

  @Test
  @DisplayName("answers an id that it doesn't know, however long, with one gap, then what is live")
  void gaps() throws IOException {
    String current = publish("text/plain", "before");
    for (String id : List.of("yesterday", "x".repeat(6 << 10))) {
      String requested = id.substring(0, Math.min(128, id.length()));
      try (EventStreamRecorder stream = open(id)) {
        stream.assertEvent(
            current,
            "eventsource.gap",
            "{\"requested\":\"%s\",\"resumedAt\":\"%s\",\"lost\":null,\"reason\":\"unknown\"}"
                .formatted(requested, current));
        current = publish("text/plain", "live");
        stream.assertEvent(current, "message", "live");
        stream.assertExhausted();
      }
    }
  }

  @Test
  @DisplayName("refuses bad input with what is wrong and what to do, and nobody else notices")
  void badInput() throws IOException {
    try (EventStreamRecorder bystander = open("")) {
      for (Refused refused : badRequests()) {
        try (HttpReply reply = refused.call().send(port)) {
          assertEquals(refused.status(), reply.status(), refused.call()::toString);
          assertEquals(refused.body(), reply.text());
        }
        String id = publish("text/plain", "after " + refused.status());
        bystander.assertEvent(id, "message", "after " + refused.status());
      }
      bystander.assertExhausted();
    }
  }

  private List<Refused> badRequests() {
    String control = " at index 1; line ends and NUL can't be sent there, remove them\n";
    return List.of(
        new Refused(
            byAlice(post(JSON, "{\"data\": \"a\"; \"id\": 1}")),
            400,
            "the body is malformed JSON at line 1, column 13; send an object such as"
                + " {\"data\":\"hello\",\"event\":\"greeting\"}\n"),
        new Refused(
            byAlice(post(FORM, "data=a&event=a%0Db")),
            400,
            "event name 'a\uFFFDb' has CR" + control),
        new Refused(
            byAlice(post(JSON, "{\"data\":\"a\",\"id\":\"a\\u0000b\"}")),
            400,
            "event id 'a\uFFFDb' has NUL" + control),
        new Refused(
            byAlice(post("image/png", "a")),
            415,
            "content type 'image/png' can't be published; send text/plain or application/json or"
                + " application/x-www-form-urlencoded or text/event-stream\n"),
        new Refused(byAlice(post("text/plain", TWO_MEGABYTES)), 413, TOO_LONG),
        new Refused(
            byAlice(HttpCall.of("POST", events).withChunkedBody("text/plain", TWO_MEGABYTES)),
            413,
            TOO_LONG),
        new Refused(
            HttpCall.of("PUT", events)
                .with("Authorization", alice.answer("PUT", events))
                .withBody("text/plain", "a"),
            415,
            "content type 'text/plain' can't be published; send text/event-stream, or use POST\n"),
        new Refused(
            HttpCall.of("PUT", events).withBody("text/event-stream", "data: a\n\n"), 401, LOGIN),
        new Refused(post("text/plain", "a"), 401, LOGIN),
        new Refused(
            post("text/plain", "a")
                .with("Authorization", alice.as("alice", "wrong").answer("POST", events, 1_000)),
            401,
            LOGIN),
        new Refused(
            post("text/plain", "a")
                .with("Authorization", alice.as("bob", "secret").answer("POST", events, 100)),
            403,
            "this user may not publish; the setting 'eventsource.publishers' names those who may\n"),
        new Refused(
            byAlice(post("text/plain", "a")).with("Origin", "https://evil.example"),
            403,
            "pages of origin 'https://evil.example' may not publish here; publish from a page of"
                + " this server, or list its origin in 'eventsource.cors.origins'\n"),
        new Refused(
            HttpCall.of("DELETE", events),
            405,
            "method DELETE is not possible here; use one of " + ALLOW + "\n"),
        new Refused(
            get().with("Accept", JSON),
            406,
            "the header field Accept excludes text/event-stream; send 'Accept: text/event-stream'"
                + " or none\n"));
  }

  /** A broken link: containers differ in what they make of it, but it is the client's mistake. */
  @Test
  @DisplayName("blames the client for a query that can't be decoded")
  void brokenQuery() throws IOException {
    for (String query : List.of("lastEventId=%zz", "lastEventId=%C3", "last_event_id=a%00b")) {
      try (HttpReply reply = HttpCall.of("GET", events + '?' + query).send(port)) {
        assertTrue(Set.of(200, 400).contains(reply.status()), () -> query + reply.status());
      }
    }
  }
}
