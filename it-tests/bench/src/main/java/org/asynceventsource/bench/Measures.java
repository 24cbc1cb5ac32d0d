package org.asynceventsource.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Numbers with names, as a run of the load client gives them. Immutable. */
record Measures(Map<String, Double> values) {

  /** Each of them is 0 if every client that reads got every event once and in order. */
  private static final List<String> FAULTS =
      List.of("lost", "backwards", "incomplete", "broken", "not_sse", "unnumbered");

  Measures {
    values = Map.copyOf(values);
  }

  /** Reads lines such as {@code events 12}; others are skipped. */
  static Measures parse(List<String> lines) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words.length == 2) {
        values.put(words[0], Double.valueOf(words[1]));
      }
    }
    return new Measures(values);
  }

  double get(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new BenchmarkException(
          "the load client told no '%s', only %s".formatted(name, values.keySet()));
    }
    return value;
  }

  /**
   * Fails if an event was lost, doubled or reordered, or a client lost its stream.
   *
   * @throws BenchmarkException with what went wrong
   */
  void requireFaultless() {
    List<String> faults =
        FAULTS.stream()
            .filter(name -> get(name) != 0)
            .map(name -> "%s %.0f".formatted(name, get(name)))
            .toList();
    if (!faults.isEmpty()) {
      throw new BenchmarkException(
          "not every client got every event once and in order: " + String.join(", ", faults));
    }
  }
}
