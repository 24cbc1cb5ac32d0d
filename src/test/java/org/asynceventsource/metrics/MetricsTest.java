package org.asynceventsource.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.LoaderWithout;
import org.asynceventsource.RecordingLogger;
import org.asynceventsource.spi.StreamGauges;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.spi.StreamListenerFactory;
import org.asynceventsource.spi.WarnOnce;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What watches an application")
class MetricsTest {

  private static final String OURS = "org.asynceventsource.metrics.";

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final RecordingLogger logger = new RecordingLogger();
  private final WarnOnce warnings = new WarnOnce(logger);
  private final StreamGauges gauges = Stub.of(StreamGauges.class).build();

  private final List<Metrics> started = new ArrayList<>();

  private static AsyncEventSource source(String path) {
    return Stub.of(AsyncEventSource.class).on("path", arguments -> path).build();
  }

  private static AsyncEventSourceClient client() {
    return Stub.of(AsyncEventSourceClient.class)
        .on("remoteAddress", arguments -> "192.0.2.7")
        .on("lastId", arguments -> Optional.empty())
        .build();
  }

  @AfterEach
  void stop() {
    started.forEach(Metrics::close);
  }

  private Metrics watching(String contextPath, StreamListenerFactory... factories) {
    Metrics metrics = new Metrics(contextPath, List.of(factories), warnings);
    started.add(metrics);
    metrics.watch(source("/events"), gauges, metrics.listeners());
    return metrics;
  }

  private Set<String> beans() throws Exception {
    return server.queryNames(new ObjectName("org.asynceventsource:*"), null).stream()
        .map(ObjectName::getCanonicalName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  @DisplayName("has one bean for each event source, until it stops")
  void beansOfSources() throws Exception {
    Set<String> before = beans();
    Metrics metrics = watching("/watched");
    metrics.watch(source("/a/b~c"), gauges, metrics.listeners());

    assertThat(beans())
        .contains(
            "org.asynceventsource:context=/watched,path=/events,type=EventSource",
            "org.asynceventsource:context=/watched,path=/a/b~c,type=EventSource");
    metrics.close();
    metrics.close();
    assertThat(beans()).isEqualTo(before);
  }

  @Test
  @DisplayName("has beans for the root, for contexts with odd names, and for several of one name")
  void names() throws Exception {
    Set<String> before = beans();
    List.of("", "/a,b=\"c\"*", "/twice", "/twice", "/twice").forEach(this::watching);

    assertThat(beans())
        .contains(
            "org.asynceventsource:context=/,path=/events,type=EventSource",
            "org.asynceventsource:context=\"/a,b=\\\"c\\\"\\*\",path=/events,type=EventSource",
            "org.asynceventsource:context=/twice,path=/events,type=EventSource",
            "org.asynceventsource:context=/twice,instance=2,path=/events,type=EventSource",
            "org.asynceventsource:context=/twice,instance=3,path=/events,type=EventSource");
    started.get(3).close();
    assertThat(beans()).noneMatch(name -> name.contains("instance=2"));
    stop();
    assertThat(beans()).isEqualTo(before);
    assertThat(logger.lines()).isEmpty();
  }

  @Test
  @DisplayName("goes on without a listener whose factory fails, and counts that")
  void failingFactory() throws Exception {
    StreamListenerFactory failing =
        (source, readable) -> {
          throw new IllegalStateException("mine");
        };
    watching("/failing", failing);

    ObjectName name =
        new ObjectName("org.asynceventsource:context=/failing,path=/events,type=EventSource");
    assertThat(server.getAttribute(name, "ListenerFailures")).isEqualTo(1L);
    assertThat(logger.lines()).singleElement().asString().contains("failed; the event source");
  }

  @Test
  @DisplayName("works where the JDK has no flight recorder")
  void withoutRecorder() throws Exception {
    ClassLoader loader = new LoaderWithout("jdk.jfr.", OURS);
    AutoCloseable metrics = start(loader, "/without");
    try {
      tell(metrics);
      assertThat(beans()).anyMatch(name -> name.contains("/without"));
    } finally {
      metrics.close();
    }
  }

  /** Each redeployment would cost all classes of the application. */
  @Test
  @DisplayName("leaves no class behind, although its events were recorded")
  void leak() throws Exception {
    try (Recording recording = new Recording()) {
      recording.start();
      assertThat(FlightRecorder.isInitialized()).isTrue();
      WeakReference<ClassLoader> loader = deployAndUndeploy();
      await()
          .untilAsserted(
              () -> {
                System.gc();
                assertThat(loader.get()).isNull();
              });
    }
  }

  private static WeakReference<ClassLoader> deployAndUndeploy() throws Exception {
    ClassLoader loader = new LoaderWithout("nothing", OURS);
    AutoCloseable metrics = start(loader, "/leak");
    tell(metrics);
    metrics.close();
    return new WeakReference<>(loader);
  }

  @Test
  @DisplayName("is recorded again by those who start after the last one has stopped")
  void registeredAgain() throws Exception {
    try (Recording recording = new Recording()) {
      recording.start();
      watching("/one");
      stop();
      assertThat(recorded()).doesNotContain("org.asynceventsource.Connected");
      watching("/two");
      watching("/three");
      started.get(1).close();
      assertThat(recorded()).contains("org.asynceventsource.Connected");
      stop();
      assertThat(recorded()).doesNotContain("org.asynceventsource.Connected");
    }
  }

  private static Set<String> recorded() {
    return FlightRecorder.getFlightRecorder().getEventTypes().stream()
        .map(EventType::getName)
        .collect(Collectors.toSet());
  }

  private static AutoCloseable start(ClassLoader loader, String contextPath) throws Exception {
    Class<?> type = loader.loadClass(Metrics.class.getName());
    return (AutoCloseable)
        type.getMethod("start", String.class, ClassLoader.class).invoke(null, contextPath, loader);
  }

  /** Watches an event source of which one client opens a stream. */
  private static void tell(AutoCloseable metrics) throws Exception {
    Class<?> type = metrics.getClass();
    StreamListener listeners = (StreamListener) type.getMethod("listeners").invoke(metrics);
    type.getMethod("watch", AsyncEventSource.class, StreamGauges.class, listeners.getClass())
        .invoke(metrics, source("/events"), Stub.of(StreamGauges.class).build(), listeners);
    listeners.opened(client());
    listeners.written(1, 2, 3);
  }
}
