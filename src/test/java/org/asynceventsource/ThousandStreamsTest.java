package org.asynceventsource;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.boot.BootListener;
import org.asynceventsource.test.EventStreamParser;
import org.asynceventsource.test.HttpReply;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What "asynchronous" means: a stream has no thread of the container's. */
@DisplayName("With 8 container threads")
class ThousandStreamsTest {

  private static final int THREADS = 8;
  private static final int STREAMS = 1_000;
  private static final int EVENTS = 20;

  private final WebApplication application = WebApplication.at("/app", THREADS);
  private AsyncEventSource events;

  @AfterEach
  void stop() throws Exception {
    application.stop();
  }

  @Test
  @Timeout(60)
  @DisplayName("1,000 streams stay open, publishing goes on, and other requests are answered")
  void thousandStreams() throws Exception {
    application
        .listener(new BootListener())
        .atStart(this::keepEventSource)
        .configure(handler -> handler.addServlet(new ServletHolder(new Ping()), "/ping"))
        .start();
    List<HttpReply> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      streams.add(application.get("/app/events"));
    }
    assertThat(streams).allMatch(stream -> stream.status() == 200);
    assertThat(events.count()).isEqualTo(STREAMS);

    for (int i = 0; i < EVENTS; i++) {
      assertThat(events.send("event " + i).toCompletableFuture().join().delivery())
          .isEqualTo(SendResult.Delivery.QUEUED);
      try (HttpReply ping = application.get("/app/ping")) {
        assertThat(ping.text()).isEqualTo("pong");
      }
    }

    for (HttpReply stream : streams) {
      assertThat(events(stream.body())).isEqualTo(expected());
      stream.close();
    }
  }

  private void keepEventSource(ServletContext context) {
    events = EventSources.of(context).at("/events");
  }

  private static List<String> expected() {
    List<String> data = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      data.add("event " + i);
    }
    return data;
  }

  private static List<String> events(InputStream body) throws IOException {
    List<String> data = new ArrayList<>();
    EventStreamParser parser = new EventStreamParser(message -> data.add(message.data()));
    byte[] buffer = new byte[4_096];
    while (data.size() < EVENTS) {
      int length = body.read(buffer);
      assertThat(length).as("the stream has ended behind %s", data).isPositive();
      parser.feed(buffer, 0, length);
    }
    return data;
  }

  private static final class Ping extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print("pong");
    }
  }
}
