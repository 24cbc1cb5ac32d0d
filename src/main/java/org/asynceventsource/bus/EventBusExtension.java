package org.asynceventsource.bus;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.EventContext;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessInjectionPoint;
import jakarta.enterprise.inject.spi.ProcessObserverMethod;
import java.lang.annotation.Annotation;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.Closed;
import org.asynceventsource.EventBus;
import org.asynceventsource.EventSource;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.EventSources;
import org.asynceventsource.Opened;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.WarnOnce;
import org.jspecify.annotations.Nullable;

/**
 * The CDI side of the bus: observes every firing, and makes event sources injectable.
 *
 * <p>The observers belong to no bean, so that firing creates none and works at any moment of the
 * application's life. A qualifier {@link EventSource} names the event source; without one, only
 * {@link ServerSentEvent}s are taken. One of the two observers sees each firing: {@code fire} or
 * {@code fireAsync}. Nothing that goes wrong is thrown into them.
 */
public class EventBusExtension implements Extension {

  private static final WarnOnce WARN =
      new WarnOnce(System.getLogger(EventBusExtension.class.getPackageName()));

  private final Set<String> injectedPaths = ConcurrentHashMap.newKeySet();
  private volatile boolean clientsObserved;
  private volatile @Nullable EventSources sources;
  private volatile Consumer<Object> stopListener = nothing -> {};

  /** Made by the CDI container. */
  public EventBusExtension() {}

  void noteInjection(@Observes ProcessInjectionPoint<?, AsyncEventSource> injection) {
    for (Annotation qualifier : injection.getInjectionPoint().getQualifiers()) {
      if (qualifier instanceof EventSource named) {
        injectedPaths.add(named.value());
      }
    }
  }

  void noteClientObserver(@Observes ProcessObserverMethod<AsyncEventSourceClient, ?> observer) {
    clientsObserved = true;
  }

  void register(@Observes AfterBeanDiscovery discovery) {
    observe(discovery, false);
    observe(discovery, true);
    addBean(
        discovery,
        EventSources.class,
        found -> found,
        Any.Literal.INSTANCE,
        Default.Literal.INSTANCE);
    addBean(
        discovery,
        AsyncEventSource.class,
        found -> named(found, ""),
        Any.Literal.INSTANCE,
        Default.Literal.INSTANCE,
        EventSource.Literal.of(""));
    for (String path : injectedPaths) {
      if (!path.isEmpty()) {
        addBean(
            discovery,
            AsyncEventSource.class,
            found -> named(found, path),
            Any.Literal.INSTANCE,
            EventSource.Literal.of(path));
      }
    }
  }

  private void observe(AfterBeanDiscovery discovery, boolean async) {
    discovery
        .addObserverMethod()
        .beanClass(EventBusExtension.class)
        .observedType(Object.class)
        .addQualifier(Any.Literal.INSTANCE)
        .async(async)
        .notifyWith(this::deliver);
  }

  /** Adds a bean that is looked up on first use, since event sources come after the beans. */
  private <T> void addBean(
      AfterBeanDiscovery discovery,
      Class<T> type,
      Function<EventSources, T> find,
      Annotation... qualifiers) {
    discovery
        .addBean()
        .beanClass(EventBusExtension.class)
        .types(type, Object.class)
        .qualifiers(qualifiers) // all at once: Weld drops @Default when another one is added
        .scope(ApplicationScoped.class)
        .createWith(creation -> find.apply(connected()));
  }

  private static AsyncEventSource named(EventSources sources, String path) {
    return sources
        .find(path)
        .orElseThrow(
            () ->
                new EventSourceException(
                    "there is no event source at '%s' to inject; create it at start-up with EventSources.at"
                        .formatted(path)));
  }

  EventBus bus() {
    return connected().bus();
  }

  private EventSources connected() {
    EventSources found = sources;
    if (found == null) {
      throw new EventSourceException(
          "event sources are used before the application has started; observe EventSources to be"
              + " called as soon as they are there");
    }
    return found;
  }

  /**
   * Connects CDI to the event sources; what is fired from now on is delivered.
   *
   * @param started the application's event sources
   * @param listener is told before beans go, with what CDI says that is going; the container may
   *     tell that the application stops only later, if CDI has started itself
   */
  public void connect(EventSources started, Consumer<Object> listener) {
    sources = started;
    stopListener = listener;
  }

  void beforeBeansGo(@Observes @BeforeDestroyed(ApplicationScoped.class) Object going) {
    stopListener.accept(going);
  }

  /** Disconnects CDI: what is fired from now on is dropped. */
  public void disconnect() {
    sources = null;
    stopListener = nothing -> {};
  }

  /**
   * Tells observers of {@link Opened} and {@link Closed} about an event source's clients, if there
   * are such observers.
   *
   * @param source the event source
   * @param beans fires the CDI events
   */
  public void announceClients(AsyncEventSource source, BeanManager beans) {
    if (!clientsObserved) {
      return;
    }
    EventSource.Literal qualifier = EventSource.Literal.of(source.path());
    source.onConnect(client -> announce(beans, client, Opened.Literal.INSTANCE, qualifier));
    source.onDisconnect(
        (client, reason) -> announce(beans, client, Closed.Literal.INSTANCE, qualifier));
  }

  private static void announce(
      BeanManager beans, AsyncEventSourceClient client, Annotation... qualifiers) {
    beans.getEvent().select(AsyncEventSourceClient.class, qualifiers).fire(client);
  }

  private void deliver(EventContext<Object> context) {
    Object payload = context.getEvent();
    if (payload instanceof AccessChanged change) {
      tell(change);
      return;
    }
    EventSource named = qualifier(context);
    if (payload instanceof AsyncEventSourceClient
        || (named == null && !(payload instanceof ServerSentEvent))) {
      return;
    }
    EventSources found = sources;
    if (found == null) {
      WARN.warn(
          "not started",
          "an event was fired before the event sources were there, or after; it is dropped."
              + " Observe EventSources to fire as early as possible");
    } else if (found.bus() instanceof ApplicationEventBus bus) {
      bus.publish(named == null ? EventSource.Literal.of("") : named, payload);
    }
  }

  /** Before and after the event sources there are no streams that it could concern. */
  private void tell(AccessChanged change) {
    EventSources found = sources;
    if (found != null) {
      found.changed(change);
    }
  }

  private static @Nullable EventSource qualifier(EventContext<Object> context) {
    for (Annotation qualifier : context.getMetadata().getQualifiers()) {
      if (qualifier instanceof EventSource named) {
        return named;
      }
    }
    return null;
  }
}
