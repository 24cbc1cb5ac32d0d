package org.asynceventsource.stream;

import org.asynceventsource.spi.StreamGauges;

/** What can be read off an event source; by any thread. */
final class Gauges implements StreamGauges {

  private final StreamEventSource source;

  Gauges(StreamEventSource source) {
    this.source = source;
  }

  @Override
  public int clients() {
    return source.count();
  }

  @Override
  public long slowestLag() {
    return Math.max(0, source.log().tail() - source.slowestBlocked());
  }

  @Override
  public long head() {
    return source.log().head();
  }

  @Override
  public long tail() {
    return source.log().tail();
  }

  @Override
  public long historyBytes() {
    return source.log().bytes();
  }

  @Override
  public long pendingBytes() {
    return source.pending().bytes();
  }

  @Override
  public long pendingLimit() {
    return source.pending().limit();
  }
}
