package org.asynceventsource;

import jakarta.servlet.Filter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.asynceventsource.boot.BootListener;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;

/** An event source at /app/events behind middleware, in a real container. */
public final class GuardedEvents implements AutoCloseable {

  /** Where it is. */
  public static final String PATH = "/app/events";

  private final WebApplication application = WebApplication.at("/app");
  private AsyncEventSource source;

  private GuardedEvents() {}

  /** Starts it. */
  public static GuardedEvents behind(Filter... middleware) throws Exception {
    return start(Map.of(), middleware);
  }

  /** Starts it where proxies on this machine are believed. */
  public static GuardedEvents behindProxyAnd(Filter... middleware) throws Exception {
    return start(Map.of("trusted-proxies", "127.0.0.1"), middleware);
  }

  /** Starts it with some settings, by their names without the prefix. */
  public static GuardedEvents start(Map<String, String> settings, Filter... middleware)
      throws Exception {
    GuardedEvents events = new GuardedEvents();
    settings.forEach((name, value) -> events.application.parameter("eventsource." + name, value));
    events
        .application
        .atStart(
            context -> {
              events.source = EventSources.of(context).at("/events");
              List.of(middleware).forEach(events.source::addMiddleware);
            })
        .listener(new BootListener())
        .start();
    return events;
  }

  public AsyncEventSource source() {
    return source;
  }

  public static HttpCall get() {
    return HttpCall.of("GET", PATH);
  }

  /** As a browser's EventSource asks. */
  public static HttpCall eventSource() {
    return get().with("Accept", "text/event-stream");
  }

  public HttpReply send(HttpCall call) throws IOException {
    return application.send(call);
  }

  /** Sends a request and doesn't look at more than the answer's status. */
  public int status(HttpCall call) throws IOException {
    try (HttpReply reply = send(call)) {
      return reply.status();
    }
  }

  /** Sends a request that is to be answered with a stream. */
  public EventStreamRecorder open(HttpCall call) throws IOException {
    EventStreamRecorder stream = send(call).stream();
    stream.assertOpened();
    return stream;
  }

  @Override
  public void close() {
    try {
      application.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server can't be stopped", e);
    }
  }
}
