package org.asynceventsource.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.asynceventsource.Access;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.Reader;
import org.asynceventsource.SendResult;
import org.asynceventsource.SendResult.Delivery;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.SlowClients;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.spi.StreamGauges;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.wire.EncodedEvent;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;

/** An event source over an event log: takes clients in, and wakes them when the log grows. */
public final class StreamEventSource implements AsyncEventSource {

  /** For clients that take what is pending, but slowly; all event sources close together. */
  private static final long CLOSE_MILLIS = 1_500;

  private static final int ABORT_LOOKS = 10;
  private static final long ABORT_PAUSE_MILLIS = 20;

  private final String path;
  private final EventLog log;
  private final StreamOptions options;
  private final PendingMemory pending;
  private final List<Lane> lanes;
  private final Interests interests;
  private final Openings openings;
  private final StreamListener listener;
  private final Callbacks callbacks;
  private final Gate gate;
  private final Accesses accesses;
  private final Set<StreamClient> clients = ConcurrentHashMap.newKeySet();
  private final Places places;
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicLong closeBy = new AtomicLong(); // 0 before it begins to close
  private final FirstStream first;
  private final ForcedEnd forcedEnd;
  private final boolean blocksHttp2;
  private final Connection.Calls calls;
  private final CountDownLatch drained = new CountDownLatch(1);
  private volatile SlowClients slow;

  /**
   * An event source.
   *
   * @param path where it answers, below the context
   * @param log its history; closed with it
   * @param options how clients are treated
   * @param places how many clients there may be
   * @param pool the threads that write
   * @param executor runs the application's callbacks
   * @param context the application
   * @param listener learns what happens; must not throw
   */
  public StreamEventSource(
      String path,
      EventLog log,
      StreamOptions options,
      Places places,
      FanOutPool pool,
      Executor executor,
      ServletContext context,
      StreamListener listener) {
    this.path = path;
    this.first = new FirstStream(path);
    this.forcedEnd = new ForcedEnd(path);
    this.blocksHttp2 = FanOutPool.blocksHttp2(context);
    this.calls = Tomcat.runs(context) ? Tomcat::isWithinCall : thread -> false;
    this.log = log;
    this.options = options;
    this.places = places;
    this.slow = options.slow();
    this.listener = listener;
    this.pending = new PendingMemory(options.maxPending());
    this.lanes = pool.fanOuts().stream().map(fanOut -> new Lane(fanOut, pending)).toList();
    this.interests = new Interests(log, lanes);
    this.openings = new Openings(log, options);
    this.callbacks = new Callbacks(executor, context.getClassLoader(), places.limit(), this::leave);
    this.gate = new Gate(context);
    this.accesses = new Accesses(this, gate, callbacks, pool.fanOuts().get(0)::time);
    log.listen(this::appended);
  }

  private void appended(Frame frame, long cursor) {
    interests.appended(frame, cursor);
    listener.appended(frame.size());
  }

  /**
   * Opens a stream for a request, or sends the client away to come back later if there are too
   * many: with 200, since any other status closes an EventSource for good.
   *
   * @param request a request that has passed every check and supports asynchronous processing
   * @param response its response, uncommitted
   * @param visitor what is known of the client
   * @throws IOException if the client has gone already
   */
  public void open(HttpServletRequest request, HttpServletResponse response, Visitor visitor)
      throws IOException {
    StreamHead.write(response);
    if (closing.get() || !places.take(visitor)) {
      sendAway(response, visitor);
      return;
    }
    Opening opening = opening(visitor);
    InterestGroup group = interests.enter(visitor.interest());
    boolean mayBlock = blocksHttp2 && Tomcat.mayBlock(request);
    Shard shard = mayBlock ? group.join(request.getRemotePort()) : group.join();
    Deadlines deadlines = Deadlines.of(options, visitor, shard.fanOut().time());
    StreamClient client = new StreamClient(this, shard, visitor, opening.cursor(), deadlines);
    connected.incrementAndGet();
    clients.add(client); // before the headers are out, so that whoever sees them misses nothing
    listener.opened(client);
    if (closing.get()) { // asked again, since the close may have passed before this client
      giveUp(client);
      sendAway(response, visitor);
    } else {
      start(client, opening, request, response);
    }
  }

  private Opening opening(Visitor visitor) {
    try {
      return openings.of(visitor.lastId());
    } catch (RuntimeException e) {
      places.giveBack(visitor);
      throw e;
    }
  }

  private void sendAway(HttpServletResponse response, Visitor visitor) throws IOException {
    SendingAway.write(response, visitor.lastId(), options.retryMin(), options.retryMax());
  }

  private void giveUp(StreamClient client) {
    client.abort();
    callbacks.connectionFailed(client);
  }

  private void start(
      StreamClient client,
      Opening opening,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    try {
      accesses.opened(client, request);
      ServletOutputStream out =
          StreamHead.send(request, response, opening.bytes(), client.shard().fanOut());
      AsyncContext async = request.startAsync();
      first.look(request, response, async, client.remoteAddress());
      Connection connection = new Connection(async, out, client, forcedEnd, calls);
      client.attach(connection);
      connection.start();
    } catch (IOException | RuntimeException e) {
      giveUp(client);
      throw e;
    }
    opening.gap().ifPresent(gap -> listener.gap(client, gap.reason(), gap.lost()));
    callbacks.connected(client);
  }

  /** A client's stream has ended or is to end; called once per client. */
  void disconnected(StreamClient client, DisconnectReason reason) {
    connected.decrementAndGet();
    Log.LOGGER.log(System.Logger.Level.DEBUG, "{0} disconnected: {1}", client, reason);
    listener.closed(client, reason);
    callbacks.disconnected(client);
  }

