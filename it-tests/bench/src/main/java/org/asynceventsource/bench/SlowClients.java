package org.asynceventsource.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Lets some of 2,000 clients stop reading for good, and looks how the others fare.
 *
 * <p>Events are so large that the buffers of those clients, whose segments are those of a network,
 * fill within about two seconds. The others are measured for 25 seconds, before any of the servers
 * may give a client up; then the heap is measured, which costs a pause; then it is awaited that the
 * connections are closed.
 */
final class SlowClients {

  private static final int CLIENTS = 2_000;
  private static final String EVENT_SIZE = "4096";
  private static final int MEASURED_SECONDS = 25;
  private static final int LONGEST_SECONDS = 60;
  private static final int POLL_MILLIS = 250;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NEVER = -1;

  private final Run run;
  private final int stalling;
  private final Map<Measure, Double> result = new EnumMap<>(Measure.class);

  private SlowClients(Run run, int stalling) {
    this.run = run;
    this.stalling = stalling;
  }

  static Map<Measure, Double> measure(Run run, int stalling) {
    return new SlowClients(run, stalling).measure();
  }

  private Map<Measure, Double> measure() {
    List<String> options =
        List.of(
            "--rate",
            "10",
            "--size",
            EVENT_SIZE,
            "--warmup",
            "2",
            "--baseline",
            "5",
            "--stalling",
            Integer.toString(stalling),
            "--seconds",
            Integer.toString(MEASURED_SECONDS),
            "--after",
            Integer.toString(LONGEST_SECONDS - MEASURED_SECONDS));
    try (LoadClient load = LoadClient.start(run.workplace(), run.peer(), CLIENTS, options)) {
      load.awaitLine("stopped");
      watch();
      Measures told = load.await();
      requireFaultless(told);
      keep(told);
    }
    return result;
  }

  private void watch() {
    long begin = System.nanoTime();
    long connected = run.peer().sockets();
    run.peer().ask("P"); // forgets the calls before
    while (secondsSince(begin) < MEASURED_SECONDS) {
      RunningPeer.pause(POLL_MILLIS); // looking at the sockets would disturb
    }
    lookInside();
    result.put(Measure.GONE_SECONDS, NEVER);
    while (secondsSince(begin) < LONGEST_SECONDS) {
      if (run.peer().sockets() <= connected - stalling) {
        result.put(Measure.GONE_SECONDS, secondsSince(begin));
        return;
      }
      RunningPeer.pause(POLL_MILLIS);
    }
  }

  private void lookInside() {
    String[] calls = run.peer().ask("P").split(" ", -1);
    result.put(Measure.PUBLISH_P99, Double.parseDouble(calls[2]) / NANOS_PER_MILLI);
    String[] memory = run.peer().ask("M").split(" ", -1);
    result.put(Measure.STALLED_HEAP, Double.parseDouble(memory[0]));
  }

  private static void requireFaultless(Measures told) {
    try {
      told.requireFaultless();
    } catch (BenchmarkException e) {
      throw new BenchmarkException(
          "%s; p99 of those that read was %.0f ms, and %.0f ms before"
              .formatted(e.getMessage(), told.get("latency_p99_ms"), told.get("baseline_p99_ms")),
          e);
    }
  }

  private void keep(Measures told) {
    double baseline = told.get("baseline_p99_ms");
    double healthy = told.get("latency_p99_ms");
    result.put(Measure.BASELINE_P99, baseline);
    result.put(Measure.HEALTHY_P99, healthy);
    result.put(Measure.HEALTHY_RATIO, healthy / baseline);
  }

  private static double secondsSince(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}
