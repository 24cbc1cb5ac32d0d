package org.asynceventsource.boot;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.EventBus;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.EventSources;
import org.asynceventsource.Ticket;
import org.asynceventsource.bus.ApplicationEventBus;
import org.asynceventsource.bus.JsonbPayloadEncoder;
import org.asynceventsource.log.MemoryLog;
import org.asynceventsource.metrics.Metrics;
import org.asynceventsource.metrics.StreamListeners;
import org.asynceventsource.security.LogOutListeners;
import org.asynceventsource.servlet.AsyncEventSourceServlet;
import org.asynceventsource.servlet.PublishStreams;
import org.asynceventsource.servlet.RequestOptions;
import org.asynceventsource.servlet.TrustedProxies;
import org.asynceventsource.spi.PayloadEncoder;
import org.asynceventsource.stream.FanOutPool;
import org.asynceventsource.stream.MiddlewareChain;
import org.asynceventsource.stream.Places;
import org.asynceventsource.stream.StreamEventSource;
import org.asynceventsource.stream.StreamOptions;
import org.jspecify.annotations.Nullable;

/**
 * The event sources of one web application and what they share: built from its settings, here only.
 */
final class Application implements EventSources {

  private static final String ATTRIBUTE = EventSources.class.getName();
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");
  private static final long CALLBACK_MILLIS = 2_000;
  private static final Duration LONGEST_TICK = Duration.ofMillis(250);
  private static final Duration SHORTEST_TICK = Duration.ofMillis(10);
  private static final int TICKS_PER_HEARTBEAT = 10;

  private final ServletContext context;
  private final Settings settings;
  private final StreamOptions options;
  private final Places places;
  private final FanOutPool pool;
  private final PublishStreams publishing;
  private final CallbackExecutor executor;
  private final Optional<JsonbPayloadEncoder> json;
  private final ApplicationEventBus bus;
  private final Metrics metrics;
  private final Guard guard;
  private final MiddlewareChain middleware;
  private final Map<String, StreamEventSource> sources = new LinkedHashMap<>(); // guarded by itself
  private final List<Consumer<AsyncEventSource>> creationListeners = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private Application(ServletContext context, Settings settings) {
    this.context = context;
    this.settings = settings.withoutUsers();
    this.options = options(settings);
    new TrustedProxies(settings.trustedProxies()).share(context);
    this.guard = Guard.of(context, settings, this::changed);
    LogOutListeners.of(context).add(user -> look(new AccessChanged(user, true)));
    this.middleware = new MiddlewareChain(context);
    this.places = places(settings.limits());
    this.executor = CallbackExecutor.create();
    this.publishing =
        PublishStreams.create(settings.limits().silent(), settings.recheck(), executor);
    this.json = JsonbPayloadEncoder.create();
    this.bus = new ApplicationEventBus(this::find, encoders(context.getClassLoader()));
    this.metrics = Metrics.start(context.getContextPath(), context.getClassLoader());
    this.pool = // last: threads
        FanOutPool.start(
            context, settings.threads(), tick(settings.heartbeat()), settings.linger());
  }

  /**
   * The event sources of a web application; made on first use, and known until the container
   * forgets the context, so that what stops after them doesn't make new ones.
   *
   * @throws org.asynceventsource.ConfigurationException if its settings have mistakes
   */
  static Application of(ServletContext context) {
    synchronized (Application.class) {
      if (context.getAttribute(ATTRIBUTE) instanceof Application known) {
        return known;
      }
      Application made = new Application(context, Settings.read(context));
      context.setAttribute(ATTRIBUTE, made);
      return made;
    }
  }

  Settings settings() {
    return settings;
  }

  Guard guard() {
    return guard;
  }

  /**
   * Whether something that stops is this web application, or one that has no context of its own.
   */
  boolean isOf(Object stopping) {
    return !(stopping instanceof ServletContext other) || other.getAttribute(ATTRIBUTE) == this;
  }

  private static StreamOptions options(Settings settings) {
    return new StreamOptions(
        settings.limits().direct(),
        settings.limits().pending(),
        settings.slow(),
        settings.heartbeat(),
        settings.lifetime(),
        settings.retry().shortest(),
        settings.retry().longest(),
        settings.gapEvent(),
        settings.hello(),
        settings.recheck(),
        Set.copyOf(settings.roles()));
  }

  private static RequestOptions requestOptions(Settings settings) {
    return new RequestOptions(
        Set.copyOf(settings.roles()),
        settings.hosts(),
        settings.trustedProxies(),
        settings.limits().body());
  }

  private static Places places(Settings.Limits limits) {
    return new Places(limits.clients(), limits.clientsPerAddress(), limits.clientsPerUser());
  }

  /** A tenth of the heartbeat, so that short heartbeats are kept too. */
  private static Duration tick(Duration heartbeat) {
    Duration tick = heartbeat.isZero() ? LONGEST_TICK : heartbeat.dividedBy(TICKS_PER_HEARTBEAT);
    if (tick.compareTo(SHORTEST_TICK) < 0) {
      return SHORTEST_TICK;
    }
    return tick.compareTo(LONGEST_TICK) > 0 ? LONGEST_TICK : tick;
  }

  /** The application's encoders first; JSON-B, which takes every type, last. */
  private List<PayloadEncoder> encoders(ClassLoader loader) {
    List<PayloadEncoder> encoders = new ArrayList<>();
    ServiceLoader.load(PayloadEncoder.class, loader).forEach(encoders::add);
    json.ifPresent(encoders::add);
    return encoders;
  }

