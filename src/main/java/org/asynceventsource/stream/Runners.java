package org.asynceventsource.stream;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks on a few threads of an executor at once, in the order they came; the others wait in a
 * bounded queue. Any thread may submit.
 */
final class Runners {

  private final Executor executor;
  private final ClassLoader applicationLoader;
  private final Semaphore free;
  private final BlockingQueue<Runnable> queue;
  private final AtomicInteger unfinished = new AtomicInteger();
  private final Object idle = new Object(); // notified when nothing is unfinished

  /**
   * Nothing runs yet.
   *
   * @param executor whose threads run the tasks
   * @param applicationLoader the context class loader they see
   * @param parallelism how many run at once
   * @param capacity how many may wait
   */
  Runners(Executor executor, ClassLoader applicationLoader, int parallelism, int capacity) {
    this.executor = executor;
    this.applicationLoader = applicationLoader;
    this.free = new Semaphore(parallelism);
    this.queue = new LinkedBlockingQueue<>(capacity);
  }

  /**
   * Has a task run soon.
   *
   * @return whether it will be; not if too many wait already
   */
  boolean submit(Runnable task) {
    unfinished.incrementAndGet();
    if (!queue.offer(task)) {
      finish();
      return false;
    }
    if (free.tryAcquire()) {
      start();
    }
    return true;
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
      } while (!queue.isEmpty() && free.tryAcquire());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private void runAllAndRelease() {
    try {
      runAll();
    } finally {
      free.release();
    }
  }

  private void runAll() {
    for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
      try {
        task.run();
      } catch (Throwable failure) { // the others' turn comes all the same
        Log.WARN.warn(
            "task " + failure.getClass().getName(),
            "a callback or a question failed in an unexpected way; please report this",
            failure);
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

  /** Waits until every task has run that was submitted. */
  void awaitIdle(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    synchronized (idle) {
      for (long left = nanos; unfinished.get() > 0 && left > 0; left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(idle, left);
      }
    }
  }
}
