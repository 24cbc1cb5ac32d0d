package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No Arquillian here: nothing but the WAR in {@code webapps}, and the modules that README names.
 */
@DisplayName("The WAR in webapps of jetty-home")
class JettyHomeIT {

  @ParameterizedTest
  @ValueSource(strings = {"ee10", "ee11"})
  @DisplayName("serves page and stream, lets alice publish, and says farewell as Jetty stops")
  void serves(String environment, @TempDir Path base) throws Exception {
    Instant began = Instant.now();
    try (JettyHome jetty = JettyHome.start(base, environment)) {
      Duration start = Duration.between(began, Instant.now());
      RunningWar war = jetty.war();
      try (HttpReply page = war.get("").send(war.port())) {
        assertEquals(200, page.status());
        assertTrue(page.field("Server").contains(System.getProperty("it.version")));
        ContainerReport.put("version", page.field("Server"));
      }
      try (HttpReply reply = war.open()) {
        EventStreamRecorder stream = reply.stream();
        stream.assertOpened();
        war.publish("application/json", "{\"data\":\"a\"}");
        stream.assertEvent(null, "message", "a");

        jetty.stop();
        stream.assertEnded();
        assertTrue(stream.retry() >= 5_000, () -> "to come back after " + stream.retry());
      }
      ContainerReport.put("start", "%.1f s".formatted(start.toMillis() / 1000.0));
    }
  }
}
