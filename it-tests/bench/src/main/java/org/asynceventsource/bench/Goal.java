package org.asynceventsource.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What the event source is to reach, and what it reached.
 *
 * @param what is measured, against whom
 * @param peer on which container
 * @param limit how little or much it has to be
 * @param kind whether the limit is a lower or an upper one, and the unit
 * @param reached the medians' ratio or value; empty if it wasn't measured
 */
record Goal(String what, Peer peer, double limit, Kind kind, OptionalDouble reached) {

  /** How a value is compared and written. */
  enum Kind {
    AT_MOST("≤", ""),
    AT_MOST_TIMES("≤", " ×"),
    AT_MOST_SECONDS("≤", " s"),
    AT_MOST_MILLIS("≤", " ms"),
    AT_MOST_BYTES("≤", " B"),
    AT_LEAST_TIMES("≥", " ×");

    private final String sign;
    private final String unit;

    Kind(String sign, String unit) {
      this.sign = sign;
      this.unit = unit;
    }

    String text(double value) {
      String format =
          Math.abs(value) >= 100 ? "%.0f%s" : Math.abs(value) >= 1 ? "%.2f%s" : "%.3f%s";
      return String.format(Locale.ROOT, format, value, unit);
    }
  }

  boolean isReached() {
    return reached.isPresent()
        && reached.getAsDouble() >= 0 // what never happened is told as -1
        && (kind == Kind.AT_LEAST_TIMES
            ? reached.getAsDouble() >= limit
            : reached.getAsDouble() <= limit);
  }

  String limitText() {
    return kind.sign + " " + kind.text(limit);
  }

  String reachedText() {
    return reached.isPresent() ? kind.text(reached.getAsDouble()) : "–";
  }

  /** All goals for the event source on Jetty and Tomcat. */
  static List<Goal> all(Results results) {
    Stream<Goal> jetty =
        of(results, Peer.ASYNC_JETTY)
            .floods(Scenario.FLOOD_1000, 1 / 16.0, 1 / 4.0)
            .times("C with pending events in one write", Scenario.FLOOD_1000, 3.7, Peer.C_COALESCE)
            .floods(Scenario.FLOOD_10000, 1 / 25.0, 1 / 3.5)
            .times("EventSourceServlet", Scenario.SINGLE_1000, 0.85, Peer.JETTY)
            .times("C", Scenario.SINGLE_1000, 2.2, Peer.C_DIRECT)
            .common(Peer.BARE_JETTY, Peer.JETTY, 0.5)
            .logins()
            .stream();
    Stream<Goal> tomcat =
        of(results, Peer.ASYNC_TOMCAT)
            .floods(Scenario.FLOOD_1000, 1 / 14.0, 1 / 3.6)
            .times("C with pending events in one write", Scenario.FLOOD_1000, 4.2, Peer.C_COALESCE)
            .floods(Scenario.FLOOD_10000, 1 / 16.0, 1 / 2.1)
            .times("EventSourceServlet", Scenario.SINGLE_1000, 0.91, Peer.JETTY)
            .times("C", Scenario.SINGLE_1000, 2.4, Peer.C_DIRECT)
            .common(Peer.BARE_TOMCAT, Peer.SPRING, 0.7)
            .stream();
    return Stream.concat(jetty, tomcat).toList();
  }

  private static Builder of(Results results, Peer peer) {
    return new Builder(results, peer);
  }

  /** Collects the goals of one container. */
  private static final class Builder {

    private static final double REPLAY_CPU_SECONDS = 0.8;
    private static final double HEAP_BYTES = 1_024;
    private static final double STALLED_SECONDS = 35; // 30 by the setting, and until they stall

    private final Results results;
    private final Peer peer;
    private final Stream.Builder<Goal> goals = Stream.builder();

    private Builder(Results results, Peer peer) {
      this.results = results;
      this.peer = peer;
    }

    private Stream<Goal> stream() {
      return goals.build();
    }

    private Builder floods(Scenario scenario, double ofServlet, double ofUndertow) {
      return times("EventSourceServlet", scenario, ofServlet, Peer.JETTY)
          .times("Undertow's handler", scenario, ofUndertow, Peer.UNDERTOW);
    }

    private Builder times(String whose, Scenario scenario, double limit, Peer rival) {
      String what = "CPU per event, %s, of %s".formatted(scenario.key(), whose);
      return ratio(what, scenario, Measure.CPU_MICROS, Kind.AT_MOST_TIMES, limit, rival);
    }

