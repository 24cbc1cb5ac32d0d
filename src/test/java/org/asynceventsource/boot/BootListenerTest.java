package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServlet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.EventSources;
import org.asynceventsource.WebApplication;
import org.asynceventsource.test.EventStreamRecorder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** In a real container, which starts and stops applications. */
@DisplayName("An application")
class BootListenerTest {

  private static final int CLIENTS = 100;

  private final WebApplication application = WebApplication.at("/app");
  private final Set<Thread> before = threads();

  @AfterEach
  void stop() throws Exception {
    application.stop();
  }

  @Test
  @DisplayName("is not deployed with wrong settings, and every mistake is told at once")
  void mistakes() {
    application
        .parameter("eventsource.heartbeat", "soon")
        .parameter("eventsource.treads", "1")
        .parameter("eventsource.auth", "digest")
        .parameter("eventsource.publishers", "alice")
        .listener(new BootListener());

    assertThatThrownBy(application::start)
        .asInstanceOf(throwable(ConfigurationException.class))
        .extracting(ConfigurationException::mistakes)
        .isEqualTo(
            List.of(
                "setting 'eventsource.heartbeat' is 'soon' but must be a duration such as 15s; 0"
                    + " turns heartbeats off (context-param)",
                "setting 'eventsource.auth' is 'digest' but 'eventsource.users' names nobody; add a"
                    + " user, or set 'eventsource.auth' to none to let everybody read",
                "there is no setting 'eventsource.treads'; did you mean 'eventsource.threads'?"
                    + " (context-param)"));
    assertNoThreadRemains();
  }

  @Test
  @DisplayName("that can't be deployed leaves no thread behind")
  void failedStart() {
    application
        .configure(
            handler ->
                handler.addServlet(
                    new HttpServlet() {
                      private static final long serialVersionUID = 1L;
                    },
                    "/events"))
        .listener(new BootListener());

    assertThatThrownBy(application::start)
        .hasMessage(
            "path '/events' belongs to another servlet; choose another path, or set 'eventsource.path'");
    assertNoThreadRemains();
  }

  @Test
  @DisplayName("that is undeployed ends every stream in order, each with a time to come back")
  void undeploy() throws Exception {
    application
        .parameter("eventsource.retry", "6s..9s")
        .atStart(context -> EventSources.of(context).at("/more"))
        .listener(new BootListener())
        .start();
    List<EventStreamRecorder> streams = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      EventStreamRecorder stream =
          application.get(i % 2 == 0 ? "/app/events" : "/app/more").stream();
      stream.assertOpened();
      streams.add(stream);
    }

    long begin = System.nanoTime();
    application.undeploy();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    for (EventStreamRecorder stream : streams) {
      stream.assertEnded();
      assertThat(stream.retry()).isBetween(6_000L, 9_000L);
    }
    assertThat(streams.stream().map(EventStreamRecorder::retry).distinct())
        .hasSizeGreaterThan(CLIENTS / 2);
    assertNoThreadRemains();
  }

  @Test
  @DisplayName("that is undeployed has heard of every client's end before anything else stops")
  void callbacksFirst() throws Exception {
    AtomicInteger connected = new AtomicInteger();
    AtomicInteger shutDown = new AtomicInteger();
    AtomicInteger heardWhenStopped = new AtomicInteger(-1);
    CountDownLatch all = new CountDownLatch(CLIENTS);
    application
        .listener(stopping(() -> heardWhenStopped.set(shutDown.get())))
        .atStart(
            context ->
                EventSources.of(context)
                    .at("/events")
                    .onConnect(client -> connected.incrementAndGet())
                    .onConnect(client -> all.countDown())
                    .onDisconnect(
                        (client, reason) -> {
                          if (reason == DisconnectReason.SHUTDOWN) {
                            shutDown.incrementAndGet();
                          }
                        }))
        .listener(new BootListener())
        .start();
    List<EventStreamRecorder> streams = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      streams.add(application.get("/app/events").stream());
    }
    assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();

    application.undeploy();

    assertThat(heardWhenStopped).hasValue(CLIENTS);
    assertThat(connected).hasValue(CLIENTS);
    streams.forEach(EventStreamRecorder::assertEnded);
  }

  @Test
  @DisplayName("can be deployed again, with a history of its own")
  void again() throws Exception {
    AtomicReference<EventSources> sources = new AtomicReference<>();
    application
        .atStart(context -> sources.set(EventSources.of(context)))
        .listener(new BootListener())
        .start();
    AsyncEventSource first = sources.get().at("/events");

    application.undeploy();
    application.deploy();

    assertThat(sources.get().at("/events")).isNotSameAs(first);
    try (EventStreamRecorder stream = application.get("/app/events").stream()) {
      stream.assertOpened();
      sources.get().at("/events").send("hello");
      stream.assertEvent(null, "message", "hello");
    }
  }

  @Test
  @DisplayName("may still close its event sources when it stops after them")
  void closesLast() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicReference<ServletContextEvent> last = new AtomicReference<>();
    application
        .listener(
            new ServletContextListener() {
              @Override
              public void contextDestroyed(ServletContextEvent event) {
                last.set(event);
                try {
                  EventSources.of(event.getServletContext()).at("/events").close();
                } catch (RuntimeException e) {
                  failure.set(e);
                }
              }
            })
        .listener(new BootListener())
        .start();

    application.undeploy();

    assertThat(last).doesNotHaveNullValue();
    assertThat(failure).hasNullValue();
    assertNoThreadRemains();
  }

  private static ServletContextListener stopping(Runnable action) {
    return new ServletContextListener() {
      @Override
      public void contextDestroyed(ServletContextEvent event) {
        action.run();
      }
    };
  }

  private void assertNoThreadRemains() {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(threads())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .isEmpty());
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("eventsource-"))
        .collect(Collectors.toSet());
  }
}
