package org.asynceventsource.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.spi.StreamListener.Slowness;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The flight recorder")
class FlightListenerTest {

  private static final String DOMAIN = "org.asynceventsource.";

  @TempDir private Path directory;

  private final AsyncEventSourceClient client =
      Stub.of(AsyncEventSourceClient.class)
          .on("remoteAddress", arguments -> "192.0.2.7")
          .on("lastId", arguments -> Optional.of("e-1"))
          .build();

  @Test
  @DisplayName("gets what happens to a client, with the event source, the address and the details")
  void everything() throws Exception {
    Path file = directory.resolve("recording.jfr");
    try (FlightRecording use = FlightRecording.create().orElseThrow();
        Recording recording = new Recording()) {
      recording.start();
      tell(use.listener("/shop/prices"));
      recording.stop();
      recording.dump(file);
    }

    assertThat(recorded(file))
        .containsExactly(
            "Closed {reason=slow}",
            "Connected {resumed=true}",
            "Gap {lost=-1, reason=unknown}",
            "Gap {lost=3, reason=trimmed}",
            "Recovered {stalled=PT2S}",
            "Replayed {events=4, taken=PT1S}",
            "Slow {cause=lagging}",
            "Stalled {}");
  }

  @Test
  @DisplayName("is asked for nothing while it doesn't record")
  void notRecording() {
    try (FlightRecording use = FlightRecording.create().orElseThrow()) {
      AsyncEventSourceClient mute = Stub.of(AsyncEventSourceClient.class).build(); // or it fails
      use.listener("/shop/prices").opened(mute);
      use.listener("/shop/prices").stalled(mute);
    }
  }

  private void tell(StreamListener listener) {
    listener.opened(client);
    listener.closed(client, DisconnectReason.SLOW);
    listener.stalled(client);
    listener.recovered(client, Duration.ofSeconds(2).toNanos());
    listener.slow(client, Slowness.LAGGING);
    listener.gap(client, "trimmed", OptionalLong.of(3));
    listener.gap(client, "unknown", OptionalLong.empty());
    listener.replayed(client, 4, Duration.ofSeconds(1).toNanos());
    listener.appended(1);
    listener.written(1, 2, 3);
  }

  private static List<String> recorded(Path file) throws Exception {
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith(DOMAIN))
        .map(FlightListenerTest::text)
        .sorted()
        .toList();
  }

  private static String text(RecordedEvent event) {
    assertThat(event.getString("eventSource")).isEqualTo("/shop/prices");
    assertThat(event.getString("address")).isEqualTo("192.0.2.7");
    assertThat(event.getStackTrace()).isNull();
    Map<String, Object> details = new TreeMap<>();
    event.getFields().stream()
        .map(ValueDescriptor::getName)
        .filter(
            name ->
                !List.of("startTime", "duration", "eventThread", "stackTrace").contains(name)
                    && !List.of("eventSource", "address").contains(name))
        .forEach(name -> details.put(name, value(event, name)));
    return event.getEventType().getName().substring(DOMAIN.length()) + ' ' + details;
  }

  private static Object value(RecordedEvent event, String name) {
    return List.of("stalled", "taken").contains(name)
        ? event.getDuration(name)
        : event.getValue(name);
  }
}
