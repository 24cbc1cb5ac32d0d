package org.asynceventsource.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the command line asks for. */
final class Options {

  static final String USAGE =
      """
      Usage: it-tests/bench/run [OPTION]...       measure and report
             it-tests/bench/run jmh [ARGUMENT]... measure encoder and log by themselves, with JMH

        --runs N          rounds; medians are reported (default 5)
        --peers A,B       only these peers
        --scenarios A,B   only these scenarios
        --quick           one round of short measurements, without slow clients: to see that all works
        --java PATH       the java that runs the peers (default: the one that runs this)
        --java-options O  options of all peers' JVMs, in one argument (default: {options})
        --pace N          measure N times as long, such as 5 for a flight recording (default 1)
        --jfr             record the peers' flights and print where they spent their time
        --readme          write the tables into README.md too
        --help            show this text

      Peers:     {peers}
      Scenarios: {scenarios}
      """
          .replace("{options}", String.join(" ", Workplace.DEFAULT_JAVA_OPTIONS))
          .replace("{peers}", Peer.keys())
          .replace("{scenarios}", Scenario.keys());

  private static final int MOST = 100;
  private static final double QUICK_PACE = 0.25;

  private Path java = Path.of(System.getProperty("java.home"), "bin", "java");
  private List<String> javaOptions = Workplace.DEFAULT_JAVA_OPTIONS;
  private Set<Peer> peers = EnumSet.allOf(Peer.class);
  private Set<Scenario> scenarios = EnumSet.noneOf(Scenario.class);
  private int runs = 5;
  private double pace = 1;
  private boolean quick;
  private boolean jfr;
  private boolean readme;
  private boolean help;

  private Options() {}

  /**
   * Reads the command line.
   *
   * @throws BenchmarkException with what is wrong and the remedy
   */
  static Options parse(List<String> arguments) {
    Options options = new Options();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      options.take(rest.next(), rest);
    }
    if (options.scenarios.isEmpty()) {
      options.scenarios.addAll(EnumSet.allOf(Scenario.class));
      if (options.quick) {
        options.scenarios.removeIf(scenario -> scenario.group() == Scenario.Group.SLOW);
      }
    }
    return options;
  }

  private void take(String name, Iterator<String> rest) {
    switch (name) {
      case "--quick" -> {
        quick = true;
        runs = 1;
        pace = QUICK_PACE;
      }
      case "--jfr" -> jfr = true;
      case "--readme" -> readme = true;
      case "--help" -> help = true;
      case "--runs" -> runs = number(name, value(name, rest));
      case "--pace" -> pace = number(name, value(name, rest));
      case "--java" -> java = Path.of(value(name, rest));
      case "--java-options" -> javaOptions = List.of(value(name, rest).split(" +"));
      case "--peers" -> {
        peers = EnumSet.noneOf(Peer.class);
        list(value(name, rest)).forEach(key -> peers.add(Peer.parse(key)));
      }
      case "--scenarios" ->
          list(value(name, rest)).forEach(key -> scenarios.add(Scenario.parse(key)));
      default ->
          throw new BenchmarkException("unknown argument '%s'; --help lists them".formatted(name));
    }
  }

  private static String value(String name, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new BenchmarkException("%s has no value; --help shows how".formatted(name));
    }
    return rest.next();
  }

  private static int number(String name, String text) {
    if (text.matches("[1-9][0-9]{0,2}") && Integer.parseInt(text) <= MOST) {
      return Integer.parseInt(text);
    }
    throw new BenchmarkException(
        "%s is '%s' but must be a number from 1 to %d".formatted(name, text, MOST));
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1)).map(key -> key.toLowerCase(Locale.ROOT)).toList();
  }

  /** The peers in the order of their declaration. */
  List<Peer> peers() {
    return List.copyOf(peers);
  }

  /** The scenarios of a group that concern a peer, in the order of their declaration. */
  List<Scenario> scenarios(Scenario.Group group, Peer peer) {
    List<Scenario> chosen = new ArrayList<>();
    for (Scenario scenario : Scenario.values()) {
      if (scenarios.contains(scenario) && scenario.group() == group && scenario.isFor(peer)) {
        chosen.add(scenario);
      }
    }
    return chosen;
  }

  int runs() {
    return runs;
  }

  double pace() {
    return pace;
  }

  boolean isRecording() {
    return jfr;
  }

  boolean isForReadme() {
    return readme;
  }

  boolean isHelp() {
    return help;
  }

  Workplace workplace(Path module) {
    return new Workplace(module, java, javaOptions);
  }
}
