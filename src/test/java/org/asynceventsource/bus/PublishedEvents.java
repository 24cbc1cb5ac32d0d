package org.asynceventsource.bus;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.EventBus;
import org.asynceventsource.EventSources;
import org.asynceventsource.Ticket;
import org.asynceventsource.log.MemoryLog;
import org.asynceventsource.spi.PayloadEncoder;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.stream.FanOutPool;
import org.asynceventsource.stream.Places;
import org.asynceventsource.stream.StreamEventSource;
import org.asynceventsource.stream.StreamOptions;
import org.asynceventsource.test.Stub;
import org.asynceventsource.test.WireText;

/** Event sources of which a test reads the history; {@code /orders} is the default one. */
final class PublishedEvents implements EventSources, AutoCloseable {

  private static final String DEFAULT = "/orders";

  private final FanOutPool pool = FanOutPool.start(1, Duration.ofMillis(50), Duration.ZERO);
  private final Map<String, StreamEventSource> sources = new LinkedHashMap<>();
  private final Map<String, MemoryLog> logs = new LinkedHashMap<>();
  final List<AccessChanged> changes = new CopyOnWriteArrayList<>();
  private final ApplicationEventBus bus;

  PublishedEvents(PayloadEncoder... encoders) {
    bus = new ApplicationEventBus(this::find, List.of(encoders));
    at(DEFAULT);
    at("/prices");
  }

  @Override
  public AsyncEventSource at(String path) {
    return sources.computeIfAbsent(path, this::create);
  }

  private StreamEventSource create(String path) {
    MemoryLog log = MemoryLog.create(new MemoryLog.Bounds(100, 1_000_000, Duration.ofHours(1)));
    logs.put(path, log);
    return new StreamEventSource(
        path,
        log,
        StreamOptions.DEFAULTS,
        new Places(10),
        pool,
        Runnable::run,
        context(),
        StreamListener.NONE);
  }

  private static ServletContext context() {
    return Stub.of(ServletContext.class)
        .on("getServerInfo", arguments -> "a test")
        .on("getClassLoader", arguments -> PublishedEvents.class.getClassLoader())
        .build();
  }

  @Override
  public Optional<AsyncEventSource> find(String path) {
    return Optional.ofNullable(sources.get(path.isEmpty() ? DEFAULT : path));
  }

  @Override
  public Collection<AsyncEventSource> all() {
    return List.copyOf(sources.values());
  }

  @Override
  public EventSources addMiddleware(Filter middleware) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String issue(Ticket ticket) {
    throw new UnsupportedOperationException("tickets have tests of their own");
  }

  @Override
  public void changed(AccessChanged change) {
    changes.add(change);
  }

  @Override
  public EventBus bus() {
    return bus;
  }

  StreamEventSource source(String path) {
    return sources.get(path);
  }

  /** The channels of a history's events. */
  List<String> channelsOf(String path) {
    MemoryLog log = logs.get(path);
    List<String> channels = new ArrayList<>();
    log.read(log.head(), log.tail(), frame -> channels.add(frame.channel()));
    return channels;
  }

  /** The events of a history, without the ids that it gave. */
  List<String> of(String path) {
    MemoryLog log = logs.get(path);
    List<String> events = new ArrayList<>();
    log.read(
        log.head(),
        log.tail(),
        frame ->
            events.add(
                frame.ownId().isPresent()
                    ? WireText.of(frame)
                    : WireText.of(frame).replaceFirst("id: .*\n", "")));
    return events;
  }

  @Override
  public void close() {
    sources.values().forEach(StreamEventSource::close);
    pool.close();
  }
}
