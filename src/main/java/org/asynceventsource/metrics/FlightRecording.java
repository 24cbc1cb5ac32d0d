package org.asynceventsource.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One application's use of the Java Flight Recorder, where there is one: a runtime image may leave
 * the module {@code jdk.jfr} out, and a container may hide it.
 *
 * <p>Nothing is told before somebody records. For each class of events that is loaded, JDK 17 makes
 * another one that it keeps until it ends; so an application that is deployed again and again would
 * take more and more memory for what nobody asked for.
 */
final class FlightRecording implements AutoCloseable {

  private final List<Runnable> waiting = new ArrayList<>(); // guarded by this
  private boolean begun; // guarded by this
  private boolean closed; // guarded by this
  private final FirstRecording first;

  private FlightRecording() {
    first = FirstRecording.await(this::begin); // which may be at once
  }

  /** Empty if the recorder is missing. */
  static Optional<FlightRecording> create() {
    try {
      return Optional.of(new FlightRecording());
    } catch (LinkageError missing) {
      return Optional.empty();
    }
  }

  /**
   * Adds the recorder to the listeners of an event source, as soon as somebody records.
   *
   * @param eventSource as events name it
   */
  synchronized void join(StreamListeners listeners, String eventSource) {
    Runnable joining = () -> listeners.add(new FlightListener(eventSource));
    if (begun) {
      joining.run();
    } else {
      waiting.add(joining);
    }
  }

  private synchronized void begin() {
    if (!begun && !closed) {
      begun = true;
      FlightEvents.use();
      waiting.forEach(Runnable::run);
      waiting.clear();
    }
  }

  @Override
  public void close() {
    first.close();
    synchronized (this) {
      if (begun && !closed) {
        FlightEvents.release();
      }
      closed = true;
    }
  }
}
