package org.asynceventsource;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.util.Collection;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The event sources of one web application.
 *
 * <p>Obtain it by injection, by observing it at start ({@code void start(@Observes EventSources
 * sources)}), or without CDI by {@link #of(ServletContext)}.
 */
public interface EventSources {

  /**
   * The event sources of a web application; made on first use.
   *
   * @param context the application
   * @return the application's event sources, the same object each time
   * @throws ConfigurationException if the application's settings have mistakes
   */
  static EventSources of(ServletContext context) {
    return ServiceLoader.load(Provider.class, EventSources.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                new EventSourceException(
                    "no provider of event sources is registered; the library's jar lacks its"
                        + " META-INF/services, repackage it with them"))
        .eventSources(context);
  }

  /**
   * The event source at a path; created if it is new, which is possible until the application has
   * started.
   *
   * @param path the path below the context, such as {@code /events}
   * @return the event source
   * @throws EventSourceException if it is new and the application has already started, or the path
   *     is malformed
   */
  AsyncEventSource at(String path);

  /**
   * The event source at a path, if there is one.
   *
   * @param path the path below the context, or empty for the default event source
   * @return the event source, or empty
   */
  Optional<AsyncEventSource> find(String path);

  /**
   * All event sources.
   *
   * @return a snapshot in order of creation
   */
  Collection<AsyncEventSource> all();

  /**
   * Adds a servlet filter that every request to any event source passes, those that exist and those
   * to come, in the order of adding and before the event source's own; but for event sources that
   * {@linkplain AsyncEventSource#skipCommonMiddleware leave it out}.
   *
   * @param middleware such as a log of requests; initialised here, destroyed when the application
   *     stops
   * @return this
   * @throws EventSourceException if the filter can't be initialised
   */
  EventSources addMiddleware(Filter middleware);

  /**
   * Issues a ticket that opens one stream without any other login: an event source's URL with
   * {@code ticket=TEXT} in its query, once, within the time that the setting {@code
   * eventsource.tickets} gives. So a page of another origin can listen as the user whom the
   * application knows it has.
   *
   * @param ticket what it is for
   * @return letters, digits, '-' and '_', at most 4,096
   * @throws EventSourceException if there is no such event source, the ticket would be longer, or
   *     none are issued, as is the default
   */
  String issue(Ticket ticket);

  /**
   * Looks again at who may read what is open; the same as firing the change as a CDI event. Quick
   * for thousands of clients, and safe to call from any thread.
   *
   * @param change whose access has changed
   */
  void changed(AccessChanged change);

  /**
   * The entry for application events.
   *
   * @return the bus of this application
   */
  EventBus bus();

  /** Finds the event sources of an application; looked up with {@link ServiceLoader}. */
  interface Provider {

    /**
     * The event sources of a web application.
     *
     * @param context the application
     * @return the same object each time
     */
    EventSources eventSources(ServletContext context);
  }
}