  /** A client's response has ended; called once per client. */
  void released(StreamClient client) {
    clients.remove(client);
    interests.leave(client.shard().group());
    leave(client);
    if (closing.get() && clients.isEmpty()) {
      drained.countDown();
    }
  }

  /** Called when a client's response has ended and when its last callback has run: once each. */
  private void leave(StreamClient client) {
    if (client.leave()) {
      places.giveBack(client.visitor());
    }
  }

  /**
   * Whether a visitor may read what it asks for, by the application's rules.
   *
   * @param visitor who asks
   * @return the answer; a rule that fails forbids
   */
  public Access access(Visitor visitor) {
    return gate.access(visitor.reader(options));
  }

  /**
   * Looks again at the clients whose access may have changed.
   *
   * @param change whose it is
   */
  public void changed(AccessChanged change) {
    accesses.changed(change, clients);
  }

  Accesses accesses() {
    return accesses;
  }

  EventLog log() {
    return log;
  }

  StreamOptions options() {
    return options;
  }

  PendingMemory pending() {
    return pending;
  }

  SlowClients slowClients() {
    return slow;
  }

  StreamListener listener() {
    return listener;
  }

  EncodedEvent encode(ServerSentEvent event) {
    return Encoder.event(event);
  }

  /**
   * What the application puts before this event source.
   *
   * @return its filters and conditions
   */
  public Gate gate() {
    return gate;
  }

  @Override
  public CompletionStage<SendResult> send(ServerSentEvent event) {
    return log.append(encode(event)).thenApply(this::result);
  }

  private SendResult result(String id) {
    if (connected.get() == 0) {
      return new SendResult(id, Delivery.NOBODY);
    }
    return new SendResult(id, hasLapped() ? Delivery.PARTLY : Delivery.QUEUED);
  }

  /** Whether a client that can't be written to has fallen out of the history. */
  private boolean hasLapped() {
    return slowestBlocked() < log.head();
  }

  /** The cursor of the slowest client that takes no bytes; the greatest number if all take some. */
  long slowestBlocked() {
    long slowest = Long.MAX_VALUE;
    for (Lane lane : lanes) {
      slowest = Math.min(slowest, lane.slowestBlocked());
    }
    return slowest;
  }

  @Override
  public AsyncEventSource slowClients(SlowClients rule) {
    slow = rule;
    return this;
  }

  /**
   * What can be read off this event source.
   *
   * @return the gauges
   */
  public StreamGauges gauges() {
    return new Gauges(this);
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public AsyncEventSource onConnect(Consumer<? super AsyncEventSourceClient> callback) {
    callbacks.onConnect(callback);
    return this;
  }

  /**
   * Whether a visitor's request attributes may be asked for.
   *
   * @return whether there is an {@code onConnect}
   */
  public boolean hasConnectCallback() {
    return callbacks.hasConnect();
  }

  @Override
  public AsyncEventSource onDisconnect(
      BiConsumer<? super AsyncEventSourceClient, DisconnectReason> callback) {
    callbacks.onDisconnect(callback);
    return this;
  }

  @Override
  public AsyncEventSource authorizeConnect(Predicate<? super HttpServletRequest> predicate) {
    gate.addAuthorizer(predicate);
    return this;
  }

  @Override
  public AsyncEventSource authorize(Function<? super Reader, Access> rule) {
    gate.addRule(rule);
    return this;
  }

  @Override
  public AsyncEventSource filter(Predicate<? super HttpServletRequest> predicate) {
    gate.addFilter(predicate);
    return this;
  }

  @Override
  public AsyncEventSource addMiddleware(Filter middleware) {
    gate.middleware().add(middleware);
    return this;
  }

  @Override
  public boolean removeMiddleware(Filter middleware) {
    return gate.middleware().remove(middleware);
  }

  @Override
  public AsyncEventSource skipCommonMiddleware() {
    gate.standAlone();
    return this;
  }

  @Override
  public int count() {
    return connected.get();
  }

  @Override
  public double averagePending() {
    return clients.stream()
        .filter(AsyncEventSourceClient::connected)
        .mapToLong(AsyncEventSourceClient::pending)
        .average()
        .orElse(0);
  }

  /** Begins to close without waiting, so that several event sources can close together. */
  public void beginClose() {
    closeBy.compareAndSet(0, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS));
    if (closing.compareAndSet(false, true)) {
      clients.forEach(client -> client.disconnect(DisconnectReason.SHUTDOWN));
      if (clients.isEmpty()) {
        drained.countDown();
      }
    }
  }

  @Override
  public void close() {
    beginClose();
    try {
      if (!drained.await(closeBy.get() - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        abortAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      clients.forEach(StreamClient::abort);
    }
    if (closed.compareAndSet(false, true)) {
      lanes.forEach(Lane::retire);
      gate.close();
      log.close();
    }
  }

  /**
   * Ends what is left, and looks again at those that their container was just dealing with: nobody
   * else will, once the fan-out has ended.
   */
  private void abortAll() throws InterruptedException {
    for (int look = 0; look < ABORT_LOOKS; look++) {
      lanes.forEach(lane -> lane.fanOut().interruptWrite());
      clients.forEach(StreamClient::abort);
      if (drained.await(ABORT_PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  /**
   * Waits until all callbacks that are owed have run.
   *
   * @param millis how long at most
   */
  public void awaitCallbacks(long millis) {
    try {
      callbacks.awaitIdle(TimeUnit.MILLISECONDS.toNanos(millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "event source " + path;
  }
}
