package org.asynceventsource.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.asynceventsource.wire.FrameBatch;
import org.jspecify.annotations.Nullable;

/**
 * One asynchronous response behind its fence.
 *
 * <p>The fence is this object's monitor, held around every use of the response: re-entrant, and
 * nothing to keep for each of many connections. After a failed write the connection is only marked:
 * {@code complete()} follows from the container's {@code onError}, under the fence. Without that,
 * Tomcat recycles the request while our write still unwinds and then closes connections of other,
 * healthy clients (measured on 11.0.27: up to 52 of 100). A container that never calls back is
 * caught by {@link #endIfAbandoned}.
 *
 * <p>A response that is ended while the container still has something that its client doesn't take
 * is given up by force, see {@link ForcedEnd}: completing would keep its descriptor.
 *
 * <p>Errors come by three routes, an exception from the write (Tomcat), {@link
 * WriteListener#onError} (Jetty) and {@link AsyncListener#onError} inside the write (Undertow);
 * there is one end state.
 */
final class Connection implements WriteListener, AsyncListener {

  /** How long a container may take to report the error of a failed write. */
  static final long ABANDONED_NANOS = 5_000_000_000L;

  /** How long at most a thread that has called us is taken to be on its way out of that call. */
  private static final long RETURNING_NANOS = 100_000_000;

  /** How draining ended. */
  enum Drained {
    /** Everything is written and flushed. */
    IDLE,
    /** The container takes no more now and will call back. */
    BLOCKED,
    /** The share of this turn is used up; there is more. */
    MORE,
    /** Writing failed or the response has ended. */
    OVER
  }

  /** Supplies a connection with what to write. */
  interface Supply {

    /**
     * The next batch.
     *
     * @return the batch, or {@code null} if nothing is left now
     */
    @Nullable FrameBatch next();
  }

  /**
   * Learns of a connection's fate; called by any thread, possibly under the fence, and told of one
   * thing more than once.
   */
  interface Owner {

    /** The container can take something for the first time. */
    void begun();

    /** The container can take more. */
    void writable();

    /** The container is about to give the response up: what can be written has to be at once. */
    void expiring();

    /** The response can't be written any more. */
    void lost();

    /** The response has ended; nothing of it is held any more. */
    void ended();
  }

  /** Knows whether a container's thread is through with a call. */
  @FunctionalInterface
  interface Calls {

    /**
     * Whether a thread may still be on its way out of a call of {@code onWritePossible}, and would
     * mind if the response failed before it is.
     */
    boolean isWithin(Thread thread);
  }

