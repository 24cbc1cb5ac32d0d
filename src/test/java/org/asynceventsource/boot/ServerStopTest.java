package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.asynceventsource.test.EmbeddedServer;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A server that stops as a whole")
class ServerStopTest {

  @ParameterizedTest
  @EnumSource
  @DisplayName("ends its streams in order, each with a time to come back")
  void farewell(EmbeddedServer kind) throws Exception {
    EmbeddedServer.Running server = kind.start(Map.of("eventsource.retry", "7s..8s"));
    try (HttpReply reply = HttpCall.of("GET", "/events").send(server.port())) {
      EventStreamRecorder stream = reply.stream();
      stream.assertOpened();

      server.stop();

      stream.assertEnded();
      assertThat(stream.retry()).isBetween(7_000L, 8_000L);
    }
  }
}
