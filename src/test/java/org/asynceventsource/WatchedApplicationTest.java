package org.asynceventsource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.asynceventsource.boot.BootListener;
import org.asynceventsource.metrics.EventBusMXBean;
import org.asynceventsource.metrics.EventSourceMXBean;
import org.asynceventsource.spi.StreamGauges;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.spi.StreamListenerFactory;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators and listeners see of real traffic. */
@DisplayName("An application that is watched")
class WatchedApplicationTest {

  private static final String NAME = "org.asynceventsource:type=EventSource,context=/seen,path=";
  private static final int EVENTS = 50;

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final WebApplication application = WebApplication.at("/seen");
  private AsyncEventSource events;
  private EventBus bus;

  @AfterEach
  void stop() throws Exception {
    application.stop();
  }

  private void start() throws Exception {
    application
        .listener(new BootListener())
        .atStart(
            context -> {
              events = EventSources.of(context).at("/events");
              bus = EventSources.of(context).bus();
            })
        .parameter("eventsource.history.events", "20")
        .start();
  }

  private EventStreamRecorder open(String lastId) throws Exception {
    HttpCall call = HttpCall.of("GET", "/seen/events");
    EventStreamRecorder stream =
        application.send(lastId.isEmpty() ? call : call.with("Last-Event-ID", lastId)).stream();
    stream.assertOpened();
    return stream;
  }

  private EventSourceMXBean bean() throws Exception {
    return JMX.newMXBeanProxy(server, new ObjectName(NAME + "/events"), EventSourceMXBean.class);
  }

  private String send(String data) {
    return events.send(data).toCompletableFuture().join().id();
  }

  private Set<ObjectName> names() throws Exception {
    return server.queryNames(new ObjectName("org.asynceventsource:context=/seen,*"), null);
  }

