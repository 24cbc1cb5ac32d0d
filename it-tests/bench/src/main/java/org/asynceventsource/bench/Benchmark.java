package org.asynceventsource.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program behind {@code it-tests/bench/run}. */
public final class Benchmark {

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
    String disturbance = Circumstances.disturbance();
    workplace.prepare();
    System.out.println(disturbance);
    System.out.printf(
        "%d rounds, about %d minutes%n", options.runs(), estimate() / SECONDS_PER_MINUTE + 1);
    for (int round = 1; round <= options.runs(); round++) {
      for (Session session : sessions(round)) {
        session.run();
        write();
      }
    }
    report(disturbance);
  }

  private void report(String disturbance) {
    String circumstances =
        (Circumstances.describe(workplace, options.runs()) + "\n" + disturbance).strip();
    Report report = new Report(results, circumstances);
    String markdown = report.markdown();
    write("report.md", List.of(markdown));
    write("cpu.svg", List.of(Plot.draw(results)));
    if (options.isForReadme()) {
      Readme.write(workplace.readme(), report.forReadme());
    }
    System.out.printf(
        "%n%s%nresults.jsonl, report.md, cpu.svg: %s%n", markdown, workplace.output());
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

  /**
   * Slow clients take two minutes a peer, so the event source meets them in every other round, and
   * those that are there for contrast once.
   */
  private static boolean takesPart(Peer peer, Scenario.Group group, int round) {
    boolean hasGoals = peer == Peer.ASYNC_JETTY || peer == Peer.ASYNC_TOMCAT;
    return group != Scenario.Group.SLOW || round == 1 || (hasGoals && round % 2 != 0);
  }

  private int estimate() {
    int seconds = 0;
    for (int round = 1; round <= options.runs(); round++) {
      for (Session session : sessions(round)) {
        seconds += session.seconds();
      }
    }
    return seconds;
  }

  /** After each session, so that little is lost if one never ends. */
  private void write() {
    write("results.jsonl", results.outcomes().stream().map(Outcome::json).toList());
  }

  private void write(String name, List<String> lines) {
    try {
      Files.write(workplace.output().resolve(name), lines);
    } catch (IOException e) {
      throw new BenchmarkException("can't write " + name, e);
    }
  }
}
