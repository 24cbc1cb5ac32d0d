package org.asynceventsource.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.RecordingLogger;
import org.asynceventsource.spi.StreamGauges;
import org.asynceventsource.spi.StreamListener.Slowness;
import org.asynceventsource.spi.WarnOnce;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The bean of an event source")
class EventSourceBeanTest {

  private final AsyncEventSourceClient client = Stub.of(AsyncEventSourceClient.class).build();
  private final StreamMeter meter = new StreamMeter();
  private final StreamGauges gauges =
      Stub.of(StreamGauges.class)
          .on("clients", arguments -> 1)
          .on("slowestLag", arguments -> 2L)
          .on("head", arguments -> 3L)
          .on("tail", arguments -> 4L)
          .on("historyBytes", arguments -> 5L)
          .on("pendingBytes", arguments -> 6L)
          .on("pendingLimit", arguments -> 7L)
          .build();
  private final EventSourceMXBean bean =
      new EventSourceBean(meter, gauges, new StreamListeners(new WarnOnce(new RecordingLogger())));

  @Test
  @DisplayName("begins with zeros")
  void zeros() {
    assertThat(bean.getEventsPerWrite()).isZero();
    assertThat(bean.getLatencyMax()).isZero();
    assertThat(bean.getGaps()).isEmpty();
    assertThat(bean.getSlow())
        .isEqualTo(Map.of("stalled", 0L, "lapped", 0L, "lagging", 0L, "memory", 0L));
    assertThat(bean.getClientsClosed().values()).hasSize(6).containsOnly(0L);
  }

  @Test
  @DisplayName("counts each thing that happens, where it belongs")
  void counts() {
    meter.appended(10);
    meter.appended(20);
    meter.opened(client);
    meter.closed(client, DisconnectReason.SLOW);
    meter.stalled(client);
    meter.slow(client, Slowness.MEMORY);
    meter.slow(client, Slowness.MEMORY);
    meter.gap(client, "trimmed", OptionalLong.of(5));
    meter.gap(client, "trimmed", OptionalLong.of(6));
    meter.gap(client, "unknown", OptionalLong.empty());
    meter.replayed(client, 7, 1);
    meter.replayed(client, 8, 1);

    assertThat(bean.getEventsAppended()).isEqualTo(2);
    assertThat(bean.getBytesAppended()).isEqualTo(30);
    assertThat(bean.getClientsOpened()).isEqualTo(1);
    assertThat(bean.getClientsClosed()).containsEntry("slow", 1L).containsEntry("gone", 0L);
    assertThat(bean.getStalls()).isEqualTo(1);
    assertThat(bean.getSlow()).containsEntry("memory", 2L).containsEntry("stalled", 0L);
    assertThat(bean.getGaps()).isEqualTo(Map.of("trimmed", 2L, "unknown", 1L));
    assertThat(bean.getEventsLost()).isEqualTo(11);
    assertThat(bean.getReplays()).isEqualTo(2);
    assertThat(bean.getEventsReplayed()).isEqualTo(15);
  }

  @Test
  @DisplayName("tells how writes merge, and the latency of those that have one")
  void writes() {
    meter.written(3, 300, Duration.ofMillis(1).toNanos());
    meter.written(5, 500, Duration.ofMillis(2).toNanos());
    meter.written(4, 400, -1); // a replay
    meter.written(0, 10, -1); // a heartbeat

    assertThat(bean.getWrites()).isEqualTo(4);
    assertThat(bean.getEventsWritten()).isEqualTo(12);
    assertThat(bean.getBytesWritten()).isEqualTo(1_210);
    assertThat(bean.getEventsPerWrite()).isEqualTo(3);
    assertThat(bean.getLatencyCount()).isEqualTo(2);
    assertThat(bean.getLatencyP50()).isBetween(1_000L, 1_040L);
    assertThat(bean.getLatencyP99()).isBetween(2_000L, 2_080L);
    assertThat(bean.getLatencyMax()).isEqualTo(bean.getLatencyP99());
    bean.resetLatency();
    assertThat(bean.getLatencyCount()).isZero();
    assertThat(bean.getWrites()).isEqualTo(4);
  }

  @Test
  @DisplayName("reads gauges where they are")
  void gauges() {
    assertThat(bean.getClients()).isEqualTo(1);
    assertThat(bean.getSlowestLag()).isEqualTo(2);
    assertThat(bean.getHistoryHead()).isEqualTo(3);
    assertThat(bean.getHistoryTail()).isEqualTo(4);
    assertThat(bean.getHistoryBytes()).isEqualTo(5);
    assertThat(bean.getPendingBytes()).isEqualTo(6);
    assertThat(bean.getPendingLimit()).isEqualTo(7);
  }
}
