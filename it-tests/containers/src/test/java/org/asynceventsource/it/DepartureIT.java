package org.asynceventsource.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpReply;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The numbers of the guestbook go on from test to test. */
@RunAsClient
@ExtendWith(ArquillianExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("A client that leaves without a word")
class DepartureIT {

  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration SLACK = Duration.ofSeconds(2);
  private static final int CLIENTS = 20;

  @Deployment(testable = false)
  static WebArchive war() {
    return EventSourceWar.with("eventsource.heartbeat=" + HEARTBEAT)
        .addClasses(Guestbook.class, GuestbookServlet.class);
  }

  @Test
  @Order(1)
  @DisplayName("by a reset is noticed within a heartbeat, and nobody else is taken for gone")
  void reset(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    try (EventStreamRecorder bystander = war.open().stream()) {
      for (int i = 0; i < CLIENTS; i++) {
        war.open().reset();
      }
      await()
          .atMost(HEARTBEAT.plus(SLACK))
          .untilAsserted(
              () -> assertEquals(CLIENTS + 1 + " opened, " + CLIENTS + " closed", war.guestbook()));
      war.publish("text/plain", "still there?");
      bystander.assertEvent(null, "message", "still there?");
    }
  }

  @Test
  @Order(2)
  @DisplayName("by closing is noticed within two heartbeats")
  void close(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    for (int i = 0; i < CLIENTS; i++) {
      HttpReply stream = war.open();
      readOpening(stream.body());
      stream.close();
    }
    int all = 2 * CLIENTS + 1;
    await()
        .atMost(HEARTBEAT.multipliedBy(2).plus(SLACK))
        .untilAsserted(
            () -> assertEquals("%d opened, %1$d closed".formatted(all), war.guestbook()));
  }

  /** Up to the first empty line: what isn't read makes the system send a reset at the close. */
  private static void readOpening(InputStream body) throws IOException {
    for (int before = 0, last = body.read(); last != '\n' || before != '\n'; ) {
      before = last;
      last = body.read();
      assertTrue(last >= 0, "the stream ended");
    }
  }
}
