package org.asynceventsource.bench.micro;

import java.util.concurrent.TimeUnit;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.wire.EncodedEvent;
import org.asynceventsource.wire.Encoder;
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

/** Encoding an event, which is done once, whatever the number of clients. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EncoderBenchmark {

  /** What the data is made of. */
  @Param public Text text = Text.ASCII;

  /** Characters of data. */
  @Param({"100", "4096"})
  public int size;

  /** Some text, which is repeated. */
  public enum Text {
    ASCII("x"),
    LINES("line\n"),
    BEYOND_LATIN("Grüße, 世界! ");

    private final String repeated;

    Text(String repeated) {
      this.repeated = repeated;
    }

    private String ofLength(int length) {
      return repeated.repeat(length / repeated.length() + 1).substring(0, length);
    }
  }

  private ServerSentEvent event = ServerSentEvent.of("");

  /** Makes the event. */
  @Setup
  public void makeEvent() {
    event = ServerSentEvent.of(text.ofLength(size));
  }

  /** From the event to the bytes that only lack an id. */
  @Benchmark
  public EncodedEvent encode() {
    return Encoder.event(event);
  }
}
