package org.asynceventsource.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.test.HttpReply;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The attack, or the accident: the network between server and clients goes away, without an end or
 * a reset. The system repeats what isn't acknowledged for a quarter of an hour; no write fails.
 *
 * <p>Packets to an address of the loopback interface are dropped by a route, which root may set.
 */
@Tag("root")
@RunAsClient
@ExtendWith(ArquillianExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("A stream whose client is cut off silently")
class SilenceIT {

  private static final String CUT_OFF = "127.0.0.77";
  private static final Duration LIFETIME = Duration.ofSeconds(4);
  private static final Duration SLACK = Duration.ofSeconds(3);
  private static final int CLIENTS = 5;
  private static final int EVENTS = 6;
  private static final String LARGE = "x".repeat(1_000_000);

  @Deployment(testable = false)
  static WebArchive war() {
    return EventSourceWar.with("eventsource.heartbeat=1s", "eventsource.lifetime=" + LIFETIME)
        .addClasses(Guestbook.class, GuestbookServlet.class);
  }

  @AfterEach
  void heal() throws Exception {
    ip("route flush table local exact " + CUT_OFF);
  }

  @Test
  @Order(1)
  @DisplayName("ends with its lifetime if it is idle")
  void idle(@ArquillianResource URI application) throws Exception {
    RunningWar war = new RunningWar(application);
    cutOff(war);

    assertGone(war, CLIENTS);
  }

  @Test
  @Order(2)
  @DisplayName("ends with its lifetime if more is sent than the system takes")
  void busy(@ArquillianResource URI application) throws Exception {
    RunningWar war = new RunningWar(application);
    cutOff(war);
    for (int i = 0; i < EVENTS; i++) {
      war.publish("text/plain", LARGE);
    }
    assertEquals("%d opened, %d closed".formatted(2 * CLIENTS, CLIENTS), war.guestbook());
    assertGone(war, 2 * CLIENTS);
  }

  private static void cutOff(RunningWar war) throws Exception {
    List<HttpReply> streams = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      HttpReply stream = war.get("events").send(war.port(), InetAddress.getByName(CUT_OFF));
      assertEquals(200, stream.status());
      streams.add(stream);
    }
    ip("route replace table local blackhole " + CUT_OFF);
    for (HttpReply stream : streams) {
      stream.close(); // of which the server learns nothing
    }
  }

  private static void assertGone(RunningWar war, int clients) {
    await()
        .atMost(LIFETIME.plus(SLACK))
        .untilAsserted(
            () -> assertEquals("%d opened, %1$d closed".formatted(clients), war.guestbook()));
  }

  private static void ip(String arguments) throws Exception {
    Process process =
        new ProcessBuilder(("ip " + arguments).split(" ")).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> said + "this test needs root, to drop packets");
  }
}
