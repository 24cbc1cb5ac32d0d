package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.asynceventsource.SlowClients;
import org.asynceventsource.log.MemoryLog;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.test.FakeClock;
import org.asynceventsource.test.Stub;

/**
 * An event source whose threads and time are played by the test: nothing happens but in {@link
 * #settle()} and {@link #pass}.
 */
final class ManualStream {

  static final Duration TICK = Duration.ofMillis(250);

  final FakeClock clock = new FakeClock();
  final ManualExecutor container = new ManualExecutor();
  final ManualExecutor callbacks = new ManualExecutor();
  final FanOutPool pool;
  final Places places;
  final MemoryLog log;
  final StreamEventSource source;
  private final List<FakeExchange> exchanges = new ArrayList<>();

  private ManualStream(Options options) {
    pool = FanOutPool.manual(1, clock, TICK, options.linger);
    places = new Places(options.places);
    log = log(options.events);
    source =
        new StreamEventSource(
            "/events",
            options.wrapper.apply(log),
            options.build(),
            places,
            pool,
            callbacks,
            context(),
            options.listener);
  }

  static ManualStream create() {
    return new ManualStream(new Options());
  }

  static ManualStream create(UnaryOperator<Options> change) {
    return new ManualStream(change.apply(new Options()));
  }

  static ServletContext context() {
    return Stub.of(ServletContext.class)
        .on("getClassLoader", arguments -> ManualStream.class.getClassLoader())
        .on("getServerInfo", arguments -> "a test")
        .build();
  }

  /** What differs from the shipped values. */
  static final class Options {

    int maxDirect = StreamOptions.DEFAULTS.maxDirect();
    long maxPending = StreamOptions.DEFAULTS.maxPending();
    SlowClients slow = SlowClients.DEFAULT;
    Duration linger = Duration.ZERO;
    StreamListener listener = StreamListener.NONE;
    Duration heartbeat = Duration.ZERO;
    Duration lifetime = Duration.ZERO;
    String gapEvent = StreamOptions.DEFAULTS.gapEvent();
    boolean hello;
    Duration recheck = Duration.ZERO;
    Set<String> roles = Set.of();
    int events = 1_000;
    int places = 1_000;
    UnaryOperator<EventLog> wrapper = UnaryOperator.identity();

    Options maxDirect(int value) {
      maxDirect = value;
      return this;
    }

    Options stalled(Duration value) {
      return slow(slow.withStalled(value));
    }

    Options slow(SlowClients value) {
      slow = value;
      return this;
    }

    Options maxPending(long value) {
      maxPending = value;
      return this;
    }

    Options linger(Duration value) {
      linger = value;
      return this;
    }

    Options listener(StreamListener value) {
      listener = value;
      return this;
    }

    Options heartbeat(Duration value) {
      heartbeat = value;
      return this;
    }

    Options lifetime(Duration value) {
      lifetime = value;
      return this;
    }

    Options gapEvent(String value) {
      gapEvent = value;
      return this;
    }

    Options hello() {
      hello = true;
      return this;
    }

    Options recheck(Duration value) {
      recheck = value;
      return this;
    }

    Options roles(String... values) {
      roles = Set.of(values);
      return this;
    }

    Options events(int value) {
      events = value;
      return this;
    }

    Options log(UnaryOperator<EventLog> value) {
      wrapper = value;
      return this;
    }

    Options places(int value) {
      places = value;
      return this;
    }

    StreamOptions build() {
      return new StreamOptions(
          maxDirect,
          maxPending,
          slow,
          heartbeat,
          lifetime,
          StreamOptions.DEFAULTS.retryMin(),
          StreamOptions.DEFAULTS.retryMax(),
          gapEvent,
          hello,
          recheck,
          roles);
    }
  }

  /** Opens a stream; nothing of it has been served yet but the opening. */
  FakeExchange begin(String lastId) {
    return begin(visitor(lastId), new FakeExchange(container));
  }

  FakeExchange begin(Visitor visitor, FakeExchange exchange) {
    exchanges.add(exchange);
    try {
      source.open(exchange.request(), exchange.response(), visitor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return exchange;
  }

  static Visitor visitor(String lastId) {
    return new Visitor(lastId, Interest.EVERYTHING, null, null, "192.0.2.1", Set.of(), Map.of());
  }

  /** A fresh client whose opening has been read. */
  FakeExchange open() {
    return open(null);
  }

  FakeExchange open(String lastId) {
    return open(lastId, new FakeExchange(container));
  }

  FakeExchange open(String lastId, FakeExchange chosen) {
    FakeExchange exchange = begin(visitor(lastId), chosen);
    exchange.news();
    settle();
    return exchange;
  }

  /** Lets all threads do what they can without time passing. */
  void settle() {
    boolean busy = true;
    while (busy) {
      busy = container.runAll();
      busy |= callbacks.runAll();
      busy |= turn();
    }
  }

  MemoryLog log(int events) {
    return MemoryLog.create(new MemoryLog.Bounds(events, 1 << 24, Duration.ofHours(1)), clock);
  }

  /** One turn of the fan-out thread. */
  boolean turn() {
    return pool.fanOuts().get(0).turn();
  }

  /** Lets time pass in ticks. */
  void pass(Duration duration) {
    Duration left = duration;
    while (left.compareTo(TICK) > 0) {
      clock.advance(TICK);
      settle();
      left = left.minus(TICK);
    }
    clock.advance(left);
    settle();
  }

  void send(String... data) {
    for (String text : data) {
      source.send(text);
    }
  }

  /** The id of an event by its number, as it is on the wire. */
  String id(long sequence) {
    return log.idAt(sequence);
  }

  /** Text with {@code E} for the history's epoch, which is random. */
  String plain(String wire) {
    return wire.replace(epoch(), "E");
  }

  String epoch() {
    return log.idAt(0).substring(0, log.idAt(0).indexOf('-'));
  }

  /** What the client has received since it was asked last, with {@code E} for the epoch. */
  String news(FakeExchange exchange) {
    return plain(exchange.news());
  }

  /** Asserts that no response was used against the rules. */
  void assertRulesKept() {
    for (FakeExchange exchange : exchanges) {
      assertThat(exchange.violations()).isEmpty();
    }
  }
}
