package org.asynceventsource.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Something to measure; what it tells is a {@link Measure}. */
enum Scenario {
  /** As fast as 100 clients get all of it, with 32 events outstanding. */
  FLOOD_100(Group.THROUGHPUT, 5, Audience.ALL) {
    @Override
    Map<Measure, Double> run(Run run) {
      return flood(run, 100, OUTSTANDING);
    }
  },
  /** The same with 1,000 clients. */
  FLOOD_1000(Group.THROUGHPUT, 5, Audience.ALL) {
    @Override
    Map<Measure, Double> run(Run run) {
      return flood(run, 1_000, OUTSTANDING);
    }
  },
  /** The same with 10,000 clients. */
  FLOOD_10000(Group.THROUGHPUT, 8, Audience.ALL) {
    @Override
    Map<Measure, Double> run(Run run) {
      return flood(run, 10_000, OUTSTANDING);
    }
  },
  /** One event at a time: the next one when all 1,000 clients have it, so nothing can be merged. */
  SINGLE_1000(Group.THROUGHPUT, 5, Audience.ALL) {
    @Override
    Map<Measure, Double> run(Run run) {
      return flood(run, 1_000, 1);
    }
  },
  /** When the last of 1,000 clients has an event, at 10 events a second. */
  PACED_1000(Group.THROUGHPUT, 7, Audience.KEEPING_PACE) {
    @Override
    Map<Measure, Double> run(Run run) {
      return paced(run, 1_000, 10, 5);
    }
  },
  /** When the last of 10,000 clients has an event, at 1 event a second. */
  PACED_10000(Group.THROUGHPUT, 15, Audience.KEEPING_PACE) {
    @Override
    Map<Measure, Double> run(Run run) {
      return paced(run, 10_000, 1, 10);
    }
  },
  /** How fast 10,000 clients connect, to a new process and again; and what one costs while idle. */
  CONNECT(Group.CONNECTIONS, 14, Audience.CONNECTING) {
    @Override
    Map<Measure, Double> run(Run run) {
      return Connections.measure(run);
    }
  },
  /** 1,000 clients that are 1,000 events behind come back at once. */
  REPLAY(Group.REPLAY, 4, Audience.RESUMING) {
    @Override
    Map<Measure, Double> run(Run run) {
      return Replay.measure(run);
    }
  },
  /** 20 of 2,000 clients stop reading. */
  SLOW_1(Group.SLOW, 70, Audience.COMPARED) {
    @Override
    Map<Measure, Double> run(Run run) {
      return SlowClients.measure(run, 20);
    }
  },
  /** 200 of 2,000 clients stop reading. */
  SLOW_10(Group.SLOW, 70, Audience.COMPARED) {
    @Override
    Map<Measure, Double> run(Run run) {
      return SlowClients.measure(run, 200);
    }
  },
  /** Whether the time of a refused login tells who is a user; the library within this process. */
  LOGIN(Group.LOGIN, 60, Audience.GUARDED) {
    @Override
    Map<Measure, Double> run(Run run) {
      return LoginTimes.measure();
    }
  };

  /** Scenarios of a group are measured one after the other in one process of the peer. */
  enum Group {
    THROUGHPUT(true),
    CONNECTIONS(false),
    REPLAY(true),
    SLOW(true),
    LOGIN(false);

    private final boolean warm;

    Group(boolean warm) {
      this.warm = warm;
    }

    /** Whether the process is warmed up before anything is measured. */
    boolean isWarm() {
      return warm;
    }
  }

  /** Which peers a scenario concerns. */
  private enum Audience {
    ALL,
    KEEPING_PACE,
    CONNECTING,
    RESUMING,
    COMPARED,
    GUARDED;

    boolean includes(Peer peer) {
      return switch (this) {
        case ALL -> true;
        case KEEPING_PACE -> !peer.isBare() && peer != Peer.C_COALESCE;
        case CONNECTING -> peer != Peer.C_COALESCE;
        case RESUMING -> peer.isOurs() || peer == Peer.C_DIRECT;
        case COMPARED -> peer.isOurs() || peer.isRival();
        case GUARDED -> peer == Peer.ASYNC_JETTY;
      };
    }
  }

  private static final int OUTSTANDING = 32;

  private final Group group;
  private final int seconds;
  private final Audience audience;

  Scenario(Group group, int seconds, Audience audience) {
    this.group = group;
    this.seconds = seconds;
    this.audience = audience;
  }

  /**
   * Measures.
   *
   * @throws BenchmarkException if the peer failed: its clients didn't get what they should
   */
  abstract Map<Measure, Double> run(Run run);

  Group group() {
    return group;
  }

  /** How long it takes, about. */
  int seconds() {
    return seconds;
  }

  boolean isFor(Peer peer) {
    return audience.includes(peer);
  }

  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Scenario parse(String key) {
    return Arrays.stream(values())
        .filter(scenario -> scenario.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new BenchmarkException(
                    "--scenarios names '%s', which is none of %s".formatted(key, keys())));
  }

  static String keys() {
    return Arrays.stream(values()).map(Scenario::key).collect(Collectors.joining(", "));
  }

  private static Map<Measure, Double> flood(Run run, int clients, int outstanding) {
    Measures told =
        run.load(
            clients,
            List.of("--flood", "" + outstanding, "--warmup", run.seconds(1)),
            run.seconds(2));
    return Map.of(
        Measure.CPU_MICROS, told.get("server_cpu_us_per_event"),
        Measure.EVENTS_PER_SECOND, told.get("events_per_second"),
        Measure.BYTES_PER_EVENT, told.get("bytes_per_event"),
        Measure.RECEIVES_PER_EVENT, told.get("receives_per_event"));
  }

  private static Map<Measure, Double> paced(Run run, int clients, int rate, int seconds) {
    List<String> options = new ArrayList<>(List.of("--rate", "" + rate));
    options.addAll(List.of("--warmup", run.seconds(1)));
    Measures told = run.load(clients, options, run.seconds(seconds));
    return Map.of(
        Measure.LAST_P50, told.get("last_p50_ms"),
        Measure.LAST_P99, told.get("last_p99_ms"),
        Measure.CPU_MICROS, told.get("server_cpu_us_per_event"));
  }
}
