package org.asynceventsource.stream;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;

/**
 * Runs the application's callbacks of one event source: on a few threads of an executor, never
 * under a lock, and per client {@code onConnect} before {@code onDisconnect}, each exactly once.
 *
 * <p>The queue never overflows: a client has at most one callback and one question in it, and its
 * place among the clients is given back only when its last callback has run.
 */
final class Callbacks {

  private static final int PARALLELISM = 4;
  private static final int CONNECTED = 1;
  private static final int DISCONNECTED = 2;

  private final List<Consumer<? super AsyncEventSourceClient>> onConnect =
      new CopyOnWriteArrayList<>();
  private final List<BiConsumer<? super AsyncEventSourceClient, DisconnectReason>> onDisconnect =
      new CopyOnWriteArrayList<>();
  private final Executor executor;
  private final ClassLoader applicationLoader;
  private final BlockingQueue<Runnable> queue;
  private final Semaphore runners = new Semaphore(PARALLELISM);
  private final AtomicInteger unfinished = new AtomicInteger();
  private final Object idle = new Object(); // notified when nothing is unfinished
  private final Consumer<StreamClient> finished;

  /**
   * Callbacks of one event source.
   *
   * @param executor runs them
   * @param applicationLoader the context class loader they see
   * @param capacity how many clients there can be
   * @param finished told of each client whose callbacks have all run
   */
  Callbacks(
      Executor executor,
      ClassLoader applicationLoader,
      int capacity,
      Consumer<StreamClient> finished) {
    this.executor = executor;
    this.applicationLoader = applicationLoader;
    this.queue = new LinkedBlockingQueue<>((int) Math.min(2L * capacity, Integer.MAX_VALUE));
    this.finished = finished;
  }

  void onConnect(Consumer<? super AsyncEventSourceClient> callback) {
    onConnect.add(callback);
  }

  void onDisconnect(BiConsumer<? super AsyncEventSourceClient, DisconnectReason> callback) {
    onDisconnect.add(callback);
  }

  /** Whether anybody is to be told of clients that connect. */
  boolean hasConnect() {
    return !onConnect.isEmpty();
  }

  /** The client's stream is open. */
  void connected(StreamClient client) {
    if (!hasConnect()) {
      afterConnect(client);
    } else {
      submit(() -> runConnect(client));
    }
  }

  /** Asks the application, or what it logs in with, about a client; at most one task for each. */
  void question(Runnable task) {
    submit(task);
  }

  /** The client went before its stream was open: no callback is owed, its place is free. */
  void connectionFailed(StreamClient client) {
    finished.accept(client);
  }

  /** The client's stream has ended; called once, possibly under the client's fence. */
  void disconnected(StreamClient client) {
    if (client.mark(DISCONNECTED)) {
      submitDisconnect(client);
    }
  }

  private void runConnect(StreamClient client) {
    onConnect.forEach(callback -> guarded("onConnect", () -> callback.accept(client)));
    afterConnect(client);
  }

  private void afterConnect(StreamClient client) {
    client.goLive();
    if (client.mark(CONNECTED)) {
      submitDisconnect(client);
    }
  }

  private void submitDisconnect(StreamClient client) {
    if (onDisconnect.isEmpty()) {
      finished.accept(client);
    } else {
      submit(() -> runDisconnect(client));
    }
  }

  private void runDisconnect(StreamClient client) {
    DisconnectReason reason = client.disconnectReason().orElse(DisconnectReason.GONE);
    onDisconnect.forEach(
        callback -> guarded("onDisconnect", () -> callback.accept(client, reason)));
    finished.accept(client);
  }

  private static void guarded(String name, Runnable callback) {
    try {
      callback.run();
    } catch (Throwable failure) { // user code: whatever it throws must hurt no other client
      Log.WARN.warn(
          name + ' ' + failure.getClass().getName(),
          "an " + name + " callback failed; the client and all others go on",
          failure);
    }
  }

  private void submit(Runnable task) {
    unfinished.incrementAndGet();
    queue.add(task);
    if (runners.tryAcquire()) {
      start();
    }
  }

  private void start() {
    try {
      executor.execute(this::runQueued);
    } catch (RuntimeException stopped) {
      // The container is going down and takes no tasks; callbacks are owed all the same, but never
      // here: this thread may hold a client's fence. At most as many threads as there are runners.
      Thread last = new Thread(this::runQueued, "eventsource-last-callbacks");
      last.setDaemon(true);
      last.start();
    }
  }

  private void runQueued() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(applicationLoader);
    try {
      do {
        runAllAndRelease();
      } while (!queue.isEmpty() && runners.tryAcquire());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private void runAllAndRelease() {
    try {
      runAll();
    } finally {
      runners.release();
    }
  }

  private void runAll() {
    for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
      try {
        task.run();
      } finally {
        finish();
      }
    }
  }

  private void finish() {
    synchronized (idle) {
      if (unfinished.decrementAndGet() == 0) {
        idle.notifyAll();
      }
    }
  }

  /** Waits until every callback that is owed has run. */
  void awaitIdle(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    synchronized (idle) {
      for (long left = nanos; unfinished.get() > 0 && left > 0; left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(idle, left);
      }
    }
  }
}
