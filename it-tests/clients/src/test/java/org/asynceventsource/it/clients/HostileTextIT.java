package org.asynceventsource.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.asynceventsource.it.support.HostileStream;
import org.asynceventsource.test.EventStreamParser.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What our own parser says of our encoder, said by a parser that we have not written. */
@DisplayName("npm's eventsource")
class HostileTextIT {

  private static final int EVENTS = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  @DisplayName("reads random text that likes to break streams as it was sent, each as one event")
  void randomText() {
    try (HostileStream stream = HostileStream.serve(EVENTS);
        ReadingProgram node = NodeProgram.eventSource(stream.uri().resolve("events"), "message")) {
      await().atMost(PATIENCE).until(() -> node.messages().size() >= EVENTS);

      // It comes back for more when the stream ends, and gets the same again.
      List<Message> received = node.messages().subList(0, EVENTS);
      if (!received.equals(stream.sent())) {
        assertThat(received).containsExactlyElementsOf(stream.sent());
      }
    }
  }
}
