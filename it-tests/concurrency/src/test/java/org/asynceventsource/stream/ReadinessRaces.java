package org.asynceventsource.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynceventsource.test.Stub;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.FrameBatch;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** What the container's call that it takes more, or that all is over, meets in a connection. */
public final class ReadinessRaces {

  private static final FrameBatch BATCH = FrameBatch.of(List.of(Encoder.comment("")));

  private ReadinessRaces() {}

  /** A response of a container that has room or not, and calls back once when it was asked. */
  private static class Response extends ServletOutputStream implements Connection.Owner {

    private final AtomicBoolean owed = new AtomicBoolean();
    private final AtomicInteger completions = new AtomicInteger();
    private volatile boolean room;
    private volatile boolean woken;
    private final AsyncContext async =
        Stub.of(AsyncContext.class)
            .on("complete", arguments -> completions.incrementAndGet())
            .on("setTimeout", arguments -> null)
            .on("addListener", arguments -> null)
            .build();
    final Connection connection =
        new Connection(async, this, this, new ForcedEnd("/events"), thread -> false);
    private boolean supplied;
    private boolean written;

    void makeRoom() {
      room = true;
      if (owed.getAndSet(false)) {
        connection.onWritePossible();
      }
    }

    void drain() {
      connection.drain(this::next, 10, 0);
    }

    private @Nullable FrameBatch next() {
      if (supplied) {
        return null;
      }
      supplied = true;
      return BATCH;
    }

    boolean isWritten() {
      return written;
    }

    boolean isWoken() {
      return woken;
    }

    int completions() {
      return completions.get();
    }

    @Override
    public boolean isReady() {
      if (room) {
        return true;
      }
      owed.set(true);
      return room && owed.getAndSet(false);
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      owed.set(true);
    }

    @Override
    public void write(int b) {
      written = true;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      written = true;
    }

    @Override
    public void writable() {
      woken = true;
    }

    @Override
    public void begun() {
      woken = true;
    }

    @Override
    public void expiring() {}

    @Override
    public void lost() {}

    @Override
    public void ended() {}
  }

  /** Room is made while the connection asks for it. */
  @JCStressTest
  @Outcome(id = "written", expect = Expect.ACCEPTABLE, desc = "there was room already")
  @Outcome(id = "woken", expect = Expect.ACCEPTABLE, desc = "the next turn writes")
  @Outcome(expect = Expect.FORBIDDEN, desc = "blocked for good")
  @State
  public static class Room {

    private final Response response = new Response();

    /** Begins behind the container's first call. */
    public Room() {
      response.connection.onWritePossible();
      response.woken = false;
    }

    /** A thread of the container. */
    @Actor
    public void container() {
      response.makeRoom();
    }

    /** The fan-out thread. */
    @Actor
    public void fanOut() {
      response.drain();
    }

    /** Looks at what has become of it. */
    @Arbiter
    public void look(L_Result result) {
      result.r1 = outcome();
    }

    private String outcome() {
      if (response.isWritten()) {
        return "written";
      }
      return response.isWoken() && !response.connection.blocked() ? "woken" : "stuck";
    }
  }

  /** The connection is ended while the container calls it for the first time. */
  @JCStressTest
  @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "completed once")
  @Outcome(expect = Expect.FORBIDDEN, desc = "never completed, or twice")
  @State
  public static class FirstCall {

    private final Response response = new Response();

    /** Begins with a call on its way. */
    public FirstCall() {
      response.connection.start();
    }

    /** A thread of the container. */
    @Actor
    public void container() {
      response.makeRoom();
    }

    /** Whoever ends the stream. */
    @Actor
    public void end() {
      response.connection.end();
    }

    /** Counts. */
    @Arbiter
    public void look(L_Result result) {
      result.r1 = Integer.toString(response.completions());
    }
  }

  /** The connection is ended by us and by the container's error. */
  @JCStressTest
  @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "completed once")
  @Outcome(expect = Expect.FORBIDDEN, desc = "never completed, or twice")
  @State
  public static class TwoEnds {

    private final Exception reset = new Exception("reset");

    private final Response response = new Response();

    /** Begins with a call on its way. */
    public TwoEnds() {
      response.connection.start();
    }

    /** A thread of the container. */
    @Actor
    public void container() {
      response.connection.onError(reset);
    }

    /** Whoever ends the stream. */
    @Actor
    public void end() {
      response.connection.end();
    }

    /** Counts. */
    @Arbiter
    public void look(L_Result result) {
      result.r1 = Integer.toString(response.completions());
    }
  }
}
