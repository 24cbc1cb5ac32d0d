package org.asynceventsource.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.Filter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.WebApplication;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.HttpUpload;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunk by chunk to a real container, with a bystander who listens meanwhile. */
@DisplayName("A stream of events over HTTP")
class StreamedPublishingTest {

  private static final Filter ANYBODY =
      (request, response, chain) -> chain.doFilter(request, response);

  private ServedEventSource served;

  @AfterEach
  void stop() throws Exception {
    served.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "POST"})
  @DisplayName("is published while it arrives")
  void whileItArrives(String method) throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (EventStreamRecorder bystander = served.open(ServedEventSource.get());
        HttpUpload upload = served.upload(method)) {
      upload.send("data: one\n\n");
      String first = bystander.assertEvent(null, "message", "one").id();
      upload.send("event: order\nid: 7\nda");
      bystander.assertExhausted();
      upload.send("ta: two\n\n: heartbeat\n");
      bystander.assertEvent("7", "order", "two");
      upload.send("data: three\n\n");
      String last = bystander.assertEvent(null, "message", "three").id();
      try (HttpReply reply = upload.end().reply()) {
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.field("Content-Type")).isEqualToIgnoringCase("text/plain;charset=UTF-8");
        assertThat(reply.text()).isEqualTo("3\n%s\n%s\n".formatted(first, last));
      }
      bystander.assertExhausted();
    }
    assertThat(served.sessions()).isZero();
  }

  @Test
  @DisplayName("may come in one piece with a length too")
  void withLength() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);
    HttpCall call =
        HttpCall.of("PUT", "/app/events")
            .with("Accept", "application/json")
            .withBody("text/event-stream; charset=utf-8", "id: a b\ndata: x\n\nid: 8\ndata: y\n\n");

    try (HttpReply reply = served.send(call)) {
      assertThat(reply.text()).isEqualTo("{\"count\":2,\"first\":\"a b\",\"last\":\"8\"}\n");
    }
    try (HttpReply empty =
        served.send(HttpCall.of("PUT", "/app/events").withBody("text/event-stream", ""))) {
      assertThat(empty.text()).isEqualTo("0\n");
    }
  }

  @Test
  @DisplayName("keeps no thread while its publisher is silent")
  void noThread() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN, ANYBODY, WebApplication.at("/app", 8));
    List<HttpUpload> uploads = new ArrayList<>();

    try (EventStreamRecorder bystander = served.open(ServedEventSource.get())) {
      for (int i = 0; i < 100; i++) {
        uploads.add(served.upload("PUT").send("data: " + i + "\n\nda"));
        bystander.assertEvent(null, "message", Integer.toString(i));
      }
      try (HttpReply other = served.send(ServedEventSource.post("other"))) {
        assertThat(other.status()).isEqualTo(200);
      }
      bystander.assertEvent(null, "message", "other");
      for (HttpUpload upload : uploads) {
        upload.send("ta: b\n\n").end();
        bystander.assertEvent(null, "message", "b");
        try (upload;
            HttpReply reply = upload.reply()) {
          assertThat(reply.text()).startsWith("2\n");
        }
      }
      bystander.assertExhausted();
    }
  }

  @Test
  @DisplayName("ends at a bad event, though its publisher goes on, and nobody else notices")
  void badEvent() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (EventStreamRecorder bystander = served.open(ServedEventSource.get());
        HttpUpload upload = served.upload("PUT")) {
      upload.send("data: good\n\nevent: eventsource.gap\ndata: bad\n\ndata: behind\n\n");
      String id = bystander.assertEvent(null, "message", "good").id();
      try (HttpReply reply = upload.reply()) {
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text())
            .isEqualTo(
                "event 2: event name 'eventsource.gap' begins with 'eventsource.', which is"
                    + " reserved for the event source; choose another\n1\n%s\n%1$s\n"
                        .formatted(id));
      }
      served.publish("later");
      bystander.assertEvent(null, "message", "later");
      bystander.assertExhausted();
    }
    assertThat(served.logged())
        .containsExactly(
            "WARNING a request was refused with 400: event 2: event name 'eventsource.gap' begins"
                + " with 'eventsource.', which is reserved for the event source; choose another"
                + " (told once per cause)");
  }

  /** A broken or hostile client: chunks that are none, and connections that end. */
  @Test
  @DisplayName("that breaks off leaves what was published, and nothing else")
  void breaksOff() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (EventStreamRecorder bystander = served.open(ServedEventSource.get())) {
      try (HttpUpload upload = served.upload("PUT")) {
        upload.send("data: one\n\ndata: tw");
        bystander.assertEvent(null, "message", "one");
      }
      await().until(() -> served.publishing().count() == 0);
      try (HttpUpload upload = served.upload("PUT")) {
        upload.send("data: three\n\n").sendRaw("zz\r\n".getBytes(StandardCharsets.US_ASCII));
        bystander.assertEvent(null, "message", "three");
        try (HttpReply reply = upload.reply()) {
          assertThat(reply.status()).isEqualTo(400);
        }
      }
      await().until(() -> served.publishing().count() == 0);
      served.publish("later");
      bystander.assertEvent(null, "message", "later");
      bystander.assertExhausted();
    }
  }

  @Test
  @DisplayName("of 100,000 events arrives whole and in order")
  void many() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);
    int blocks = 200;
    int each = 500;

    try (HttpUpload upload = served.upload("PUT")) {
      for (int block = 0; block < blocks; block++) {
        upload.send(events(block * each, each));
      }
      try (HttpReply reply = upload.end().reply()) {
        assertThat(reply.text()).isEqualTo("100000\nn-0\nn-99999\n");
      }
    }
    try (EventStreamRecorder stream =
        served.open(ServedEventSource.get().with("Last-Event-ID", "n-99499"))) {
      for (int i = 99_500; i < 100_000; i++) {
        stream.assertEvent("n-" + i, "message", "event " + i);
      }
      stream.assertExhausted();
    }
  }

  private static String events(int from, int count) {
    StringBuilder events = new StringBuilder();
    for (int i = from; i < from + count; i++) {
      events.append("id: n-").append(i).append("\ndata: event ").append(i).append("\n\n");
    }
    return events.toString();
  }

  @Test
  @DisplayName("is told of a container that waits for less time than the event source does")
  void containersTimeout() throws Exception {
    served =
        ServedEventSource.start(
            ServedEventSource.OPEN,
            ANYBODY,
            WebApplication.at("/app").idle(Duration.ofMillis(300)));

    try (HttpUpload upload = served.upload("PUT").send("data: one\n\n");
        HttpReply reply = upload.reply()) {
      assertThat(reply.status()).isEqualTo(408);
      assertThat(reply.text())
          .startsWith("nothing came for as long as the container waits; send a comment line")
          .contains("\n1\n");
    }
    await().until(() -> served.publishing().count() == 0);
  }

  @Test
  @DisplayName("is ended in order when the application stops")
  void stops() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (EventStreamRecorder bystander = served.open(ServedEventSource.get());
        HttpUpload upload = served.upload("PUT").send("data: one\n\n")) {
      bystander.assertEvent(null, "message", "one");
      served.publishing().close();
      try (HttpReply reply = upload.reply()) {
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.text())
            .startsWith("the event source is closing; publish the rest when it is back\n1\n");
      }
    }
  }

  @Test
  @DisplayName("is not taken from pages of other origins")
  void otherOrigins() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);
    HttpCall call =
        HttpCall.of("PUT", "/app/events").withBody("text/event-stream", "data: one\n\n");

    try (EventStreamRecorder bystander = served.open(ServedEventSource.get())) {
      try (HttpReply reply = served.send(call.with("Origin", "https://evil.example"))) {
        assertThat(reply.status()).isEqualTo(403);
      }
      served.publish("later");
      bystander.assertEvent(null, "message", "later");
    }
  }
}
