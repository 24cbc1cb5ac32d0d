package org.asynceventsource.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All scenarios of one group with one peer in one round: one process, unless one of them fails. */
final class Session {

  private static final int START_SECONDS = 2;
  private static final int WARM_UP_SECONDS = 9;

  private final Workplace workplace;
  private final Options options;
  private final int round;
  private final Peer peer;
  private final List<Scenario> scenarios;
  private final Results results;

  Session(
      Workplace workplace,
      Options options,
      int round,
      Peer peer,
      List<Scenario> scenarios,
      Results results) {
    this.workplace = workplace;
    this.options = options;
    this.round = round;
    this.peer = peer;
    this.scenarios = scenarios;
    this.results = results;
  }

  /** How long it takes, about. */
  int seconds() {
    int warmUp = scenarios.get(0).group().isWarm() ? WARM_UP_SECONDS : 0;
    return START_SECONDS + warmUp + scenarios.stream().mapToInt(Scenario::seconds).sum();
  }

  void run() {
    List<Scenario> left = new ArrayList<>(scenarios);
    while (!left.isEmpty()) {
      process(left);
    }
  }

  /** Measures in one process until all is done or one scenario fails; at least one is done. */
  private void process(List<Scenario> left) {
    Scenario first = left.get(0);
    Path recording = workplace.log(peer.key()).resolveSibling(peer.key() + ".jfr");
    boolean records = options.isRecording() && !peer.isReference();
    List<String> jvmOptions = records ? List.of(FlightReport.option(recording)) : List.of();
    Map<Scenario, Instant> begun = new LinkedHashMap<>();
    try (RunningPeer running =
        RunningPeer.start(peer, peer.command(workplace, jvmOptions), workplace.log(peer.key()))) {
      Run run = new Run(workplace, running, options.pace());
      if (first.group().isWarm()) {
        run.warmUp();
        run.settle();
      }
      boolean usable = true;
      while (usable && !left.isEmpty()) {
        Scenario next = left.remove(0);
        begun.put(next, Instant.now());
        usable = measure(run, next);
      }
    } catch (BenchmarkException e) { // before the first
      if (left.remove(first)) {
        keep(first, Map.of(), e.getMessage());
      }
    }
    if (records) {
      print(recording, begun);
    }
  }

  private boolean measure(Run run, Scenario scenario) {
    try {
      keep(scenario, scenario.run(run), "");
      return run.peer().settle();
    } catch (BenchmarkException e) {
      keep(scenario, Map.of(), e.getMessage());
      return false;
    }
  }

  private void keep(Scenario scenario, Map<Measure, Double> measures, String failure) {
    Outcome outcome = new Outcome(round, peer, scenario, measures, failure);
    results.add(outcome);
    System.out.printf("%d %-16s %-12s %s%n", round, peer.key(), scenario.key(), outcome.line());
  }

  /** Each scenario's samples end where the next one begins. */
  private static void print(Path recording, Map<Scenario, Instant> begun) {
    List<Scenario> order = List.copyOf(begun.keySet());
    for (int i = 0; i < order.size(); i++) {
      Instant begin = begun.get(order.get(i));
      Instant end = i + 1 < order.size() ? begun.get(order.get(i + 1)) : Instant.MAX;
      if (begin != null && end != null) {
        System.out.printf(
            "%n== %s in %s%n%s",
            order.get(i).key(), recording, FlightReport.read(recording, begin, end));
      }
    }
  }
}
