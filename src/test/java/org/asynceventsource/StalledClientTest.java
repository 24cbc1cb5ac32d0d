package org.asynceventsource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import org.asynceventsource.test.EmbeddedServer;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The attack: open streams and read nothing, so that the server keeps their descriptors and buffers
 * for good. No container frees them by itself when the response is completed, but Jetty.
 */
@Timeout(120)
@DisplayName("A client that stops reading")
class StalledClientTest {

  /** Undertow's complaint about its own closing of a connection that it has broken. */
  private static final String CLOSING_CLOSED = "UT005088";

  private static final int STALLED = 20;
  private static final int ATTEMPTS = 5;

  /** Descriptors that the JVM may open meanwhile, such as a jar's. */
  private static final int OTHERS = 3;

  private static final int EVENTS = 100;
  private static final String LARGE = "x".repeat(64_000);
  private static final String SMALL = "y".repeat(1_000);
  private static final Duration SOON = Duration.ofSeconds(5);

  private SlowConnections server;
  private AsyncEventSource source;

  private void start(EmbeddedServer container, String stalled) throws Exception {
    server =
        SlowConnections.start(
            container, Map.of("eventsource.limits.stalled", stalled, "eventsource.heartbeat", "0"));
    source = server.source();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("is gone soon after its deadline, with its descriptor, and harms nobody")
  void deadline(EmbeddedServer container) throws Exception {
    try (LogRecords undertow = LogRecords.of("io.undertow");
        LogRecords tomcat = LogRecords.of("org.apache")) {
      start(container, "2s");
      try (EventStreamRecorder bystander = server.connect().stream()) {
        long open = stall();
        await().atMost(SOON).until(() -> source.count() == 1);
        await()
            .untilAsserted(
                () ->
                    assertThat(server.reasons())
                        .hasSize(STALLED)
                        .containsOnly(DisconnectReason.SLOW));
        await().atMost(SOON).until(() -> descriptors() <= open - STALLED + OTHERS);
        source.send(LARGE);
        assertEvents(bystander, EVENTS + 1, LARGE);
      }
      assertThat(undertow.messages()).allMatch(text -> text.startsWith(CLOSING_CLOSED));
      assertThat(tomcat.messages()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("is gone soon after its event source is closed, with its descriptor")
  void closed(EmbeddedServer container) throws Exception {
    start(container, "1m");
    long open = stall();
    source.close();

    await().atMost(SOON).until(() -> descriptors() <= open - STALLED + OTHERS);
    assertThat(source.count()).isZero();
  }

  /** How many descriptors are open when all those clients take nothing more. */
  private long stall() throws IOException {
    for (int i = 0; i < STALLED; i++) {
      server.stall();
    }
    for (int i = 0; i < EVENTS; i++) {
      source.send(LARGE);
    }
    await()
        .atMost(SOON)
        .until(
            () ->
                server.opened().stream().filter(client -> client.pending() > 0).count() == STALLED);
    return descriptors();
  }

  /**
   * Events go out singly, until there are a few less on their way than the client takes; whatever
   * the container holds back at that point has to follow by itself when the client reads on.
   */
  @ParameterizedTest
  @EnumSource
  @DisplayName("and reads on gets all the rest, though nothing more happens")
  void readsOn(EmbeddedServer container) throws Exception {
    start(container, "1m");
    for (int less = 3; less <= 15; less += 4) {
      int sent = 0;
      AsyncEventSourceClient client = null;
      HttpReply reply = null;
      for (int attempt = 0; attempt < ATTEMPTS && !isWritten(client); attempt++) {
        sent = sendSinglyUntilBlocked() - less; // anew, since what the system takes varies a little
        reply = server.stall();
        client = server.opened().take();
        for (int i = 0; i < sent; i++) {
          sendSingly(client);
        }
      }
      assertThat(client.pending()).isZero();
      try (EventStreamRecorder reader = reply.stream()) {
        assertEvents(reader, sent, SMALL);
      }
    }
  }

  private static boolean isWritten(AsyncEventSourceClient client) {
    return client != null && client.pending() == 0;
  }

  private int sendSinglyUntilBlocked() throws Exception {
    server.stall();
    AsyncEventSourceClient client = server.opened().take();
    int sent = 0;
    while (sendSingly(client)) {
      sent++;
    }
    assertThat(sent).isGreaterThan(100);
    return sent;
  }

  /** Answers whether the event was written soon. */
  private boolean sendSingly(AsyncEventSourceClient client) {
    source.send(SMALL);
    long begin = System.nanoTime();
    while (client.pending() > 0 && System.nanoTime() - begin < 500_000_000L) {
      Thread.onSpinWait();
    }
    return client.pending() == 0;
  }

  private static void assertEvents(EventStreamRecorder reader, int events, String data) {
    for (int i = 0; i < events; i++) {
      reader.assertEvent(null, "message", data);
    }
    reader.assertExhausted();
  }

  private static long descriptors() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }
}
