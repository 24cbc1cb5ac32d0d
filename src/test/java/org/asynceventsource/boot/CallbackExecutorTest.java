package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.concurrent.ContextService;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.spi.InitialContextFactory;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
@DisplayName("The application's callbacks run")
class CallbackExecutorTest {

  private static final String FACTORY = Context.INITIAL_CONTEXT_FACTORY;
  private static final String EXECUTOR = "java:comp/DefaultManagedExecutorService";

  @AfterEach
  void forgetNaming() {
    System.clearProperty(FACTORY);
    Naming.BOUND.clear();
  }

  @Test
  @DisplayName("on a few threads of our own, which end with the application")
  void own() throws Exception {
    CallbackExecutor executor = CallbackExecutor.create();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CyclicBarrier all = new CyclicBarrier(8);
    CountDownLatch done = new CountDownLatch(24);
    for (int i = 0; i < 24; i++) {
      executor.execute(
          () -> {
            threads.add(Thread.currentThread());
            await(all);
            done.countDown();
          });
    }

    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(threads)
        .hasSize(8)
        .allMatch(Thread::isDaemon)
        .extracting(Thread::getName)
        .containsOnly("eventsource-callback");
    executor.close();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThatThrownBy(() -> executor.execute(done::countDown))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  @DisplayName("to their end before the application has stopped, if that takes but a moment")
  void ends() {
    CallbackExecutor executor = CallbackExecutor.create();
    AtomicInteger ended = new AtomicInteger();
    executor.execute(
        () -> {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
          ended.incrementAndGet();
        });
    executor.close();

    assertThat(ended).hasValue(1);
  }

  @Test
  @DisplayName("on the container's executor where it has one, which we don't stop")
  void managed() {
    AtomicInteger handedOver = new AtomicInteger();
    Naming.BOUND.put(EXECUTOR, (Executor) task -> handedOver.incrementAndGet());
    System.setProperty(FACTORY, Naming.class.getName());
    CallbackExecutor executor = CallbackExecutor.create();

    executor.execute(() -> {});
    executor.close();
    executor.execute(() -> {});

    assertThat(handedOver).hasValue(2);
  }

  /** A container's executor may give a task the context of the thread that hands it over. */
  @Test
  @DisplayName("in the context of the thread that has started the application, if that can be had")
  void context() {
    List<String> steps = new ArrayList<>();
    ContextService service =
        Stub.of(ContextService.class)
            .on(
                "createContextualProxy",
                arguments -> {
                  steps.add("captured");
                  Executor plain = (Executor) arguments[0];
                  return (Executor)
                      task -> {
                        steps.add("in context");
                        plain.execute(task);
                      };
                })
            .build();
    Naming.BOUND.put("java:comp/DefaultContextService", service);
    Naming.BOUND.put(
        EXECUTOR,
        (Executor)
            task -> {
              steps.add("in a thread");
              task.run();
            });
    System.setProperty(FACTORY, Naming.class.getName());
    CallbackExecutor executor = CallbackExecutor.create();

    executor.execute(() -> steps.add("callback"));

    assertThat(steps).containsExactly("captured", "in a thread", "in context", "callback");
  }

  @Test
  @DisplayName("without that context where the container refuses it to an application that stops")
  void refusedContext() {
    ContextService service =
        Stub.of(ContextService.class)
            .on(
                "createContextualProxy",
                arguments ->
                    (Executor)
                        task -> {
                          throw new IllegalStateException("stopped");
                        })
            .build();
    Naming.BOUND.put("java:comp/DefaultContextService", service);
    Naming.BOUND.put(EXECUTOR, (Executor) Runnable::run);
    System.setProperty(FACTORY, Naming.class.getName());
    AtomicInteger runs = new AtomicInteger();

    CallbackExecutor.create().execute(runs::incrementAndGet);

    assertThat(runs).hasValue(1);
  }

  @Test
  @DisplayName("on threads of our own where something else is bound, or nothing")
  void elsewhere() {
    System.setProperty(FACTORY, Naming.class.getName());
    for (Map<String, String> bound : List.of(Map.<String, String>of(), Map.of(EXECUTOR, "none"))) {
      Naming.BOUND.putAll(bound);
      try (CallbackExecutor executor = CallbackExecutor.create()) {
        CountDownLatch done = new CountDownLatch(1);
        executor.execute(done::countDown);
        assertThat(await(done)).isTrue();
      }
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A naming service. */
  public static final class Naming implements InitialContextFactory {

    private static final Map<String, Object> BOUND = new ConcurrentHashMap<>();

    @Override
    public Context getInitialContext(Hashtable<?, ?> environment) {
      return (Context)
          Proxy.newProxyInstance(
              Naming.class.getClassLoader(),
              new Class<?>[] {Context.class},
              (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("lookup");
                if (!BOUND.containsKey(arguments[0])) {
                  throw new NameNotFoundException();
                }
                return BOUND.get(arguments[0]);
              });
    }
  }
}
