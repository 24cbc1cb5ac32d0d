package org.asynceventsource.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.wire.EncodedEvent;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A memory log that is read while an event is appended, at its edges. */
public final class MemoryLogRaces {

  /** A ring's first length: one event more makes it grow. */
  private static final int FULL = 64;

  private static final EncodedEvent EVENT = Encoder.event(ServerSentEvent.of(""));
  private static final String LAPPED = "lapped";

  private MemoryLogRaces() {}

  private static MemoryLog log(int bound, int events) {
    MemoryLog log = MemoryLog.create(new MemoryLog.Bounds(bound, 1 << 20, Duration.ZERO), () -> 0L);
    for (int i = 0; i < events; i++) {
      append(log);
    }
    return log;
  }

  private static void append(MemoryLog log) {
    log.append(EVENT).toCompletableFuture().join();
  }

  /** The numbers of the events behind a cursor, as one text. */
  private static String read(MemoryLog log, long cursor) {
    StringBuilder numbers = new StringBuilder("from " + cursor + ":");
    long next =
        log.read(
            cursor,
            Long.MAX_VALUE,
            frame -> {
              numbers.append(' ').append(number(frame));
              return true;
            });
    return next == EventLog.LAPPED ? LAPPED : numbers.toString();
  }

  /** By the {@code id:} line of its text, which ends in it. */
  private static String number(Frame frame) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      frame.writeTo(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    int dash = text.lastIndexOf('-');
    return text.substring(dash + 1, text.indexOf('\n', dash));
  }

  /** The oldest event is dropped while it is read. */
  @JCStressTest
  @Outcome(id = "from 0: 1 2", expect = Expect.ACCEPTABLE, desc = "before the append")
  @Outcome(id = "from 0: 1", expect = Expect.ACCEPTABLE, desc = "lapped behind the first")
  @Outcome(id = LAPPED, expect = Expect.ACCEPTABLE, desc = "behind the append")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a hole that the reader isn't told of")
  @State
  public static class Oldest {

    private final MemoryLog log = log(2, 2);

    /** Appends, and drops the first. */
    @Actor
    public void append() {
      MemoryLogRaces.append(log);
    }

    /** Reads from the first. */
    @Actor
    public void read(L_Result result) {
      result.r1 = MemoryLogRaces.read(log, 0);
    }
  }

  /** The newest event is read while it is appended. */
  @JCStressTest
  @Outcome(id = "from 2:", expect = Expect.ACCEPTABLE, desc = "before the append")
  @Outcome(id = "from 2: 3", expect = Expect.ACCEPTABLE, desc = "behind the append")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a tail without its event, which looks like lapping")
  @State
  public static class Newest {

    private final MemoryLog log = log(2, 2);

    /** Appends the third. */
    @Actor
    public void append() {
      MemoryLogRaces.append(log);
    }

    /** Reads from behind the second. */
    @Actor
    public void read(L_Result result) {
      result.r1 = MemoryLogRaces.read(log, 2);
    }
  }

  /** The ring grows while it is read. */
  @JCStressTest
  @Outcome(id = "from 63: 64", expect = Expect.ACCEPTABLE, desc = "before the append")
  @Outcome(id = "from 63: 64 65", expect = Expect.ACCEPTABLE, desc = "behind the append")
  @Outcome(expect = Expect.FORBIDDEN, desc = "an event lost in the move")
  @State
  public static class Growing {

    private final MemoryLog log = log(1_000, FULL);

    /** Appends one more than the ring has room for. */
    @Actor
    public void append() {
      MemoryLogRaces.append(log);
    }

    /** Reads from behind the last but one. */
    @Actor
    public void read(L_Result result) {
      result.r1 = MemoryLogRaces.read(log, FULL - 1);
    }
  }
}