  /**
   * Lets the application's beans take part in logins, if they are to.
   *
   * @param cdi has the beans; null if there is no CDI
   * @throws org.asynceventsource.ConfigurationException if there should be beans but are none
   */
  void connect(@Nullable Cdi cdi) {
    guard.connect(cdi);
  }

  /**
   * Creates the default event source unless the application did, and tells what there is.
   *
   * @param cdi what delivers CDI events; empty if nothing does
   */
  void started(String cdi) {
    if (!settings.path().isEmpty()) {
      at(settings.path());
    }
    metrics.watch(bus);
    Doctor.examine(
        context,
        settings,
        cdi,
        all().stream().map(AsyncEventSource::path).toList(),
        guard.remarks());
  }

  /** Names a listener for every event source, those that exist included. */
  void onCreate(Consumer<AsyncEventSource> listener) {
    synchronized (sources) {
      creationListeners.add(listener);
      sources.values().forEach(listener);
    }
  }

  @Override
  public AsyncEventSource at(String path) {
    synchronized (sources) {
      StreamEventSource known = sources.get(path);
      return known == null ? create(path) : known;
    }
  }

  private AsyncEventSource create(String path) {
    if (!PATH.matcher(path).matches()) {
      throw new EventSourceException(
          "path '%s' must begin with '/' and consist of letters, digits, '.', '_', '~', '-'; such as /events"
              .formatted(EventSourceException.printable(path)));
    }
    Settings.History history = settings.history();
    MemoryLog log =
        MemoryLog.create(new MemoryLog.Bounds(history.events(), history.bytes(), history.age()));
    StreamListeners listeners = metrics.listeners();
    StreamEventSource source =
        new StreamEventSource(path, log, options, places, pool, executor, context, listeners);
    source.gate().standBehind(middleware);
    try {
      register(source);
    } catch (EventSourceException refused) {
      source.close();
      throw refused;
    }
    metrics.watch(source, source.gauges(), listeners);
    sources.put(path, source);
    creationListeners.forEach(listener -> listener.accept(source));
    return source;
  }

  @Override
  public EventSources addMiddleware(Filter filter) {
    middleware.add(filter);
    return this;
  }

  static String servletName(String path) {
    return "event source " + path;
  }

  private void register(StreamEventSource source) {
    AsyncEventSourceServlet servlet =
        new AsyncEventSourceServlet(
            source, requestOptions(settings), guard.access(source.path()), publishing);
    String name = servletName(source.path());
    ServletRegistration.Dynamic registration;
    try {
      registration = context.addServlet(name, servlet);
    } catch (IllegalStateException | UnsupportedOperationException e) {
      throw new EventSourceException(
          "event source '%s' can't be created any more, because the application has started; do it at start-up: observe EventSources, or in a ServletContextListener"
              .formatted(source.path()),
          e);
    }
    guard.protect(name, source.path(), source.gate());
    registration.setAsyncSupported(true);
    Set<String> conflicts = registration.addMapping(source.path());
    if (!conflicts.isEmpty()) {
      throw new EventSourceException(
          "path '%s' belongs to another servlet; choose another path, or set 'eventsource.path'"
              .formatted(source.path()));
    }
  }

  @Override
  public Optional<AsyncEventSource> find(String path) {
    synchronized (sources) {
      return Optional.ofNullable(sources.get(path.isEmpty() ? settings.path() : path));
    }
  }

  @Override
  public Collection<AsyncEventSource> all() {
    synchronized (sources) {
      return List.copyOf(sources.values());
    }
  }

  @Override
  public String issue(Ticket ticket) {
    AsyncEventSource source =
        find(ticket.path())
            .orElseThrow(
                () ->
                    new EventSourceException(
                        "a ticket is for the event source '%s', but there is none; the paths are %s"
                            .formatted(
                                EventSourceException.printable(ticket.path()),
                                all().stream().map(AsyncEventSource::path).toList())));
    return guard.tickets().issue(ticket.at(source.path()));
  }

  @Override
  public void changed(AccessChanged change) {
    if (change.over()) {
      LogOutListeners.of(context).loggedOut(change.user()); // comes back to look at the streams
    } else {
      look(change);
    }
  }

  private void look(AccessChanged change) {
    synchronized (sources) {
      sources.values().forEach(source -> source.changed(change));
    }
    publishing.changed(change);
  }

  @Override
  public EventBus bus() {
    return bus;
  }

  /**
   * Ends all streams together, then waits for callbacks, while CDI is still there for them. Does
   * nothing the second time: CDI or the container, whoever stops first, is first to call.
   */
  void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    List<StreamEventSource> closing;
    synchronized (sources) {
      closing = List.copyOf(sources.values());
    }
    publishing.close();
    closing.forEach(StreamEventSource::beginClose);
    closing.forEach(source -> stop(source::close));
    long begin = System.nanoTime();
    for (StreamEventSource source : closing) {
      long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
      source.awaitCallbacks(Math.max(0, CALLBACK_MILLIS - passed));
    }
    stop(middleware::close);
    stop(guard::close);
    stop(pool::close);
    stop(executor::close);
    stop(metrics::close);
    json.ifPresent(encoder -> stop(encoder::close));
    Log.LOGGER.log(Level.DEBUG, "event sources are closed");
  }

  /** Whatever one part throws, the others stop as well: else their threads would stay for ever. */
  private static void stop(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException | LinkageError failure) {
      Log.LOGGER.log(
          Level.WARNING,
          "a part of the event sources didn't stop in order; the others do",
          failure);
    }
  }
}
