package org.asynceventsource.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.asynceventsource.SendResult;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.WarnOnce;
import org.jspecify.annotations.Nullable;

/**
 * One request that publishes the events of its body as they arrive, without holding a thread while
 * none does, and is answered when the body ends or an event is bad.
 *
 * <p>Container threads, threads of the history and the clock all just {@link #signal}; whoever
 * finds nobody else at work takes turns until no signal is left, so that nobody waits for anybody.
 * A turn runs behind the fence, a re-entrant lock that otherwise only the container's last words
 * take: when they have been heard, nobody is using the request any more and nobody will (the same
 * fence as the streams', and for the same reason: Tomcat uses its requests again).
 *
 * <p>A history that answers late is waited for with at most {@value #OUTSTANDING} events; then
 * nothing is read, and TCP slows the publisher down.
 */
final class PublishStream implements ReadListener, AsyncListener {

  /** How many events wait for the history at most. */
  static final int OUTSTANDING = 256;

  /** How long the history may take to keep an event. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int PIECE = 8 * 1024;

  /**
   * What a stream needs to know besides its request.
   *
   * @param publisher publishes to the event source; what it throws is answered as well
   * @param maxEvent the most bytes of an event
   * @param silentNanos how long the publisher may send nothing; 0 for ever
   * @param clock a monotonic clock in nanoseconds
   * @param warnings where refusals and failures are logged
   */
  record Terms(
      Function<ServerSentEvent, CompletionStage<SendResult>> publisher,
      int maxEvent,
      long silentNanos,
      LongSupplier clock,
      WarnOnce warnings) {}

  private final AsyncContext async;
  private final StreamedAnswer answer;
  private final ServletInputStream in;
  private final Terms terms;
  private final Consumer<PublishStream> ended;

  private final AtomicInteger signals = new AtomicInteger();
  private final ReentrantLock fence = new ReentrantLock();

  /** Whether the container has called and not said since that it will call again. */
  private volatile boolean readable;

  private volatile boolean allRead;
  private volatile @Nullable Refusal interruption;

