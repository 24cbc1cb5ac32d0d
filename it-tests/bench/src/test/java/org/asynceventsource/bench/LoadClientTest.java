package org.asynceventsource.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a server that does wrong on purpose; processes of their own, as in a measurement. */
@Timeout(60)
@DisplayName("The load client")
class LoadClientTest {

  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Workplace WORKPLACE =
      new Workplace(
          MODULE, Path.of(System.getProperty("java.home"), "bin", "java"), List.of("-Xmx64m"));

  @BeforeAll
  static void compile() {
    WORKPLACE.prepare(); // which lets the load client check how it takes streams apart
  }

  @Test
  @DisplayName("is content with a server that sends everything once and in order")
  void right() {
    Measures told = flood(FaultyServer.Fault.NONE);

    told.requireFaultless();
    assertThat(told.get("published")).isGreaterThan(10);
    assertThat(told.get("server_cpu_us_per_event")).isPositive();
    assertThat(told.get("latency_p50_ms")).isPositive().isLessThan(1_000);
  }

  @Test
  @DisplayName("notices an event that one client didn't get")
  void lost() {
    assertThatThrownBy(() -> flood(FaultyServer.Fault.LOSES).requireFaultless())
        .hasMessageMatching("not every client got every event once and in order: lost 1.*");
  }

  @Test
  @DisplayName("notices an event that one client got twice")
  void doubled() {
    assertThatThrownBy(() -> flood(FaultyServer.Fault.DOUBLES).requireFaultless())
        .hasMessageMatching("not every client got every event once and in order: backwards 1.*");
  }

  @Test
  @DisplayName("notices a stream that the server ended")
  void ended() {
    assertThatThrownBy(() -> flood(FaultyServer.Fault.ENDS).requireFaultless())
        .hasMessageMatching("not every client got every event once and in order: broken 1.*");
  }

  @Test
  @DisplayName("fails with the end of the server's log if the server dies")
  void death() {
    assertThatThrownBy(() -> flood(FaultyServer.Fault.DIES))
        .isInstanceOf(BenchmarkException.class)
        .hasMessageStartingWith("async-jetty died with 3; the end of ")
        .hasMessageContaining("dying, as told");
  }

  private static Measures flood(FaultyServer.Fault fault) {
    List<String> command = new ArrayList<>();
    command.add(WORKPLACE.java().toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(FaultyServer.class.getName(), fault.name()));
    Path log = WORKPLACE.output().resolve("logs").resolve("faulty-" + fault + ".log");
    try (RunningPeer server = RunningPeer.start(Peer.ASYNC_JETTY, command, log)) {
      return LoadClient.run(
          WORKPLACE, server, 3, List.of("--flood", "4", "--seconds", "0.5", "--drain", "0.5"));
    }
  }
}
