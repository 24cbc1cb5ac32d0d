package org.asynceventsource.metrics;

import java.util.Map;
import org.asynceventsource.spi.StreamGauges;

/** Shows a meter and the gauges of one event source to JMX. */
final class EventSourceBean implements EventSourceMXBean {

  private static final long NANOS_PER_MICRO = 1_000;

  private final StreamMeter meter;
  private final StreamGauges gauges;
  private final StreamListeners listeners;

  EventSourceBean(StreamMeter meter, StreamGauges gauges, StreamListeners listeners) {
    this.meter = meter;
    this.gauges = gauges;
    this.listeners = listeners;
  }

  @Override
  public int getClients() {
    return gauges.clients();
  }

  @Override
  public long getClientsOpened() {
    return meter.opened();
  }

  @Override
  public Map<String, Long> getClientsClosed() {
    return meter.closed();
  }

  @Override
  public long getEventsAppended() {
    return meter.eventsAppended();
  }

  @Override
  public long getBytesAppended() {
    return meter.bytesAppended();
  }

  @Override
  public long getWrites() {
    return meter.writes();
  }

  @Override
  public long getEventsWritten() {
    return meter.eventsWritten();
  }

  @Override
  public long getBytesWritten() {
    return meter.bytesWritten();
  }

  @Override
  public double getEventsPerWrite() {
    long writes = meter.writes();
    return writes == 0 ? 0 : (double) meter.eventsWritten() / writes;
  }

  @Override
  public long getStalls() {
    return meter.stalls();
  }

  @Override
  public Map<String, Long> getSlow() {
    return meter.slow();
  }

  @Override
  public Map<String, Long> getGaps() {
    return meter.gaps();
  }

  @Override
  public long getEventsLost() {
    return meter.lost();
  }

  @Override
  public long getReplays() {
    return meter.replays();
  }

  @Override
  public long getEventsReplayed() {
    return meter.eventsReplayed();
  }

  @Override
  public long getSlowestLag() {
    return gauges.slowestLag();
  }

  @Override
  public long getHistoryHead() {
    return gauges.head();
  }

  @Override
  public long getHistoryTail() {
    return gauges.tail();
  }

  @Override
  public long getHistoryBytes() {
    return gauges.historyBytes();
  }

  @Override
  public long getPendingBytes() {
    return gauges.pendingBytes();
  }

  @Override
  public long getPendingLimit() {
    return gauges.pendingLimit();
  }

  @Override
  public long getLatencyCount() {
    return meter.latency().snapshot().count();
  }

  @Override
  public long getLatencyP50() {
    return latency(0.5);
  }

  @Override
  public long getLatencyP99() {
    return latency(0.99);
  }

  @Override
  public long getLatencyMax() {
    return latency(1);
  }

  private long latency(double share) {
    return meter.latency().snapshot().percentile(share) / NANOS_PER_MICRO;
  }

  @Override
  public long getListenerFailures() {
    return listeners.failures();
  }

  @Override
  public void resetLatency() {
    meter.latency().reset();
  }
}
