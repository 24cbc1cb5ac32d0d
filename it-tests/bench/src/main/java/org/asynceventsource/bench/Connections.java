package org.asynceventsource.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Connects 10,000 clients three times, and looks at memory while the first ones are idle. */
final class Connections {

  private static final int CLIENTS = 10_000;
  private static final double BYTES_PER_KILOBYTE = 1_024;

  private Connections() {}

  /** Memory in use, in bytes. */
  private record Memory(double heap, double direct, double resident) {

    static Memory of(RunningPeer peer) {
      double resident = peer.residentKilobytes() * BYTES_PER_KILOBYTE;
      if (peer.peer().isReference()) {
        return new Memory(0, 0, resident);
      }
      String[] numbers = peer.ask("M").split(" ", -1);
      return new Memory(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]), resident);
    }
  }

  static Map<Measure, Double> measure(Run run) {
    Map<Measure, Double> result = new EnumMap<>(Measure.class);
    Memory before = Memory.of(run.peer());
    try (LoadClient load = connect(run)) {
      load.awaitLine("connected");
      Memory idle = Memory.of(run.peer());
      result.put(Measure.COLD_CONNECTS, rate(load.release()));
      result.put(Measure.RESIDENT_PER_CLIENT, (idle.resident - before.resident) / CLIENTS);
      if (!run.peer().peer().isReference()) {
        result.put(Measure.HEAP_PER_CLIENT, (idle.heap - before.heap) / CLIENTS);
        result.put(Measure.DIRECT_PER_CLIENT, (idle.direct - before.direct) / CLIENTS);
      }
    }
    again(run);
    result.put(Measure.WARM_CONNECTS, again(run));
    return result;
  }

  private static double again(Run run) {
    run.settle();
    try (LoadClient load = connect(run)) {
      load.awaitLine("connected");
      return rate(load.release());
    }
  }

  private static LoadClient connect(Run run) {
    return LoadClient.start(run.workplace(), run.peer(), CLIENTS, List.of("--hold"));
  }

  private static double rate(Measures told) {
    told.requireFaultless();
    return told.get("connects_per_second");
  }
}
