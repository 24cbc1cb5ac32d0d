package org.asynceventsource.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The recorder")
class EventStreamRecorderTest {

  @Test
  @DisplayName("plays events, comments, ids and reconnect times back in order")
  void playsBack() {
    try (EventStreamRecorder recorder =
        recorder("retry: 1500\n\n: hi\n\nid: 1\ndata: a\n\nevent: n\ndata: b\n\nid: 2\n\n")) {
      recorder.assertOpened();
      recorder.assertEvent("1", "message", "a");
      recorder.assertEvent(null, "n", "b");
      recorder.assertEnded();
      assertThat(recorder.nextComment()).isEqualTo(" hi");
      assertThat(recorder.lastEventId()).isEqualTo("2");
      assertThat(recorder.retry()).isEqualTo(1500);
    }
  }

  @Test
  @DisplayName("tells what it expected and what came")
  void tellsTheDifference() {
    try (EventStreamRecorder recorder = recorder("id: 1\ndata: a\n\n")) {
      assertThatThrownBy(() -> recorder.assertEvent("2", "message", "a"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Message[id=2, name=message, data=a]")
          .hasMessageContaining("Message[id=1, name=message, data=a]");
    }
  }

  @Test
  @DisplayName("minds events that nobody asserted")
  void mindsUnassertedEvents() {
    try (EventStreamRecorder recorder = recorder("data: a\n\ndata: b\n\n")) {
      recorder.assertEvent("", "message", "a");
      assertThatThrownBy(recorder::assertEnded)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("data=b");
    }
  }

  @Test
  @DisplayName("minds a stream that ends within an event")
  void mindsAnEventCutOff() {
    try (EventStreamRecorder recorder = recorder("data: a\n\ndata: b\n")) {
      recorder.assertEvent("", "message", "a");
      assertThatThrownBy(recorder::assertEnded)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("broke off");
    }
  }

  private static EventStreamRecorder recorder(String wire) {
    return EventStreamRecorder.of(new ByteArrayInputStream(wire.getBytes(StandardCharsets.UTF_8)));
  }
}