  // All below is guarded by the fence.
  private final Queue<CompletableFuture<SendResult>> outstanding = new ArrayDeque<>();
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE).limit(0);
  private final EventStreamReader events;
  private Tally published = Tally.NONE;
  private long settled;
  private long heardAt;
  private long waitingSince;
  private boolean finished; // nothing more is read
  private boolean over; // the request has ended
  private @Nullable Refusal refusal;

  /**
   * Begins to read.
   *
   * @param terms how
   * @param ended told that the request has ended, more than once perhaps
   */
  PublishStream(
      HttpServletRequest request,
      HttpServletResponse response,
      Terms terms,
      Consumer<PublishStream> ended)
      throws IOException {
    this.answer = StreamedAnswer.to(request, response, terms.warnings());
    this.terms = terms;
    this.ended = ended;
    this.events = new EventStreamReader(terms.maxEvent());
    this.heardAt = terms.clock().getAsLong();
    this.async = request.startAsync(request, response);
    this.in = request.getInputStream();
    async.setTimeout(0);
    async.addListener(this);
  }

  /** From here on the container calls. */
  void start() {
    in.setReadListener(this);
  }

  /** Makes somebody look at what has changed; returns at once if somebody does. */
  void signal() {
    if (signals.getAndIncrement() > 0) {
      return;
    }
    int seen = 1;
    do {
      turn();
      seen = signals.addAndGet(-seen);
    } while (seen > 0);
  }

  /** Ends the request at once with what is published so far. */
  void interrupt(Refusal why) {
    interruption = why;
    signal();
  }

  private void turn() {
    fence.lock();
    try {
      if (!over) {
        advance();
      }
    } catch (RuntimeException | Error unexpected) { // or nobody would ever take a turn again
      end(Refusal.ofFailure(unexpected, terms.warnings()));
    } finally {
      fence.unlock();
    }
  }

  private void advance() {
    settle();
    if (interruption != null) {
      end(interruption);
      return;
    }
    readOn();
    if (finished && outstanding.isEmpty()) {
      end(refusal);
    } else {
      watch();
    }
  }

  private void readOn() {
    try {
      while (!finished && outstanding.size() < OUTSTANDING) {
        ServerSentEvent event = events.next(piece);
        if (event != null) {
          publish(event);
        } else if (!read()) {
          return;
        }
      }
    } catch (IOException gone) {
      finish(brokenOff());
    } catch (RuntimeException failure) {
      finish(refusal(failure, events.number()));
    }
  }

  /** Reads a piece; false if the container will call, or there is none. */
  private boolean read() throws IOException {
    if (allRead || in.isFinished()) {
      events.end();
      finish(null);
      return false;
    }
    if (!readable || !ready()) {
      return false;
    }
    int length = in.read(piece.array());
    piece.position(0).limit(Math.max(0, length));
    allRead = allRead || length < 0;
    heardAt = terms.clock().getAsLong();
    return true;
  }

  private boolean ready() {
    readable = false; // before asking: the container may call before isReady() returns
    if (!in.isReady()) {
      return false;
    }
    readable = true;
    return true;
  }

  private void publish(ServerSentEvent event) {
    CompletionStage<SendResult> stage;
    try {
      stage = terms.publisher().apply(event);
    } catch (RuntimeException refused) {
      stage = CompletableFuture.failedStage(refused);
    }
    CompletableFuture<SendResult> result = stage.toCompletableFuture();
    if (outstanding.isEmpty()) {
      waitingSince = terms.clock().getAsLong();
    }
    outstanding.add(result);
    if (result.isDone()) {
      settle();
    } else {
      stage.whenComplete((id, failure) -> signal());
    }
  }

  /** Takes what the history has answered, in the order of the events. */
  private void settle() {
    for (CompletableFuture<SendResult> first = outstanding.peek();
        first != null && first.isDone();
        first = outstanding.peek()) {
      outstanding.remove();
      settled++;
      waitingSince = terms.clock().getAsLong();
      try {
        published = published.plus(first.join().id());
      } catch (RuntimeException failure) {
        finish(refusal(failure, settled)); // those behind it may be published: they are counted
      }
    }
  }

  private void finish(@Nullable Refusal why) {
    finished = true;
    if (refusal == null) {
      refusal = why;
    }
  }

  /** Ends what has been waiting for too long: for the history, or for the publisher. */
  private void watch() {
    long now = terms.clock().getAsLong();
    if (!outstanding.isEmpty()) {
      if (now - waitingSince >= PATIENCE.toNanos()) {
        end(tooLate());
      }
    } else if (terms.silentNanos() > 0 && now - heardAt >= terms.silentNanos()) {
      end(silent());
    }
  }

  private Refusal tooLate() {
    return Refusal.of(
        503,
        "history too late",
        "event %d: the history did not answer within %d s, it may be published or not"
            .formatted(settled + 1, PATIENCE.toSeconds()),
        "give events ids of their own before trying again");
  }

  private Refusal silent() {
    return Refusal.of(
        408,
        "publisher silent",
        "nothing came for %d s".formatted(TimeUnit.NANOSECONDS.toSeconds(terms.silentNanos())),
        "send a comment line now and then, or raise 'eventsource.limits.silent'");
  }

  private static Refusal brokenOff() {
    return Refusal.of(400, "broken body", "the body broke off", "send what is missing");
  }

  /** Only the container knows its own limits, so they are told as they come. */
  private static Refusal containersTimeout() {
    return Refusal.of(
        408,
        "container's timeout",
        "nothing came for as long as the container waits",
        "send a comment line now and then, or raise the container's timeout");
  }

  private Refusal refusal(RuntimeException failure, long number) {
    return Refusal.ofFailure(failure, terms.warnings()).at("event " + number);
  }

  /** Answers and ends the request, unless it has ended. */
  private void end(@Nullable Refusal why) {
    if (over) {
      return;
    }
    over = true;
    try {
      answer.send(published, why);
    } catch (IOException | IllegalStateException gone) {
      // Nobody is left to be told; what is published stays.
      Log.LOGGER.log(Level.DEBUG, "a publisher is gone", gone);
    }
    try {
      async.complete();
    } catch (IllegalStateException containerWasFaster) {
      Log.LOGGER.log(Level.DEBUG, "the container had ended the request", containerWasFaster);
    }
    ended.accept(this);
  }

  private void endFenced(@Nullable Refusal why) {
    fence.lock();
    try {
      end(why);
    } finally {
      fence.unlock();
    }
  }

  @Override
  public void onDataAvailable() {
    readable = true;
    signal();
  }

  @Override
  public void onAllDataRead() {
    allRead = true;
    signal();
  }

  @Override
  public void onError(Throwable failure) {
    Log.LOGGER.log(Level.DEBUG, "a publisher's connection failed", failure);
    endFenced(isTimeout(failure) ? containersTimeout() : brokenOff());
  }

  private static boolean isTimeout(@Nullable Throwable failure) {
    return failure != null
        && (failure instanceof TimeoutException
            || failure instanceof SocketTimeoutException
            || failure.getClass().getSimpleName().contains("Timeout") // XNIO has its own
            || isTimeout(failure.getCause()));
  }

  @Override
  public void onError(AsyncEvent event) {
    onError(event.getThrowable());
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    endFenced(PublishStreams.CLOSING); // without a timeout of ours this is Tomcat stopping
  }

  @Override
  public void onComplete(AsyncEvent event) {
    fence.lock();
    try {
      over = true;
    } finally {
      fence.unlock();
    }
    ended.accept(this);
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // Nobody dispatches this request again.
  }
}
