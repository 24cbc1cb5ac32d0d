package org.asynceventsource.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynceventsource.RecordingLogger;
import org.asynceventsource.SlowClients;
import org.asynceventsource.WebApplication;
import org.asynceventsource.log.MemoryLog;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.spi.WarnOnce;
import org.asynceventsource.stream.FanOutPool;
import org.asynceventsource.stream.Places;
import org.asynceventsource.stream.StreamEventSource;
import org.asynceventsource.stream.StreamOptions;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.HttpUpload;

/** One event source at /app/events in a real container, with nothing before it but the servlet. */
final class ServedEventSource {

  static final RequestOptions OPEN = new RequestOptions(Set.of(), List.of(), List.of(), 1_000);

  private static final StreamOptions STREAMS =
      new StreamOptions(
          256,
          1 << 20,
          SlowClients.DEFAULT,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          "eventsource.gap",
          false,
          Duration.ZERO,
          Set.of("editor", "reader"));

  private final FanOutPool pool = FanOutPool.start(1, Duration.ofMillis(50), Duration.ZERO);
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final RecordingLogger logger = new RecordingLogger();
  private final AtomicInteger sessions = new AtomicInteger();
  private final PublishStreams publishing =
      PublishStreams.create(Duration.ofMinutes(5), Duration.ZERO, Runnable::run);
  private final WebApplication application;
  private StreamEventSource source;
  private AsyncEventSourceServlet servlet;

  private ServedEventSource(WebApplication application) {
    this.application = application;
  }

  static ServedEventSource start(RequestOptions options) throws Exception {
    return start(options, (request, response, chain) -> chain.doFilter(request, response));
  }

  static ServedEventSource start(RequestOptions options, Filter publishers) throws Exception {
    return start(options, publishers, WebApplication.at("/app"));
  }

  /** In an application at /app that a test has made in its own way. */
  static ServedEventSource start(
      RequestOptions options, Filter publishers, WebApplication application) throws Exception {
    ServedEventSource served = new ServedEventSource(application);
    served.application.atStart(context -> served.register(context, options, publishers));
    served.application.listener(served.new Sessions()).start();
    return served;
  }

  private void register(ServletContext context, RequestOptions options, Filter publishers) {
    MemoryLog log = MemoryLog.create(new MemoryLog.Bounds(1_000, 1_000_000, Duration.ZERO));
    source =
        new StreamEventSource(
            "/events", log, STREAMS, new Places(100), pool, executor, context, StreamListener.NONE);
    servlet =
        new AsyncEventSourceServlet(source, options, publishers, publishing, new WarnOnce(logger));
    ServletRegistration.Dynamic registration = context.addServlet("events", servlet);
    registration.setAsyncSupported(true);
    registration.addMapping("/events");
  }

  StreamEventSource source() {
    return source;
  }

  AsyncEventSourceServlet servlet() {
    return servlet;
  }

  /** The requests that publish streams. */
  PublishStreams publishing() {
    return publishing;
  }

  WebApplication application() {
    return application;
  }

  /** What the servlet has logged. */
  List<String> logged() {
    return logger.lines();
  }

  /** How many sessions have been created. */
  int sessions() {
    return sessions.get();
  }

  static HttpCall get() {
    return HttpCall.of("GET", "/app/events");
  }

  static HttpCall post(String text) {
    return HttpCall.of("POST", "/app/events").withBody("text/plain", text);
  }

  /** Begins to publish a stream. */
  HttpUpload upload(String method) throws IOException {
    return HttpCall.of(method, "/app/events").upload("text/event-stream", application.port());
  }

  HttpReply send(HttpCall call) throws IOException {
    return application.send(call);
  }

  EventStreamRecorder open(HttpCall call) throws IOException {
    EventStreamRecorder stream = send(call).stream();
    stream.assertOpened();
    return stream;
  }

  /** Sends an event and waits until the history has it. */
  String publish(String data) {
    return source.send(data).toCompletableFuture().join().id();
  }

  void stop() throws Exception {
    publishing.close();
    source.close();
    application.stop();
    pool.close();
    executor.shutdown();
  }

  private final class Sessions implements HttpSessionListener {

    @Override
    public void sessionCreated(HttpSessionEvent event) {
      sessions.incrementAndGet();
    }
  }
}
