package org.asynceventsource.metrics;

import java.util.List;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * The events that the Java Flight Recorder gets, one class each; recorded only where the JDK has
 * it.
 *
 * <p>The recorder knows event classes until they are unregistered, and with them an application
 * that was undeployed. Applications that share the library share these classes; so the last one to
 * stop unregisters them, and the next one that is recorded makes them known again.
 */
final class FlightEvents {

  private static final List<Class<? extends Event>> ALL =
      List.of(
          Connected.class,
          Closed.class,
          Stalled.class,
          Recovered.class,
          Slow.class,
          Gap.class,
          Replayed.class);

  private static int users; // guarded by the class

  private FlightEvents() {}

  static synchronized void use() {
    if (users == 0) {
      ALL.forEach(FlightRecorder::register);
    }
    users++;
  }

  static synchronized void release() {
    users--;
    if (users == 0) {
      ALL.forEach(FlightRecorder::unregister);
    }
  }

  /** What all have: the client. */
  @Category("Async Event Source")
  @StackTrace(false)
  abstract static class ClientEvent extends Event {

    @Label("Event source")
    @Description("Context path and path")
    String eventSource = "";

    @Label("Address")
    @Description("The client's address")
    String address = "";
  }

  /** A client's stream is open. */
  @Name("org.asynceventsource.Connected")
  @Label("Client connected")
  static final class Connected extends ClientEvent {

    @Label("Resumed")
    @Description("Whether the client presented a last event ID")
    boolean resumed;
  }

  /** A client's stream has ended. */
  @Name("org.asynceventsource.Closed")
  @Label("Client closed")
  static final class Closed extends ClientEvent {

    @Label("Reason")
    String reason = "";
  }

  /** A client takes no bytes. */
  @Name("org.asynceventsource.Stalled")
  @Label("Client stalled")
  static final class Stalled extends ClientEvent {}

  /** A client takes bytes again. */
  @Name("org.asynceventsource.Recovered")
  @Label("Client recovered")
  static final class Recovered extends ClientEvent {

    @Label("Stalled for")
    @Timespan(Timespan.NANOSECONDS)
    long stalled;
  }

  /** A client was too slow. */
  @Name("org.asynceventsource.Slow")
  @Label("Client too slow")
  static final class Slow extends ClientEvent {

    @Label("Cause")
    String cause = "";
  }

  /** A client was told of a gap. */
  @Name("org.asynceventsource.Gap")
  @Label("Client told of a gap")
  static final class Gap extends ClientEvent {

    @Label("Reason")
    String reason = "";

    @Label("Events lost")
    @Description("-1 if that is not known")
    long lost;
  }

  /** A client that resumed has caught up. */
  @Name("org.asynceventsource.Replayed")
  @Label("Client caught up")
  static final class Replayed extends ClientEvent {

    @Label("Events")
    long events;

    @Label("Time taken")
    @Timespan(Timespan.NANOSECONDS)
    long taken;
  }
}