  /** The container has reported that the response has failed; nothing else comes from it. */
  static final class ReportedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ReportedException(Throwable failure) {
      super(failure);
    }
  }

  private enum State {
    OPEN,
    /** A write failed; the container is about to report it. */
    FAILED,
    /** Given up, to be completed by the container's first call, which is on its way. */
    LEAVING,
    ENDED
  }

  private static final AtomicReferenceFieldUpdater<Connection, State> STATE =
      AtomicReferenceFieldUpdater.newUpdater(Connection.class, State.class, "state");

  private final AsyncContext async;
  private final ServletOutputStream out;
  private final Owner owner;
  private final ForcedEnd force;
  private final Calls calls;

  /**
   * True while the container owes us a call of onWritePossible; written by both sides, see ready().
   */
  private volatile boolean awaiting = true;

  private volatile boolean called; // whether the container has called onWritePossible at all

  /** Written under the fence, but for the step from LEAVING to ENDED. */
  private volatile State state = State.OPEN;

  private @Nullable Thread caller; // written before awaiting becomes false, read after
  private long returningSince; // the fan-out thread's
  private boolean unflushed; // guarded by the fence
  private boolean started; // guarded by the fence
  private boolean expiring; // guarded by the fence
  private long failedAt; // written before state becomes FAILED

  Connection(
      AsyncContext async, ServletOutputStream out, Owner owner, ForcedEnd force, Calls calls) {
    this.async = async;
    this.out = out;
    this.owner = owner;
    this.force = force;
    this.calls = calls;
  }

  /**
   * Hands the response to the container's asynchronous side; from here on errors may come. Does
   * nothing if the connection was ended in the meantime.
   */
  synchronized void start() {
    if (state == State.OPEN) {
      async.setTimeout(0);
      async.addListener(this);
      out.setWriteListener(this);
      started = true;
    }
  }

  /**
   * Writes what is supplied until nothing is left, the container takes no more, or the turn is
   * over. Called by the fan-out thread.
   *
   * @param supply what to write
   * @param turns how many batches at most
   * @param now the time, in nanoseconds
   */
  synchronized Drained drain(Supply supply, int turns, long now) {
    try {
      if (state != State.OPEN) {
        return Drained.OVER;
      }
      if (awaiting) {
        return Drained.BLOCKED;
      }
      return isReturning(now) ? Drained.MORE : write(supply, turns);
    } catch (ReportedException e) {
      onError(e);
      return Drained.OVER;
    } catch (Throwable e) { // whatever it is, the container may be about to report it: only mark
      fail(e, now);
      return Drained.OVER;
    } finally {
      if (expiring) {
        notifyAll(); // it has failed, or takes no more
      }
    }
  }

  private boolean isReturning(long now) {
    if (caller == null) {
      return false;
    }
    if (calls.isWithin(caller)) {
      returningSince = returningSince == 0 ? now : returningSince;
      if (now - returningSince < RETURNING_NANOS) {
        return true;
      }
    }
    caller = null;
    returningSince = 0;
    return false;
  }

  private Drained write(Supply supply, int turns) throws IOException {
    for (int turn = 0; ready(); ) {
      FrameBatch batch = turn < turns ? supply.next() : null;
      if (batch != null) {
        turn++;
        unflushed = true;
        batch.writeTo(out);
      } else if (unflushed) {
        unflushed = false;
        out.flush(); // Jetty wants an isReady() between write and flush; Undertow's error is
        // thrown here
      } else {
        return turn < turns ? Drained.IDLE : Drained.MORE;
      }
    }
    return state == State.OPEN ? Drained.BLOCKED : Drained.OVER;
  }

  private boolean ready() {
    if (state != State.OPEN) {
      return false;
    }
    awaiting = true; // before asking: the container may call back before isReady() returns
    if (!out.isReady()) {
      return false;
    }
    awaiting = false;
    return true;
  }

  private void fail(Throwable failure, long now) {
    if (state != State.OPEN) {
      return; // Undertow has reported it already, inside the write
    }
    if (failure instanceof IOException) {
      Log.LOGGER.log(Level.DEBUG, "write to a client failed", failure);
    } else {
      Log.WARN.warn(
          "write " + failure.getClass().getName(),
          "a write failed in an unexpected way, and the client is disconnected; please report this",
          failure);
    }
    failedAt = now;
    state = State.FAILED;
    owner.lost();
  }

  /** Whether the response is open but takes no more now. */
  boolean blocked() {
    return awaiting && state == State.OPEN;
  }

  /** Ends a connection whose container never reported the error of a failed write. */
  void endIfAbandoned(long now) {
    if (state == State.FAILED && now - failedAt > ABANDONED_NANOS) {
      end(true);
    }
  }

  /**
   * Ends the response: in order, or by force if the client hasn't taken what was written, unless
   * the container is dealing with it just then. Idempotent; once the owner has been told of the end
   * neither request nor response is touched.
   */
  void end() {
    end(false);
  }

  /**
   * Ends the response.
   *
   * @param reported whether the container has said that it can't go on, or has failed to for too
   *     long
   */
  private void end(boolean reported) {
    synchronized (this) {
      if (state == State.ENDED || (state == State.FAILED && !reported)) {
        return; // a failed one is the container's to report, see above
      }
      boolean asked = called; // before awaiting, which is true at first and when it was asked again
      boolean pending = state == State.OPEN && started && awaiting && !reported;
      if (pending && asked) {
        state = State.ENDED;
        if (!force.begin(async)) {
          state = State.OPEN; // the client may take something after all; else the next look ends it
          return;
        }
      } else if (pending) {
        leave();
      } else if (state != State.LEAVING) {
        state = State.ENDED;
        ForcedEnd.complete(async);
      } else if (reported) {
        completeLeaving();
      }
      notifyAll(); // a container's thread may wait for this, see onTimeout
    }
    owner.ended();
  }

  /**
   * Lets the container's first call complete the response. Completing it ourselves while that is on
   * its way makes Tomcat throw in the middle of it.
   */
  private void leave() {
    state = State.LEAVING;
    if (!awaiting) { // it has come meanwhile, and may have looked too early
      completeLeaving();
    }
  }

  private void completeLeaving() {
    if (STATE.compareAndSet(this, State.LEAVING, State.ENDED)) {
      ForcedEnd.complete(async);
    }
  }

  /**
   * The container calls this on one of its threads, Undertow on its I/O thread: never block here.
   */
  @Override
  public void onWritePossible() {
    boolean first = !called;
    caller = Thread.currentThread();
    awaiting = false;
    called = true;
    if (state == State.LEAVING) {
      completeLeaving();
    } else if (first) {
      owner.begun();
    } else {
      owner.writable();
    }
  }

  @Override
  public void onError(Throwable failure) {
    Log.LOGGER.log(Level.DEBUG, "a client's connection failed", failure);
    owner.lost();
    end(true);
  }

  @Override
  public void onError(AsyncEvent event) {
    onError(event.getThrowable());
  }

  /**
   * Without a timeout of ours this is Tomcat, which stops, or whose application is about to be told
   * that it stops. It gives the response up when this returns; until then it can be ended in order.
   */
  @Override
  public void onTimeout(AsyncEvent event) {
    owner.expiring();
    if (!awaitEnd(System.nanoTime() + Deadlines.GOODBYE_NANOS)) {
      Tomcat.abort(async.getResponse());
    }
    owner.lost();
    end(true);
  }

  /**
   * Waits, without the fence, for the response to end or fail.
   *
   * @return whether nothing of it is left to be taken by its client, as far as known
   */
  private synchronized boolean awaitEnd(long end) {
    expiring = true;
    try {
      for (long left = 1; state == State.OPEN && !awaiting && left > 0; ) {
        TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        left = end - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return state != State.OPEN || !called;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    owner.lost();
    synchronized (this) {
      state = State.ENDED;
    }
    owner.ended();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // a filter that restarts asynchronous processing changes nothing for the stream
  }
}
