package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.Hashtable;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
@DisplayName("The application's callbacks run")
class CallbackExecutorTest {

  private static final String FACTORY = Context.INITIAL_CONTEXT_FACTORY;

  @AfterEach
  void forgetNaming() {
    System.clearProperty(FACTORY);
    Naming.bound = null;
  }

  @Test
  @DisplayName("on at most four threads of our own, which end with the application")
  void own() throws Exception {
    CallbackExecutor executor = CallbackExecutor.create();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CyclicBarrier four = new CyclicBarrier(4);
    CountDownLatch done = new CountDownLatch(12);
    for (int i = 0; i < 12; i++) {
      executor.execute(
          () -> {
            threads.add(Thread.currentThread());
            await(four);
            done.countDown();
          });
    }

    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(threads)
        .hasSize(4)
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
    Naming.bound = (Executor) task -> handedOver.incrementAndGet();
    System.setProperty(FACTORY, Naming.class.getName());
    CallbackExecutor executor = CallbackExecutor.create();

    executor.execute(() -> {});
    executor.close();
    executor.execute(() -> {});

    assertThat(handedOver).hasValue(2);
  }

  @Test
  @DisplayName("on threads of our own where something else is bound, or nothing")
  void elsewhere() {
    System.setProperty(FACTORY, Naming.class.getName());
    for (Object bound : new Object[] {null, "no executor"}) {
      Naming.bound = bound;
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

  /** A naming service with one name. */
  public static final class Naming implements InitialContextFactory {

    private static volatile Object bound;

    @Override
    public Context getInitialContext(Hashtable<?, ?> environment) {
      return (Context)
          Proxy.newProxyInstance(
              Naming.class.getClassLoader(),
              new Class<?>[] {Context.class},
              (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("lookup");
                if (bound == null) {
                  throw new NameNotFoundException();
                }
                assertThat(arguments).containsExactly("java:comp/DefaultManagedExecutorService");
                return bound;
              });
    }
  }
}
