package org.asynceventsource;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.enterprise.util.Nonbinding;
import jakarta.inject.Qualifier;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Names an event source by its path, for firing CDI events to it and for injecting it.
 *
 * <pre>{@code
 * @Inject @EventSource("/orders") Event<Order> placed;      // placed.fire(order) reaches every client
 * @Inject @EventSource("/orders") AsyncEventSource orders;
 * void opened(@Observes @Opened @EventSource("/orders") AsyncEventSourceClient client) { … }
 * }</pre>
 */
@Qualifier
@Documented
@Retention(RUNTIME)
@Target({TYPE, METHOD, FIELD, PARAMETER})
public @interface EventSource {

  /**
   * The event source's path.
   *
   * @return a path such as {@code /orders}; empty for the default event source
   */
  String value() default "";

  /**
   * The event name under which fired payloads reach browsers.
   *
   * @return the name; empty for none, which browsers dispatch as {@code message}
   */
  @Nonbinding
  String event() default "";

  /**
   * The channel that fired payloads belong to; see {@link ServerSentEvent#withChannel}.
   *
   * @return the channel; empty for none, so that every client gets them
   */
  @Nonbinding
  String channel() default "";

  /**
   * An {@link EventSource} qualifier made at run time.
   *
   * <pre>{@code
   * @Inject @Any Event<Order> orders;
   * orders.select(EventSource.Literal.of("/orders", "order").inChannel("orders/" + order.id())).fire(order);
   * }</pre>
   */
  final class Literal extends AnnotationLiteral<EventSource> implements EventSource {

    private static final long serialVersionUID = 1L;
    private final String value;
    private final String event;
    private final String channel;

    private Literal(String value, String event, String channel) {
      this.value = value;
      this.event = event;
      this.channel = channel;
    }

    /**
     * The qualifier of an event source.
     *
     * @param path the event source's path
     * @return the qualifier, without an event name
     */
    public static Literal of(String path) {
      return new Literal(path, "", "");
    }

    /**
     * The qualifier of an event source, with an event name.
     *
     * @param path the event source's path
     * @param event the event name
     * @return the qualifier
     */
    public static Literal of(String path, String event) {
      return new Literal(path, event, "");
    }

    /**
     * This qualifier with a channel.
     *
     * @param channel the channel; empty for none
     * @return the changed qualifier
     */
    public Literal inChannel(String channel) {
      return new Literal(value, event, channel);
    }

    @Override
    public String value() {
      return value;
    }

    @Override
    public String event() {
      return event;
    }

    @Override
    public String channel() {
      return channel;
    }
  }
}
