package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.EventSources;
import org.asynceventsource.WebApplication;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Without CDI, in a real container; requests byte by byte. */
@DisplayName("The event sources of an application")
class ApplicationTest {

  private WebApplication application = WebApplication.at("/app");
  private final AtomicReference<EventSources> sources = new AtomicReference<>();

  @AfterEach
  void stop() throws Exception {
    application.stop();
  }

  private void start(Consumer<EventSources> atStart) throws Exception {
    application
        .atStart(
            context -> {
              sources.set(EventSources.of(context));
              atStart.accept(sources.get());
            })
        .listener(new BootListener())
        .start();
  }

  @ParameterizedTest
  @CsvSource({"/, /events", "/app, /app/events", "/deep/er, /deep/er/events"})
  @DisplayName("answer below whatever context path the application has")
  void contextPaths(String contextPath, String url) throws Exception {
    application = WebApplication.at(contextPath);
    start(nothing -> {});

    try (EventStreamRecorder stream = application.get(url).stream()) {
      stream.assertOpened();
      sources.get().at("/events").send("hello");
      stream.assertEvent(null, "message", "hello");
    }
  }

  /** Attack: whoever gets a heap dump, or observes the settings, finds everybody's password. */
  @Test
  @DisplayName("keep no password once users are known")
  void passwords() throws Exception {
    application.parameter("eventsource.users", "alice:secret");
    start(nothing -> {});

    assertThat(((Application) sources.get()).settings().users().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("are independent of each other")
  void several() throws Exception {
    start(
        starting -> {
          starting.at("/orders");
          starting.at("/stock/prices");
        });

    try (EventStreamRecorder orders = application.get("/app/orders").stream();
        EventStreamRecorder prices = application.get("/app/stock/prices").stream();
        EventStreamRecorder events = application.get("/app/events").stream()) {
      orders.assertOpened();
      prices.assertOpened();
      events.assertOpened();
      sources.get().at("/orders").send("order");
      sources.get().at("/stock/prices").send("price");
      sources.get().bus().publish("event");
      orders.assertEvent(null, "message", "order");
      prices.assertEvent(null, "message", "price");
      events.assertEvent(null, "message", "event");
      orders.assertExhausted();
      prices.assertExhausted();
      events.assertExhausted();
    }
    assertThat(sources.get().all())
        .extracting(AsyncEventSource::path)
        .containsExactly("/orders", "/stock/prices", "/events");
  }

  @Test
  @DisplayName("are the same whenever they are asked for")
  void same() throws Exception {
    AtomicReference<AsyncEventSource> early = new AtomicReference<>();
    AtomicReference<ServletContext> context = new AtomicReference<>();
    application.atStart(context::set);
    start(starting -> early.set(starting.at("/events")));

    assertThat(EventSources.of(context.get())).isSameAs(sources.get());
    assertThat(sources.get().at("/events")).isSameAs(early.get());
    assertThat(sources.get().find("/events")).containsSame(early.get());
    assertThat(sources.get().find("")).containsSame(early.get());
    assertThat(sources.get().find("/nowhere")).isEmpty();
  }

  @Test
  @DisplayName("have a default only where its path is not empty")
  void noDefault() throws Exception {
    application.parameter("eventsource.path", "");
    start(nothing -> {});

    assertThat(sources.get().all()).isEmpty();
    assertThat(sources.get().find("")).isEmpty();
    try (HttpReply reply = application.get("/app/events")) {
      assertThat(reply.status()).isEqualTo(404);
    }
  }

  @Test
  @DisplayName("can't be created after the start, and say when they can")
  void tooLate() throws Exception {
    start(nothing -> {});

    assertThatThrownBy(() -> sources.get().at("/late"))
        .isInstanceOf(EventSourceException.class)
        .hasMessage(
            "event source '/late' can't be created any more, because the application has started;"
                + " do it at start-up: observe EventSources, or in a ServletContextListener");
    assertThat(sources.get().find("/late")).isEmpty();
  }

  @ParameterizedTest(name = "[{0}]")
  @ValueSource(strings = {"events", "/", "", "/a b", "/a/", "/a/*", "/*", "/ä", "//a", "/a\r\nb"})
  @DisplayName("refuse a path that is none, and show how one looks")
  void badPath(String path) throws Exception {
    AtomicReference<Throwable> refusal = new AtomicReference<>();
    start(
        starting -> {
          try {
            starting.at(path);
          } catch (EventSourceException refused) {
            refusal.set(refused);
          }
        });

    assertThat(refusal.get())
        .hasMessage(
            "path '%s' must begin with '/' and consist of letters, digits, '.', '_', '~', '-'; such"
                + " as /events",
            EventSourceException.printable(path));
  }

  @Test
  @DisplayName("have middleware in common, but for those that leave it out")
  void commonMiddleware() throws Exception {
    AtomicReference<String> destroyed = new AtomicReference<>("not yet");
    Filter closed =
        new Filter() {
          @Override
          public void doFilter(
              ServletRequest request, ServletResponse response, FilterChain chain) {
            ((HttpServletResponse) response).setStatus(418);
          }

          @Override
          public void destroy() {
            destroyed.set("destroyed");
          }
        };
    start(
        starting -> {
          starting.at("/before");
          starting.addMiddleware(closed);
          starting.at("/after");
          starting.at("/open").skipCommonMiddleware();
        });

    for (String path : new String[] {"/app/before", "/app/after", "/app/events"}) {
      try (HttpReply reply = application.get(path)) {
        assertThat(reply.status()).isEqualTo(418);
      }
    }
    try (EventStreamRecorder stream = application.get("/app/open").stream()) {
      stream.assertOpened();
    }
    assertThat(destroyed).hasValue("not yet");
    application.stop();
    assertThat(destroyed).hasValue("destroyed");
  }

  @Test
  @DisplayName("stop the deployment where a servlet has the path already")
  void conflict() {
    application.configure(
        handler ->
            handler.addServlet(
                new HttpServlet() {
                  private static final long serialVersionUID = 1L;
                },
                "/events"));

    assertThatThrownBy(() -> start(nothing -> {}))
        .isInstanceOf(EventSourceException.class)
        .hasMessage(
            "path '/events' belongs to another servlet; choose another path, or set"
                + " 'eventsource.path'");
  }
}
