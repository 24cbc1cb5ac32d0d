package org.asynceventsource.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.EventBus;
import org.asynceventsource.spi.StreamGauges;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.spi.StreamListenerFactory;
import org.asynceventsource.spi.WarnOnce;

/**
 * Whatever watches the event sources of one application, from its start to its stop. Any thread.
 */
public final class Metrics implements AutoCloseable {

  private final String contextPath;
  private final WarnOnce warnings;
  private final List<StreamListenerFactory> factories;
  private final ManagedBeans beans;
  private final Optional<FlightRecording> recording;

  Metrics(String contextPath, List<StreamListenerFactory> factories, WarnOnce warnings) {
    this.contextPath = contextPath;
    this.factories = List.copyOf(factories);
    this.warnings = warnings;
    this.beans = new ManagedBeans(contextPath, warnings);
    this.recording = FlightRecording.create();
  }

  /**
   * Begins to watch an application.
   *
   * @param contextPath where the application is; empty for the root
   * @param loader finds the application's listeners
   * @return what watches it
   * @throws java.util.ServiceConfigurationError if a listener is declared that can't be made
   */
  public static Metrics start(String contextPath, ClassLoader loader) {
    List<StreamListenerFactory> factories = new ArrayList<>();
    ServiceLoader.load(StreamListenerFactory.class, loader).forEach(factories::add);
    return new Metrics(
        contextPath, factories, new WarnOnce(System.getLogger(Metrics.class.getPackageName())));
  }

  /**
   * Listeners for an event source that is about to be made; none as yet.
   *
   * @return a listener for the event source to tell
   */
  public StreamListeners listeners() {
    return new StreamListeners(warnings);
  }

  /**
   * Watches an event source.
   *
   * @param source the event source, before anybody can reach it
   * @param gauges what can be read off it
   * @param listeners the listener that it tells
   */
  public void watch(AsyncEventSource source, StreamGauges gauges, StreamListeners listeners) {
    StreamMeter meter = new StreamMeter();
    listeners.add(meter);
    recording.ifPresent(recorder -> recorder.join(listeners, contextPath + source.path()));
    for (StreamListenerFactory factory : factories) {
      listeners.add(create(factory, source, gauges, listeners));
    }
    beans.register(new EventSourceBean(meter, gauges, listeners), "EventSource", source.path());
  }

  private static StreamListener create(
      StreamListenerFactory factory,
      AsyncEventSource source,
      StreamGauges gauges,
      StreamListeners listeners) {
    try {
      return factory.create(source, gauges);
    } catch (RuntimeException | LinkageError failure) {
      listeners.noteFailure(factory.getClass(), failure);
      return StreamListener.NONE;
    }
  }

  /**
   * Watches the event bus.
   *
   * @param bus the application's
   */
  public void watch(EventBus bus) {
    EventBusMXBean bean = bus::unroutable;
    beans.register(bean, "EventBus", "");
  }

  /** Stops watching, and leaves nothing of the application behind. Idempotent. */
  @Override
  public void close() {
    beans.close();
    recording.ifPresent(FlightRecording::close);
  }
}
