package org.asynceventsource.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.it.support.Publisher;
import org.asynceventsource.it.support.WarProcess;
import org.asynceventsource.test.EventStreamParser;
import org.asynceventsource.test.EventStreamParser.Message;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A stream that held a thread of the container would leave none for the ninth client. */
@DisplayName("With 8 threads in the container")
class ManyStreamsIT {

  private static final int STREAMS = 1_000;
  private static final int EVENTS = 10;

  private final List<HttpReply> streams = new ArrayList<>();
  private WarProcess server;

  @BeforeEach
  void start() {
    server = WarProcess.start("--threads", "8", "--user", "alice:secret");
  }

  @AfterEach
  void end() throws IOException {
    for (HttpReply stream : streams) {
      stream.close();
    }
    server.close();
  }

  @Test
  @DisplayName("1,000 streams stay open, each gets every event, and publishing goes on")
  void manyStreams() throws IOException {
    for (int i = 0; i < STREAMS; i++) {
      HttpReply stream = HttpCall.of("GET", "/events").send(server.port());
      streams.add(stream);
      assertThat(stream.status()).isEqualTo(200);
    }
    List<Message> published = new ArrayList<>();
    try (Publisher alice = Publisher.of(server.uri().resolve("events"), "alice", "secret")) {
      for (int i = 0; i < EVENTS; i++) {
        published.add(new Message(alice.publish("event " + i), "message", "event " + i));
      }
    }
    for (HttpReply stream : streams) {
      assertThat(messages(stream)).isEqualTo(published);
    }
    try (HttpReply page = HttpCall.of("GET", "/").send(server.port())) {
      assertThat(page.status()).isEqualTo(200);
    }
  }

  /** Reads as many events as were published. */
  private static List<Message> messages(HttpReply stream) throws IOException {
    List<Message> messages = new ArrayList<>();
    EventStreamParser parser = new EventStreamParser(messages::add);
    byte[] buffer = new byte[8192];
    while (messages.size() < EVENTS) {
      int n = stream.body().read(buffer);
      assertThat(n).as("the stream goes on").isPositive();
      parser.feed(buffer, 0, n);
    }
    return messages;
  }
}
