package org.asynceventsource.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a scenario works with.
 *
 * @param workplace where it runs
 * @param peer whom it measures
 * @param pace what measured times are multiplied by; less than 1 for a look whether all works
 */
record Run(Workplace workplace, RunningPeer peer, double pace) {

  private static final double WARM_UP_SECONDS = 4;
  private static final int WARM_UP_CLIENTS = 1_000;

  /** A time of the usual pace, as the load client takes it. */
  String seconds(double usual) {
    return String.format(Locale.ROOT, "%.2f", usual * pace);
  }

  /** Lets clients connect and measures; only what is faultless counts. */
  Measures load(int clients, List<String> options, String seconds) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("--seconds", seconds));
    Measures told = LoadClient.run(workplace, peer, clients, all);
    told.requireFaultless();
    return told;
  }

  /**
   * Lets the peer's code be compiled, whatever is measured afterwards. Both ways of writing: after
   * merged writes alone, compiling went on for seconds while single ones were measured.
   */
  void warmUp() {
    load(WARM_UP_CLIENTS, List.of("--flood", "32"), seconds(WARM_UP_SECONDS));
    load(WARM_UP_CLIENTS, List.of("--flood", "1"), seconds(WARM_UP_SECONDS));
  }

  /**
   * Waits until the peer has noticed that all clients are gone.
   *
   * @throws BenchmarkException if it doesn't
   */
  void settle() {
    if (!peer.settle()) {
      throw new BenchmarkException(
          "%s keeps connections of clients that are gone".formatted(peer.peer().key()));
    }
  }
}
