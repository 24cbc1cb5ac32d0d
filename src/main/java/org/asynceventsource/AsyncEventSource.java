package org.asynceventsource;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One event source: a URL, one ordered history, and many clients.
 *
 * <pre>{@code
 * AsyncEventSource events = EventSources.of(servletContext).at("/events");
 * events.onConnect(client -> client.send("hello!", null, System.currentTimeMillis(), 1000));
 * events.send("my event content", "myevent", System.currentTimeMillis());
 * }</pre>
 *
 * <p>Safe for use by several threads, callbacks included. {@code send} never waits for a client;
 * its stage completes when the history has the event, at once for the history in memory.
 */
public interface AsyncEventSource extends EventSender<CompletionStage<SendResult>>, AutoCloseable {

  /**
   * Where the event source answers.
   *
   * @return the path below the application's context, such as {@code /events}
   */
  String path();

  /**
   * Adds a callback for every client that connects.
   *
   * <p>It runs on a thread of its own pool, once per client, after headers are on the wire and
   * before any event: what it sends to the client precedes all replayed and live events. A callback
   * that throws is logged once and hurts nobody.
   *
   * @param callback called once per client
   * @return this event source
   */
  AsyncEventSource onConnect(Consumer<? super AsyncEventSourceClient> callback);

  /**
   * Adds a callback for every client whose stream ended; after the client's {@code onConnect},
   * once.
   *
   * @param callback gets the client and why its stream ended
   * @return this event source
   */
  AsyncEventSource onDisconnect(
      BiConsumer<? super AsyncEventSourceClient, DisconnectReason> callback);

  /**
   * Says what becomes of clients that take events more slowly than they are sent; without it the
   * settings {@code eventsource.slow.*} hold. Applies to open clients too.
   *
   * @param rule limits and policy
   * @return this event source
   */
  AsyncEventSource slowClients(SlowClients rule);

  /**
   * Adds a condition that a request must fulfil to open a stream; otherwise it is answered 403. It
   * isn't asked again while the stream is open; {@link #authorize} is.
   *
   * @param predicate called by a container thread; must be quick and must not keep the request
   * @return this event source
   */
  AsyncEventSource authorizeConnect(Predicate<? super HttpServletRequest> predicate);

  /**
   * Adds a rule for who may read what. It is asked before a stream opens, so before any of the
   * history is written, and again while the stream is open: at each {@link AccessChanged} that
   * concerns the reader, and after each {@code eventsource.recheck}. All rules have to grant it.
   *
   * <p>A request without channels asks for all of them, and the rule sees it that way.
   *
   * @param rule called by threads of containers and of the callbacks' pool; may block for less than
   *     a second: a stream whose access is said to have changed is closed in doubt then, and any
   *     after two minutes; what it throws forbids
   * @return this event source
   */
  AsyncEventSource authorize(Function<? super Reader, Access> rule);

  /**
   * Adds a condition that decides whether a request is for this event source; otherwise it is
   * answered 404.
   *
   * @param predicate called by a container thread; must be quick and must not keep the request
   * @return this event source
   */
  AsyncEventSource filter(Predicate<? super HttpServletRequest> predicate);

  /**
   * Adds a servlet filter that every request to this event source passes, in the order of adding.
   *
   * @param middleware such as a digest authentication; initialised here, destroyed by {@link
   *     #close()}
   * @return this event source
   * @throws EventSourceException if the filter can't be initialised
   */
  AsyncEventSource addMiddleware(Filter middleware);

  /**
   * Removes a servlet filter that was added here, as often as it was added. Requests that are
   * within it go on; it isn't destroyed.
   *
   * @param middleware the same object
   * @return whether it was here
   */
  boolean removeMiddleware(Filter middleware);

  /**
   * Leaves out the filters that {@link EventSources#addMiddleware} has added and will add for all
   * event sources.
   *
   * @return this event source
   */
  AsyncEventSource skipCommonMiddleware();

  /**
   * How many clients are connected.
   *
   * @return the number of open streams
   */
  int count();

  /**
   * How many events wait per client, on average.
   *
   * @return the mean of {@link AsyncEventSourceClient#pending()}; 0 without clients
   */
  double averagePending();

  /**
   * Closes the event source: takes no further client, writes what is pending, and ends every stream
   * with a reconnect time of its own. Waits until that is done, 2 seconds at most. Idempotent.
   */
  @Override
  void close();
}
