package org.asynceventsource.metrics;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.spi.WarnOnce;

/**
 * The listeners of one event source as one that never throws: what a listener throws is counted,
 * logged once for each class of listener and failure, and the others go on.
 */
public final class StreamListeners implements StreamListener {

  /** Replaced, never changed: read for every write to a client. Guarded by this for writing. */
  private volatile StreamListener[] listeners = {};

  private final LongAdder failures = new LongAdder();
  private final WarnOnce warnings;

  StreamListeners(WarnOnce warnings) {
    this.warnings = warnings;
  }

  synchronized void add(StreamListener listener) {
    if (listener != NONE) {
      StreamListener[] more = Arrays.copyOf(listeners, listeners.length + 1);
      more[listeners.length] = listener;
      listeners = more;
    }
  }

  /** How often a listener has thrown. */
  long failures() {
    return failures.sum();
  }

  /** For what is rare enough to make an object of it. */
  private void tell(Consumer<StreamListener> what) {
    for (StreamListener listener : listeners) {
      try {
        what.accept(listener);
      } catch (Throwable failure) { // whatever it throws, it must hurt no client
        noteFailure(listener.getClass(), failure);
      }
    }
  }

  void noteFailure(Class<?> listener, Throwable failure) {
    failures.increment();
    warnings.warn(
        listener.getName() + ' ' + failure.getClass().getName(),
        "listener %s failed; the event source goes on, mend or remove it"
            .formatted(listener.getName()),
        failure);
  }

  @Override
  public void appended(int bytes) {
    for (StreamListener listener : listeners) {
      try {
        listener.appended(bytes);
      } catch (Throwable failure) {
        noteFailure(listener.getClass(), failure);
      }
    }
  }

  @Override
  public void opened(AsyncEventSourceClient client) {
    tell(listener -> listener.opened(client));
  }

  @Override
  public void closed(AsyncEventSourceClient client, DisconnectReason reason) {
    tell(listener -> listener.closed(client, reason));
  }

  @Override
  public void written(int events, int bytes, long ageNanos) {
    for (StreamListener listener : listeners) {
      try {
        listener.written(events, bytes, ageNanos);
      } catch (Throwable failure) {
        noteFailure(listener.getClass(), failure);
      }
    }
  }

  @Override
  public void stalled(AsyncEventSourceClient client) {
    tell(listener -> listener.stalled(client));
  }

  @Override
  public void recovered(AsyncEventSourceClient client, long nanos) {
    tell(listener -> listener.recovered(client, nanos));
  }

  @Override
  public void slow(AsyncEventSourceClient client, Slowness why) {
    tell(listener -> listener.slow(client, why));
  }

  @Override
  public void gap(AsyncEventSourceClient client, String reason, OptionalLong lost) {
    tell(listener -> listener.gap(client, reason, lost));
  }

  @Override
  public void replayed(AsyncEventSourceClient client, long events, long nanos) {
    tell(listener -> listener.replayed(client, events, nanos));
  }
}
