package org.asynceventsource.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lets 1,000 clients come back at once, each 1,000 events behind; the third time counts. */
final class Replay {

  private static final int CLIENTS = 1_000;
  private static final int EVENTS = 1_000;
  private static final int EVENT_SIZE = 100;
  private static final int TIMES = 3;
  private static final String PATIENCE_SECONDS = "30";

  private Replay() {}

  static Map<Measure, Double> measure(Run run) {
    Map<Measure, Double> result = Map.of();
    for (int i = 0; i < TIMES; i++) {
      result = once(run);
      run.settle();
    }
    return result;
  }

  private static Map<Measure, Double> once(Run run) {
    run.peer().broadcast(1, EVENT_SIZE);
    String[] newest = run.peer().ask("I").split(" ", -1);
    long sequence = Long.parseLong(newest[0]);
    run.peer().broadcast(EVENTS, EVENT_SIZE);
    List<String> options = new ArrayList<>(List.of("--last-event-id", newest[1]));
    options.addAll(List.of("--first-sequence", Long.toString(sequence + 1)));
    options.addAll(List.of("--until-sequence", Long.toString(sequence + EVENTS)));
    Measures told = run.load(CLIENTS, options, PATIENCE_SECONDS);
    if (told.get("reached") != CLIENTS || told.get("events") != (double) CLIENTS * EVENTS) {
      throw new BenchmarkException(
          "%.0f of %d clients got all they had missed, %.0f events of %d"
              .formatted(told.get("reached"), CLIENTS, told.get("events"), CLIENTS * EVENTS));
    }
    return Map.of(
        Measure.REPLAY_SECONDS, told.get("reached_seconds"),
        Measure.REPLAY_CPU_SECONDS, told.get("reached_server_cpu_s"));
  }
}
