package org.asynceventsource.bench.micro;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.log.MemoryLog;
import org.asynceventsource.spi.Resume;
import org.asynceventsource.wire.EncodedEvent;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.asynceventsource.wire.FrameBatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The history in memory, full and with its default bounds, events of 100 bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LogBenchmark {

  private static final int EVENTS = 10_000;
  private static final long BYTES = 16L << 20;

  private static final int BEHIND = 1_000;

  private final MemoryLog log =
      MemoryLog.create(new MemoryLog.Bounds(EVENTS, BYTES, Duration.ZERO));
  private final EncodedEvent event = Encoder.event(ServerSentEvent.of("x".repeat(100)));
  private String resumed = "";

  /** How a client reads. */
  @State(Scope.Benchmark)
  public static class Reading {

    /** How many events at once. */
    @Param({"1", "32", "512"})
    public int pending;
  }

  /** Fills the history. */
  @Setup
  public void fill() {
    for (int i = 0; i < 2 * EVENTS; i++) {
      log.append(event);
    }
    resumed = log.idAt(log.tail() - BEHIND);
  }

  /** One event more, and the oldest one less. */
  @Benchmark
  public CompletionStage<String> append() {
    return log.append(event);
  }

  /** What a pass does once for all clients at the same cursor. */
  @Benchmark
  public FrameBatch readAndJoin(Reading reading) {
    long tail = log.tail();
    List<Frame> frames = new ArrayList<>(reading.pending);
    log.read(tail - reading.pending, tail, frames::add);
    return FrameBatch.of(frames);
  }

  /** What a client that comes back needs first. */
  @Benchmark
  public Resume locate() {
    return log.locate(resumed);
  }
}
