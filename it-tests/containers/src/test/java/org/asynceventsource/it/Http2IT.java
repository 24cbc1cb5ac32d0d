package org.asynceventsource.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.test.EventStreamRecorder;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@RunAsClient
@ExtendWith(ArquillianExtension.class)
@DisplayName("Streams that share one connection of HTTP/2")
class Http2IT {

  private static final int STREAMS = 10;
  private static final int EVENTS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();

  @Deployment(testable = false)
  static WebArchive war() {
    return EventSourceWar.with("eventsource.heartbeat=1s")
        .addClasses(Guestbook.class, GuestbookServlet.class);
  }

  @Test
  @DisplayName("get each event, also when others of them are cancelled, of which the server learns")
  void shared(@ArquillianResource URI application) throws Exception {
    RunningWar war = new RunningWar(application);
    upgrade(war);
    List<EventStreamRecorder> staying = new ArrayList<>();
    List<InputStream> leaving = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      staying.add(EventStreamRecorder.of(open(war)));
      leaving.add(open(war));
    }
    staying.forEach(EventStreamRecorder::assertOpened);

    for (int i = 0; i < EVENTS; i++) {
      war.publish("text/plain", "event " + i);
      if (i < STREAMS) {
        leaving.get(i).close();
      }
    }

    for (EventStreamRecorder stream : staying) {
      for (int i = 0; i < EVENTS; i++) {
        stream.assertEvent(null, "message", "event " + i);
      }
      stream.assertExhausted();
    }
    String expected = "%d opened, %d closed".formatted(2 * STREAMS, STREAMS);
    await().atMost(PATIENCE).untilAsserted(() -> assertEquals(expected, war.guestbook()));
  }

  /**
   * Makes the connection. In Tomcat the stream of the request that upgrades it has a window of
   * 65,535 bytes, whatever the client says.
   */
  private void upgrade(RunningWar war) throws IOException, InterruptedException {
    HttpRequest.Builder head = events(war).method("HEAD", BodyPublishers.noBody());
    send(head, BodyHandlers.discarding());
  }

  private InputStream open(RunningWar war) throws IOException, InterruptedException {
    return send(events(war), BodyHandlers.ofInputStream()).body();
  }

  private static HttpRequest.Builder events(RunningWar war) {
    return HttpRequest.newBuilder(war.uri().resolve("events"))
        .header("Accept", "text/event-stream")
        .timeout(PATIENCE);
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body)
      throws IOException, InterruptedException {
    HttpResponse<T> response = client.send(request.build(), body);
    assertEquals(200, response.statusCode());
    assertEquals(HttpClient.Version.HTTP_2, response.version());
    return response;
  }
}
