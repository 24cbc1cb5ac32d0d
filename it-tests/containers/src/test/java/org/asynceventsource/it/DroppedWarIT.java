package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No Arquillian here: nothing but the WAR, and the server as README has it. */
@DisplayName("The WAR dropped into a server")
class DroppedWarIT {

  private static final String VERSION = System.getProperty("it.version");

  /** The other tests run in Jetty by itself, and report on that. */
  private static final boolean JETTY_HOME = System.getProperty("it.container").equals("jetty-home");

  /** A way to start the server under test. */
  @FunctionalInterface
  interface Start {

    ServerProcess in(Path directory) throws Exception;
  }

  static List<Start> servers() {
    return JETTY_HOME
        ? List.of(base -> JettyHome.start(base, "ee10"), base -> JettyHome.start(base, "ee11"))
        : List.of(PayaraMicro::start);
  }

  @ParameterizedTest
  @MethodSource("servers")
  @DisplayName("serves page and stream, lets alice publish, and says farewell as the server stops")
  void serves(Start server, @TempDir Path directory) throws Exception {
    Instant began = Instant.now();
    try (ServerProcess process = server.in(directory)) {
      Duration start = Duration.between(began, Instant.now());
      RunningWar war = process.war();
      try (HttpReply page = war.get("").send(war.port())) {
        assertEquals(200, page.status());
        String name = page.field("Server");
        assertTrue(process.greeting().contains(VERSION), process::greeting);
        report("version", name.contains(VERSION) ? name : name + ' ' + VERSION);
      }
      try (HttpReply reply = war.open()) {
        EventStreamRecorder stream = reply.stream();
        stream.assertOpened();
        war.publish("application/json", "{\"data\":\"a\"}");
        stream.assertEvent(null, "message", "a");

        process.stop();
        stream.assertEnded();
        assertTrue(stream.retry() >= 5_000, () -> "to come back after " + stream.retry());
      }
      report("start", "%.1f s".formatted(start.toMillis() / 1000.0));
    }
  }

  private static void report(String fact, String value) throws IOException {
    if (JETTY_HOME) {
      ContainerReport.put(fact, value);
    }
  }
}
