package org.asynceventsource.metrics;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.asynceventsource.spi.StreamListener;

/**
 * One application's use of the Java Flight Recorder, where there is one: a runtime image may leave
 * the module {@code jdk.jfr} out, and a container may hide it.
 */
final class FlightRecording implements AutoCloseable {

  private final AtomicBoolean closed = new AtomicBoolean();

  private FlightRecording() {}

  /** Empty if the recorder is missing. */
  static Optional<FlightRecording> create() {
    try {
      FlightEvents.use();
      return Optional.of(new FlightRecording());
    } catch (LinkageError missing) {
      return Optional.empty();
    }
  }

  StreamListener listener(String eventSource) {
    return new FlightListener(eventSource);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      FlightEvents.release();
    }
  }
}
