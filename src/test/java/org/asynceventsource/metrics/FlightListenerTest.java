package org.asynceventsource.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.spi.StreamGauges;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.spi.StreamListener.Slowness;
import org.asynceventsource.spi.WarnOnce;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The flight recorder")
class FlightListenerTest {

  private static final String DOMAIN = "org.asynceventsource.";

  @TempDir private Path directory;

  private final StreamListeners early =
      new StreamListeners(new WarnOnce(System.getLogger("of nobody")));
  private final StreamListeners late =
      new StreamListeners(new WarnOnce(System.getLogger("of nobody")));

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
      use.join(early, "/shop/prices");
      recording.start();
      tell(early);
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
  @DisplayName("gets that of event sources that are made while it records, too")
  void late() throws Exception {
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      try (FlightRecording use = FlightRecording.create().orElseThrow()) {
        use.join(early, "/shop/prices");
        use.join(late, "/shop/prices");
        late.stalled(client);
      }
      recording.stop();
      recording.dump(file);
    }

    assertThat(recorded(file)).containsExactly("Stalled {}");
  }

  @Test
  @DisplayName("is told nothing while it doesn't record, nor when the application has stopped")
  void notRecording() {
    AsyncEventSourceClient mute = Stub.of(AsyncEventSourceClient.class).build(); // or it fails
    try (FlightRecording use = FlightRecording.create().orElseThrow()) {
      use.join(early, "/shop/prices");
      early.opened(mute);
      early.stalled(mute);
    }
    try (Recording recording = new Recording()) {
      recording.start();
      early.opened(mute);
    }

    assertThat(early.failures()).isZero();
  }

  @Test
  @DisplayName("makes the JDK keep no class of an application's, as long as it doesn't record")
  void loadsNothing() throws Exception {
    Separately separately = new Separately();
    try (AutoCloseable metrics = separately.start()) {
      StreamListener listener = separately.watch(metrics);
      listener.opened(client);
      listener.closed(client, DisconnectReason.SLOW);
      assertThat(separately.loaded()).contains("FlightRecording").noneMatch(Separately::isEvent);

      try (Recording recording = new Recording()) {
        recording.start();
        listener.opened(client);
        assertThat(separately.loaded()).anyMatch(Separately::isEvent);
      }
    }
  }

  /** Loads the package once more, as another application's loader does. */
  private static final class Separately extends ClassLoader {

    private static final String PACKAGE = FlightRecording.class.getPackageName() + '.';

    private final List<String> loaded = new CopyOnWriteArrayList<>();

    Separately() {
      super(FlightListenerTest.class.getClassLoader());
    }

    List<String> loaded() {
      return loaded;
    }

    static boolean isEvent(String name) {
      return name.startsWith("FlightEvents");
    }

    AutoCloseable start() throws ReflectiveOperationException {
      return (AutoCloseable)
          metrics().getMethod("start", String.class, ClassLoader.class).invoke(null, "/else", this);
    }

    /** What watches an event source, which tells that what happens. */
    StreamListener watch(AutoCloseable metrics) throws ReflectiveOperationException {
      AsyncEventSource source =
          Stub.of(AsyncEventSource.class).on("path", arguments -> "/prices").build();
      StreamGauges gauges = Stub.of(StreamGauges.class).build();
      Object listeners = metrics().getMethod("listeners").invoke(metrics);
      metrics()
          .getMethod("watch", AsyncEventSource.class, StreamGauges.class, listeners.getClass())
          .invoke(metrics, source, gauges, listeners);
      return (StreamListener) listeners;
    }

    private Class<?> metrics() throws ClassNotFoundException {
      return loadClass(Metrics.class.getName());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (!name.startsWith(PACKAGE)) {
          return super.loadClass(name, resolve);
        }
        Class<?> known = findLoadedClass(name);
        return known == null ? define(name) : known;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        loaded.add(name.substring(PACKAGE.length()));
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
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
