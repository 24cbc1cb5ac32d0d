package org.asynceventsource.boot;

import jakarta.enterprise.concurrent.ContextService;
import java.lang.System.Logger.Level;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * Where the application's callbacks run: the container's managed executor, which knows the
 * application's naming, security and transactions; without one, a few threads of our own.
 */
final class CallbackExecutor implements Executor, AutoCloseable {

  private static final String MANAGED = "java:comp/DefaultManagedExecutorService";
  private static final int THREADS = 8;
  private static final long STOP_MILLIS = 500;
  private static final int QUEUE = 1_000; // event sources put at most six runners each in it

  private final Executor executor;

  private CallbackExecutor(Executor executor) {
    this.executor = executor;
  }

  static CallbackExecutor create() {
    return new CallbackExecutor(containersOrOwn());
  }

  @SuppressWarnings("BanJNDI") // The name is a constant, and only the container binds java:comp.
  private static Executor containersOrOwn() {
    try {
      Context naming = new InitialContext();
      if (naming.lookup(MANAGED) instanceof Executor managed) {
        return InContext.of(managed, naming);
      }
    } catch (NamingException e) {
      // This container has no managed executor.
    }
    return own();
  }

  /**
   * Captures the context of the thread that starts the application. Without that a container's
   * executor passes on the context of whoever hands a task over, and those are threads of ours,
   * which have none in Open Liberty. Loaded only where there is such an executor.
   */
  private static final class InContext {

    private static final String SERVICE = "java:comp/DefaultContextService";

    private InContext() {}

    @SuppressWarnings("BanJNDI") // As above.
    static Executor of(Executor managed, Context naming) {
      try {
        if (naming.lookup(SERVICE) instanceof ContextService service) {
          Executor application = service.createContextualProxy(Runnable::run, Executor.class);
          return task -> managed.execute(() -> run(task, application));
        }
      } catch (NamingException | RuntimeException e) {
        Log.LOGGER.log(Level.DEBUG, "this container captures no context for callbacks", e);
      }
      return managed;
    }

    /** In any case: a container may refuse its context to an application that stops. */
    private static void run(Runnable task, Executor application) {
      AtomicBoolean begun = new AtomicBoolean();
      try {
        application.execute(
            () -> {
              begun.set(true);
              task.run();
            });
      } catch (RuntimeException e) {
        if (begun.get()) {
          throw e;
        }
        Log.LOGGER.log(Level.DEBUG, "a callback runs without the application's context", e);
        task.run();
      }
    }
  }

  private static ThreadPoolExecutor own() {
    ThreadPoolExecutor own =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            task -> {
              Thread thread = new Thread(task, "eventsource-callback");
              thread.setDaemon(true);
              return thread;
            });
    own.allowCoreThreadTimeOut(true);
    return own;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  /**
   * Stops our own threads, and waits a moment for them, since Tomcat reports those it finds alive
   * as leaks; the container's are its own business.
   */
  @Override
  public void close() {
    if (executor instanceof ThreadPoolExecutor own) {
      own.shutdown();
      try {
        if (!own.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
          Log.LOGGER.log(Level.DEBUG, "a callback goes on after the application has stopped");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