    private Builder common(Peer bare, Peer connecting, double replaySeconds) {
      for (Scenario paced : List.of(Scenario.PACED_1000, Scenario.PACED_10000)) {
        String last = paced.key() + ", last client, ";
        ratio(
            last + "p50, of the better of C and Undertow",
            paced,
            Measure.LAST_P50,
            Kind.AT_MOST_TIMES,
            1.15,
            Peer.C_DIRECT,
            Peer.UNDERTOW);
        ratio(
            last + "p99, of Undertow",
            paced,
            Measure.LAST_P99,
            Kind.AT_MOST_TIMES,
            1,
            Peer.UNDERTOW);
      }
      heap(bare);
      for (Measure measure : List.of(Measure.COLD_CONNECTS, Measure.WARM_CONNECTS)) {
        String what =
            "%s, of %s".formatted(measure.key().replace('_', ' '), connecting.plainTitle());
        ratio(what, Scenario.CONNECT, measure, Kind.AT_LEAST_TIMES, 1, connecting);
      }
      value("replay", Scenario.REPLAY, Measure.REPLAY_SECONDS, Kind.AT_MOST_SECONDS, replaySeconds);
      value(
          "replay, CPU",
          Scenario.REPLAY,
          Measure.REPLAY_CPU_SECONDS,
          Kind.AT_MOST_SECONDS,
          REPLAY_CPU_SECONDS);
      return slow(Scenario.SLOW_1).slow(Scenario.SLOW_10);
    }

    private Builder slow(Scenario slow) {
      String of = slow.key() + ", ";
      value(
          of + "p99 of the others, of their p99 before",
          slow,
          Measure.HEALTHY_RATIO,
          Kind.AT_MOST_TIMES,
          1.2);
      value(of + "p99 of publishing", slow, Measure.PUBLISH_P99, Kind.AT_MOST_MILLIS, 1);
      return value(
          of + "stalled ones gone",
          slow,
          Measure.GONE_SECONDS,
          Kind.AT_MOST_SECONDS,
          STALLED_SECONDS);
    }

    private Builder logins() {
      String what = "users told from others by the time of a refusal, |t|";
      value(what, Scenario.LOGIN, Measure.LOGIN_T, Kind.AT_MOST, Welch.LIMIT);
      return value(
          what + ", in process",
          Scenario.LOGIN,
          Measure.LOGIN_T_IN_PROCESS,
          Kind.AT_MOST,
          Welch.LIMIT);
    }

    private void heap(Peer bare) {
      OptionalDouble ours = results.median(peer, Scenario.CONNECT, Measure.HEAP_PER_CLIENT);
      OptionalDouble theirs = results.median(bare, Scenario.CONNECT, Measure.HEAP_PER_CLIENT);
      OptionalDouble own =
          ours.isPresent() && theirs.isPresent()
              ? OptionalDouble.of(Math.max(0, ours.getAsDouble() - theirs.getAsDouble()))
              : OptionalDouble.empty();
      String what = "heap per idle client, more than the bare servlet";
      goals.add(new Goal(what, peer, HEAP_BYTES, Kind.AT_MOST_BYTES, own));
    }

    private Builder value(
        String what, Scenario scenario, Measure measure, Kind kind, double limit) {
      goals.add(new Goal(what, peer, limit, kind, results.median(peer, scenario, measure)));
      return this;
    }

    /** By the least of the rivals' values. */
    private Builder ratio(
        String what, Scenario scenario, Measure measure, Kind kind, double limit, Peer... rivals) {
      OptionalDouble ours = results.median(peer, scenario, measure);
      List<OptionalDouble> theirs =
          Arrays.stream(rivals).map(rival -> results.median(rival, scenario, measure)).toList();
      boolean complete = ours.isPresent() && theirs.stream().allMatch(OptionalDouble::isPresent);
      OptionalDouble reached =
          complete
              ? OptionalDouble.of(
                  ours.getAsDouble()
                      / theirs.stream()
                          .mapToDouble(OptionalDouble::getAsDouble)
                          .min()
                          .orElseThrow())
              : OptionalDouble.empty();
      goals.add(new Goal(what, peer, limit, kind, reached));
      return this;
    }
  }
}
