package org.asynceventsource.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Results")
class ResultsTest {

  private final Results results = new Results();

  @Test
  @DisplayName("have as median the middle value, or the mean of the two in the middle")
  void median() {
    assertThat(Results.median(List.of(9.0, 1.0, 2.0))).hasValue(2.0);
    assertThat(Results.median(List.of(9.0, 1.0, 2.0, 3.0))).hasValue(2.5);
    assertThat(Results.median(List.of())).isEmpty();
  }

  @Test
  @DisplayName("don't count a run that failed")
  void failed() {
    cpu(Peer.JETTY, 16);
    results.add(new Outcome(2, Peer.JETTY, Scenario.FLOOD_1000, Map.of(), "lost 1"));
    cpu(Peer.JETTY, 14);

    OptionalDouble median = results.median(Peer.JETTY, Scenario.FLOOD_1000, Measure.CPU_MICROS);
    assertThat(median).hasValue(15);
    assertThat(results.failures(Peer.JETTY, Scenario.FLOOD_1000)).isEqualTo(1);
    assertThat(new Report(results, "").markdown())
        .contains("- Jetty EventSourceServlet, flood-1000, round 2: lost 1");
  }

  @Test
  @DisplayName("reach a goal if the ratio of medians is within the limit")
  void goals() {
    cpu(Peer.ASYNC_JETTY, 1);
    cpu(Peer.JETTY, 16);
    cpu(Peer.UNDERTOW, 3.9);

    assertThat(Goal.all(results).stream().filter(goal -> goal.reached().isPresent()))
        .extracting(Goal::what, Goal::limitText, Goal::reachedText, Goal::isReached)
        .containsExactly(
            tuple("CPU per event, flood-1000, of EventSourceServlet", "≤ 0.063 ×", "0.063 ×", true),
            tuple(
                "CPU per event, flood-1000, of Undertow's handler", "≤ 0.250 ×", "0.256 ×", false));
  }

  @Test
  @DisplayName("don't take stalled clients for gone that never went")
  void neverGone() {
    results.add(
        new Outcome(1, Peer.ASYNC_JETTY, Scenario.SLOW_1, Map.of(Measure.GONE_SECONDS, -1.0), ""));

    assertThat(Goal.all(results).stream().filter(goal -> goal.reached().isPresent()))
        .extracting(Goal::isReached)
        .containsExactly(false);
    assertThat(new Report(results, "").markdown()).contains("| never |");
  }

  @Test
  @DisplayName("are written as JSON, failures included")
  void json() {
    assertThat(
            new Outcome(1, Peer.C_DIRECT, Scenario.REPLAY, Map.of(Measure.REPLAY_SECONDS, .5), "")
                .json())
        .isEqualTo(
            "{\"round\":1,\"peer\":\"c-direct\",\"scenario\":\"replay\",\"failure\":null,\"measures\":{\"replay_seconds\":0.500000}}");
    assertThat(new Outcome(1, Peer.JETTY, Scenario.REPLAY, Map.of(), "a \"b\"\n\tc").json())
        .contains("\"failure\":\"a \\\"b\\\"\\n c\",\"measures\":{}}");
  }

  @Test
  @DisplayName("stand in the README between two comments, and nowhere else")
  void readme() {
    String text = "a\n<!-- benchmark -->\nold\n<!-- /benchmark -->\nb\n";

    assertThat(Readme.replaced(text, "new\n"))
        .isEqualTo("a\n<!-- benchmark -->\nnew\n<!-- /benchmark -->\nb\n");
  }

  private void cpu(Peer peer, double micros) {
    results.add(new Outcome(1, peer, Scenario.FLOOD_1000, Map.of(Measure.CPU_MICROS, micros), ""));
  }
}
