package org.asynceventsource.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program behind {@code it-tests/bench/run}. */
public final class Benchmark {

  private static final int START_SECONDS = 2;
  private static final int WARM_UP_SECONDS = 4;
  private static final int SECONDS_PER_MINUTE = 60;

  private final Options options;
  private final Workplace workplace;
  private final Results results = new Results();

  private Benchmark(Options options, Workplace workplace) {
    this.options = options;
    this.workplace = workplace;
  }

  /**
   * Measures and reports; ends with 1 if any run failed, with 2 if nothing can be measured.
   *
   * @param arguments as {@code --help} tells
   */
  public static void main(String[] arguments) {
    try {
      Options options = Options.parse(List.of(arguments));
      if (options.isHelp()) {
        System.out.print(Options.USAGE);
        return;
      }
      Path module = Path.of(System.getProperty("bench.module", "it-tests/bench")).toAbsolutePath();
      Benchmark benchmark = new Benchmark(options, options.workplace(module));
      benchmark.run();
      System.exit(benchmark.results.hasFailures() ? 1 : 0);
    } catch (BenchmarkException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(2);
    }
  }

  private void run() {
    workplace.prepare();
    System.out.printf(
        "%d rounds, about %d minutes%n", options.runs(), estimate() / SECONDS_PER_MINUTE + 1);
    for (int round = 1; round <= options.runs(); round++) {
      for (Session session : sessions(round)) {
        session.run();
        write();
      }
    }
  }

  /** Every peer in turn, one group of scenarios after the other. */
  private List<Session> sessions(int round) {
    List<Session> sessions = new ArrayList<>();
    for (Scenario.Group group : Scenario.Group.values()) {
      for (Peer peer : options.peers()) {
        List<Scenario> scenarios = options.scenarios(group, peer);
        if (!scenarios.isEmpty() && takesPart(peer, group, round)) {
          sessions.add(new Session(workplace, options, round, peer, scenarios, results));
        }
      }
    }
    return sessions;
  }

  /** Rivals meet slow clients once: they are there for contrast, and it takes two minutes each. */
  private static boolean takesPart(Peer peer, Scenario.Group group, int round) {
    return group != Scenario.Group.SLOW || peer.isOurs() || round == 1;
  }

  private int estimate() {
    int seconds = 0;
    for (int round = 1; round <= options.runs(); round++) {
      for (Session session : sessions(round)) {
        seconds += START_SECONDS + session.seconds();
      }
    }
    return seconds;
  }

  /** After each session, so that little is lost if one never ends. */
  private void write() {
    List<String> lines = results.outcomes().stream().map(Outcome::json).toList();
    try {
      Files.write(workplace.output().resolve("results.jsonl"), lines);
    } catch (IOException e) {
      throw new BenchmarkException("can't write the results", e);
    }
  }

  /** One process of one peer, and all scenarios of one group that concern it. */
  private record Session(
      Workplace workplace,
      Options options,
      int round,
      Peer peer,
      List<Scenario> scenarios,
      Results results) {

    int seconds() {
      int warmUp = scenarios.get(0).group().isWarm() ? WARM_UP_SECONDS : 0;
      return warmUp + scenarios.stream().mapToInt(Scenario::seconds).sum();
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
      try (RunningPeer running =
          RunningPeer.start(peer, peer.command(workplace), workplace.log(peer.key()))) {
        Run run = new Run(workplace, running, options.pace());
        if (first.group().isWarm()) {
          run.warmUp();
          run.settle();
        }
        boolean usable = true;
        while (usable && !left.isEmpty()) {
          usable = measure(run, left.remove(0));
        }
      } catch (BenchmarkException e) { // before the first
        if (left.remove(first)) {
          keep(new Outcome(round, peer, first, Map.of(), e.getMessage()));
        }
      }
    }

    private boolean measure(Run run, Scenario scenario) {
      try {
        keep(new Outcome(round, peer, scenario, scenario.run(run), ""));
        return run.peer().settle();
      } catch (BenchmarkException e) {
        keep(new Outcome(round, peer, scenario, Map.of(), e.getMessage()));
        return false;
      }
    }

    private void keep(Outcome outcome) {
      results.add(outcome);
      System.out.printf(
          "%d %-16s %-12s %s%n", round, peer.key(), outcome.scenario().key(), outcome.line());
    }
  }
}
