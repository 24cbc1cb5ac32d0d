package org.asynceventsource.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The tables, in Markdown. */
final class Report {

  private static final String NOTHING = "–";

  private static final String ABOUT =
      """
      *µs* is the server's CPU time per delivered event of 100 bytes: as fast as all clients get it,
      with 32 events outstanding, and one event at a time. *Last client* is when the last of all
      clients has an event. The event source runs as shipped: its ids cost 20 to
      30 bytes an event, which the others don't send.""";

  private final Results results;
  private final String circumstances;

  Report(Results results, String circumstances) {
    this.results = results;
    this.circumstances = circumstances;
  }

  /** A column: what it is called, and what a cell says. */
  private record Column(String title, Scenario scenario, Measure measure, double unit) {}

  private static final List<Column> DELIVERY =
      List.of(
          new Column("µs, 100 clients", Scenario.FLOOD_100, Measure.CPU_MICROS, 1),
          new Column("1,000", Scenario.FLOOD_1000, Measure.CPU_MICROS, 1),
          new Column("10,000", Scenario.FLOOD_10000, Measure.CPU_MICROS, 1),
          new Column("one at a time, 1,000", Scenario.SINGLE_1000, Measure.CPU_MICROS, 1),
          new Column("last of 1,000, p50 ms", Scenario.PACED_1000, Measure.LAST_P50, 1),
          new Column("p99 ms", Scenario.PACED_1000, Measure.LAST_P99, 1),
          new Column("last of 10,000, p50 ms", Scenario.PACED_10000, Measure.LAST_P50, 1),
          new Column("p99 ms", Scenario.PACED_10000, Measure.LAST_P99, 1));

  private static final List<Column> CONNECTIONS =
      List.of(
          new Column("connects/s, cold", Scenario.CONNECT, Measure.COLD_CONNECTS, 1),
          new Column("warm", Scenario.CONNECT, Measure.WARM_CONNECTS, 1),
          new Column("heap KB a client", Scenario.CONNECT, Measure.HEAP_PER_CLIENT, 1_024),
          new Column("direct KB", Scenario.CONNECT, Measure.DIRECT_PER_CLIENT, 1_024),
          new Column("replay s", Scenario.REPLAY, Measure.REPLAY_SECONDS, 1),
          new Column("CPU s", Scenario.REPLAY, Measure.REPLAY_CPU_SECONDS, 1));

  private static List<Column> slow(Scenario slow) {
    return List.of(
        new Column("others' p99 before, ms", slow, Measure.BASELINE_P99, 1),
        new Column("and then", slow, Measure.HEALTHY_P99, 1),
        new Column("publishing p99, ms", slow, Measure.PUBLISH_P99, 1),
        new Column("stopped ones gone, s", slow, Measure.GONE_SECONDS, 1),
        new Column("heap MB", slow, Measure.STALLED_HEAP, 1 << 20));
  }

  /** Everything. */
  String markdown() {
    List<String> parts = tables();
    addGoals(parts);
    addFailures(parts);
    return joined(parts);
  }

  /** What users want to know: the tables, and how they were measured. */
  String forReadme() {
    return joined(tables());
  }

  private static String joined(List<String> parts) {
    return String.join("\n\n", parts) + "\n";
  }

  private List<String> tables() {
    List<String> parts = new ArrayList<>();
    parts.add(circumstances);
    parts.add(ABOUT);
    addTable(parts, "", DELIVERY);
    addTable(
        parts,
        "10,000 clients connect to a new process, and once more; 1,000 clients come back, each 1,000 events behind:",
        CONNECTIONS);
    addTable(parts, "20 of 2,000 clients stop reading:", slow(Scenario.SLOW_1));
    addTable(parts, "200 of 2,000 clients stop reading:", slow(Scenario.SLOW_10));
    return parts;
  }

  private void addTable(List<String> parts, String introduction, List<Column> columns) {
    List<Peer> measured =
        Arrays.stream(Peer.values())
            .filter(peer -> columns.stream().anyMatch(column -> isMeasured(peer, column)))
            .toList();
    if (measured.isEmpty()) {
      return;
    }
    if (!introduction.isEmpty()) {
      parts.add(introduction);
    }
    List<String> lines = new ArrayList<>();
    lines.add(row("", columns.stream().map(Column::title).toList()));
    lines.add("|---|" + "---:|".repeat(columns.size()));
    for (Peer peer : measured) {
      lines.add(row(peer.title(), columns.stream().map(column -> cell(peer, column)).toList()));
    }
    parts.add(String.join("\n", lines));
  }

  private static String row(String first, List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| " + first + " | ", " |"));
  }

  private boolean isMeasured(Peer peer, Column column) {
    return results.outcomes().stream()
        .anyMatch(outcome -> outcome.peer() == peer && outcome.scenario() == column.scenario());
  }

  private String cell(Peer peer, Column column) {
    OptionalDouble median = results.median(peer, column.scenario(), column.measure());
    if (median.isPresent()) {
      return column.measure() == Measure.GONE_SECONDS && median.getAsDouble() < 0
          ? "never"
          : number(median.getAsDouble() / column.unit());
    }
    return results.failures(peer, column.scenario()) > 0 ? "failed" : NOTHING;
  }

  /** Three digits that count. */
  static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }

  private void addGoals(List<String> parts) {
    List<String> lines = new ArrayList<>();
    for (Goal goal : Goal.all(results)) {
      if (goal.reached().isPresent()) {
        lines.add(
            row(
                goal.what(),
                List.of(
                    goal.peer().plainTitle().replaceAll(".*, ", ""),
                    goal.limitText(),
                    goal.reachedText(),
                    goal.isReached() ? "yes" : "**no**")));
      }
    }
    if (!lines.isEmpty()) {
      lines.add(0, "|---|---|---:|---:|---|");
      lines.add(0, row("goal", List.of("on", "limit", "measured", "reached")));
      parts.add(String.join("\n", lines));
    }
  }

  private void addFailures(List<String> parts) {
    List<String> lines =
        results.outcomes().stream()
            .filter(Outcome::isFailure)
            .map(
                outcome ->
                    "- %s, %s, round %d: %s"
                        .formatted(
                            outcome.peer().plainTitle(),
                            outcome.scenario().key(),
                            outcome.round(),
                            outcome.failure().lines().findFirst().orElse("")))
            .toList();
    if (!lines.isEmpty()) {
      parts.add("Runs that don't count:");
      parts.add(String.join("\n", lines));
    }
  }
}
