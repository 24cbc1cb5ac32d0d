package org.asynceventsource.metrics;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/** Waits until somebody records, or finds that somebody does already. */
final class FirstRecording implements FlightRecorderListener, AutoCloseable {

  private final Runnable begun;

  private FirstRecording(Runnable begun) {
    this.begun = begun;
  }

  /**
   * Waits.
   *
   * @param begun is run when a recording begins, by any thread, and once for each
   */
  static FirstRecording await(Runnable begun) {
    FirstRecording first = new FirstRecording(begun);
    FlightRecorder.addListener(first);
    return first;
  }

  @Override
  public void recorderInitialized(FlightRecorder recorder) {
    recorder.getRecordings().forEach(this::recordingStateChanged);
  }

  @Override
  public void recordingStateChanged(Recording recording) {
    if (recording.getState() == RecordingState.RUNNING) {
      begun.run();
    }
  }

  @Override
  public void close() {
    FlightRecorder.removeListener(this);
  }
}
