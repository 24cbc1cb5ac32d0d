package org.asynceventsource.bench;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one scenario gave with one peer in one round.
 *
 * @param round counted from 1
 * @param peer the server
 * @param scenario what was measured
 * @param measures what it told; empty if it failed
 * @param failure why it doesn't count; empty if it does
 */
record Outcome(
    int round, Peer peer, Scenario scenario, Map<Measure, Double> measures, String failure) {

  boolean isFailure() {
    return !failure.isEmpty();
  }

  /** One object of JSON on one line. */
  String json() {
    String numbers =
        measures.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> String.format(Locale.ROOT, "\"%s\":%.6f", e.getKey().key(), e.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
    return "{\"round\":%d,\"peer\":\"%s\",\"scenario\":\"%s\",\"failure\":%s,\"measures\":%s}"
        .formatted(round, peer.key(), scenario.key(), quoted(failure), numbers);
  }

  /** A line for a reader. */
  String line() {
    if (isFailure()) {
      return "FAILED: " + failure;
    }
    return measures.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> String.format(Locale.ROOT, "%s %.3f", e.getKey().key(), e.getValue()))
        .collect(Collectors.joining("  "));
  }

  private static String quoted(String text) {
    if (text.isEmpty()) {
      return "null";
    }
    String escaped =
        text.replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replaceAll("\\p{Cntrl}", " ");
    return '"' + escaped + '"';
  }
}