  @Test
  @DisplayName("shows by JMX what has happened")
  void jmx() throws Exception {
    start();
    EventSourceMXBean bean = bean();
    String data = "x".repeat(100);
    String seen;
    try (EventStreamRecorder first = open("");
        EventStreamRecorder second = open("")) {
      assertThat(bean.getClients()).isEqualTo(2);
      seen = send(data);
      for (int i = 1; i < EVENTS; i++) {
        send(data);
        first.assertEvent(null, "message", data);
        second.assertEvent(null, "message", data);
      }
      first.next();
      second.next();
    }
    await().until(() -> bean.getEventsWritten() == 2 * EVENTS);
    for (int i = 0; bean.getClients() > 0; i++) { // only writing finds out that they are gone
      send("end " + i);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    String last = send("last");
    try (EventStreamRecorder unknown = open("nobody knows");
        EventStreamRecorder trimmed = open(seen);
        EventStreamRecorder resumed = open(last)) {
      assertThat(unknown.next().name()).isEqualTo("eventsource.gap");
      assertThat(trimmed.next().name()).isEqualTo("eventsource.gap");
      for (int i = 0; i < 20; i++) {
        trimmed.next();
      }
      resumed.assertExhausted();
      await().until(() -> bean.getReplays() == 1);

      long appended = bean.getEventsAppended();
      assertThat(bean.getClients()).isEqualTo(3);
      assertThat(bean.getClientsOpened()).isEqualTo(5);
      assertThat(bean.getClientsClosed())
          .containsEntry("gone", 2L)
          .containsEntry("shutdown", 0L)
          .containsOnlyKeys("gone", "closed", "slow", "lifetime", "revoked", "shutdown");
      assertThat(appended).isGreaterThan(EVENTS + 1);
      assertThat(bean.getBytesAppended()).isBetween(EVENTS * 110L, appended * 150);
      assertThat(bean.getWrites()).isPositive();
      assertThat(bean.getEventsPerWrite())
          .isEqualTo((double) bean.getEventsWritten() / bean.getWrites());
      assertThat(bean.getBytesWritten())
          .isBetween(2 * EVENTS * 110L, 2 * appended * 150 + 20 * 150);
      assertThat(bean.getGaps()).isEqualTo(Map.of("unknown", 1L, "trimmed", 1L));
      assertThat(bean.getEventsLost()).isEqualTo(appended - 1 - 20);
      assertThat(bean.getEventsReplayed()).isEqualTo(20);
      assertThat(bean.getSlow()).containsOnlyKeys("stalled", "lapped", "lagging", "memory");
      assertThat(bean.getHistoryTail()).isEqualTo(appended);
      assertThat(bean.getHistoryHead()).isEqualTo(appended - 20);
      assertThat(bean.getHistoryBytes()).isBetween(20 * 100L, 20 * 500L);
      assertThat(bean.getPendingBytes()).isZero();
      assertThat(bean.getPendingLimit()).isEqualTo(64L << 20);
      assertThat(bean.getSlowestLag()).isZero();
      assertThat(bean.getStalls()).isZero();
      assertThat(bean.getListenerFailures()).isZero();
      assertThat(bean.getLatencyCount()).isBetween(2L, bean.getWrites());
      assertThat(bean.getLatencyP50()).isBetween(1L, 1_000_000L);
      assertThat(bean.getLatencyP99()).isBetween(bean.getLatencyP50(), bean.getLatencyMax());
      bean.resetLatency();
      assertThat(bean.getLatencyCount()).isZero();
    }
  }

  @Test
  @DisplayName("counts what was fired for an event source that isn't there")
  void unroutable() throws Exception {
    start();
    EventBusMXBean bean =
        JMX.newMXBeanProxy(
            server,
            new ObjectName("org.asynceventsource:type=EventBus,context=/seen"),
            EventBusMXBean.class);
    bus.publish("/elsewhere", "a");

    assertThat(bean.getUnroutable()).isEqualTo(1);
  }

  @Test
  @DisplayName("leaves no bean behind, each time that it is deployed again")
  void redeployed() throws Exception {
    start();
    for (int i = 0; i < 3; i++) {
      assertThat(names()).hasSize(2);
      send("counted by the first bean only");
      application.undeploy();
      assertThat(names()).isEmpty();
      application.deploy();
      assertThat(bean().getEventsAppended()).isZero();
    }
  }

  @Test
  @DisplayName("has what happens to its clients recorded by the flight recorder")
  void flightRecorder() throws Exception {
    BlockingQueue<RecordedEvent> recorded = new LinkedBlockingQueue<>();
    start();
    try (RecordingStream stream = new RecordingStream()) {
      for (String name : List.of("Connected", "Gap", "Replayed", "Closed")) {
        stream.enable("org.asynceventsource." + name);
        stream.onEvent("org.asynceventsource." + name, recorded::add);
      }
      stream.startAsync();
      String seen = send("a");
      send("b");
      try (EventStreamRecorder unknown = open("nobody knows")) {
        unknown.next();
      }
      try (EventStreamRecorder resumed = open(seen)) {
        resumed.assertEvent(null, "message", "b");
        await().until(() -> bean().getReplays() == 1);
      }
      application.undeploy();
      Map<String, RecordedEvent> byName = new HashMap<>();
      await()
          .until(
              () -> {
                recorded.forEach(event -> byName.put(event.getEventType().getName(), event));
                return byName.size() == 4;
              });
      assertThat(byName.values())
          .allMatch(event -> event.getString("eventSource").equals("/seen/events"))
          .allMatch(event -> event.getString("address").equals("127.0.0.1"));
      assertThat(byName.get("org.asynceventsource.Gap").getString("reason")).isEqualTo("unknown");
      assertThat(byName.get("org.asynceventsource.Gap").getLong("lost")).isEqualTo(-1);
      assertThat(byName.get("org.asynceventsource.Replayed").getLong("events")).isEqualTo(1);
      assertThat(byName.get("org.asynceventsource.Connected").getBoolean("resumed")).isTrue();
      assertThat(byName.get("org.asynceventsource.Closed").getString("reason")).isNotEmpty();
    }
  }

  /** As an application would write it, for the library of its metrics. */
  public static final class Watching implements StreamListenerFactory {

    static final List<String> SEEN = new CopyOnWriteArrayList<>();

    @Override
    public StreamListener create(AsyncEventSource source, StreamGauges gauges) {
      return new StreamListener() {
        @Override
        public void appended(int bytes) {
          SEEN.add("%s: event %d of %d bytes".formatted(source.path(), gauges.tail(), bytes));
          throw new IllegalStateException("the application's own mistake");
        }

        @Override
        public void opened(AsyncEventSourceClient client) {
          SEEN.add(client.eventSource().path() + " opened");
        }
      };
    }
  }

  @Test
  @DisplayName("tells listeners of its own, whose mistakes hurt nobody")
  void ownListener(@TempDir Path classes) throws Exception {
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(StreamListenerFactory.class.getName()), Watching.class.getName());
    try (URLClassLoader loader =
            new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader());
        LogRecords expected = LogRecords.of("org.asynceventsource.metrics")) {
      application.configure(handler -> handler.setClassLoader(loader));
      start();
      try (EventStreamRecorder stream = open("")) {
        send("a");
        send("b");
        stream.assertEvent(null, "message", "a");
        stream.assertEvent(null, "message", "b");
      }
      assertThat(Watching.SEEN)
          .hasSize(3)
          .contains("/events opened")
          .anyMatch(line -> line.matches("/events: event 2 of \\d+ bytes"));
      assertThat(bean().getListenerFailures()).isEqualTo(2);
      assertThat(expected.messages())
          .singleElement()
          .asString()
          .isEqualTo(
              "listener %s$1 failed; the event source goes on, mend or remove it"
                  .formatted(Watching.class.getName()));
    }
  }
}
