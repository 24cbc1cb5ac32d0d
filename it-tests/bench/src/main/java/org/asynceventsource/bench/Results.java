package org.asynceventsource.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/** All outcomes so far. Used by one thread. */
final class Results {

  private final List<Outcome> outcomes = new ArrayList<>();

  void add(Outcome outcome) {
    outcomes.add(outcome);
  }

  List<Outcome> outcomes() {
    return Collections.unmodifiableList(outcomes);
  }

  /** The median over the rounds that didn't fail; empty if there is none. */
  OptionalDouble median(Peer peer, Scenario scenario, Measure measure) {
    return median(
        outcomes.stream()
            .filter(outcome -> outcome.peer() == peer && outcome.scenario() == scenario)
            .filter(outcome -> outcome.measures().containsKey(measure))
            .map(outcome -> outcome.measures().get(measure))
            .toList());
  }

  /** The middle one, or the mean of the two in the middle. */
  static OptionalDouble median(List<Double> values) {
    if (values.isEmpty()) {
      return OptionalDouble.empty();
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return OptionalDouble.of(
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
  }

  /** How often a peer failed in a scenario. */
  long failures(Peer peer, Scenario scenario) {
    return outcomes.stream()
        .filter(outcome -> outcome.peer() == peer && outcome.scenario() == scenario)
        .filter(Outcome::isFailure)
        .count();
  }

  boolean hasFailures() {
    return outcomes.stream().anyMatch(Outcome::isFailure);
  }
}
