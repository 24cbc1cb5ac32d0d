package org.asynceventsource.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.log.MemoryLog;
import org.asynceventsource.wire.EncodedEvent;
import org.asynceventsource.wire.Encoder;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JZ_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * One open stream between the fan-out thread, whoever publishes, and whoever ends it.
 *
 * <p>Always two of them at once: jcstress leaves out a race of three on a machine of two cores. The
 * others follow in the arbiter, which does what is left to be done.
 */
public final class StreamRaces {

  private static final String DATA = "data: ";
  private static final String RETRY = "retry: ";
  private static final int ONE_CLIENT = 1;
  private static final int FEW_EVENTS = 16;
  private static final EncodedEvent EVENT = Encoder.event(ServerSentEvent.of(""));
  private static final int TURNS = 64;
  private static final int EVENTS = 4;
  private static final String ALL = "0 1 2 3 4";

  private StreamRaces() {}

  /** An event source with room for one client, which has asked for its stream. */
  private static class One {

    final ManualStream stream =
        ManualStream.create(options -> options.places(ONE_CLIENT).events(FEW_EVENTS));
    final FakeExchange exchange;
    private final AtomicReference<AsyncEventSourceClient> client = new AtomicReference<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    One() {
      stream
          .source
          .onConnect(
              opened -> {
                client.set(opened);
                heard.add("connect");
              })
          .onDisconnect((closed, reason) -> heard.add(reason.toString()));
      exchange = stream.begin(null);
    }

    /** With a stream that is open and idle, of which all is read. */
    static One open() {
      One one = new One();
      one.stream.settle();
      one.exchange.news();
      return one;
    }

    AsyncEventSourceClient client() {
      return client.get();
    }

    /** What the client has got since this was asked last: data, and the farewell. */
    String news() {
      String news =
          exchange
              .news()
              .lines()
              .filter(line -> line.startsWith(DATA) || line.startsWith(RETRY))
              .map(line -> line.startsWith(RETRY) ? "farewell" : line.substring(DATA.length()))
              .collect(Collectors.joining(" "));
      return news.isEmpty() ? "nothing" : news;
    }

    /** Some turns of the fan-out thread, so that the other side falls into one of them. */
    void turns() {
      for (int i = 0; i < TURNS; i++) {
        stream.turn();
      }
    }

    /** What the client has got when all is done. */
    String all() {
      stream.settle();
      return news();
    }

    /** What the callbacks have heard when all is done, and what should not be as it is then. */
    String end() {
      stream.settle();
      StringBuilder end = new StringBuilder(String.join(" ", heard));
      if (stream.source.count() != 0) {
        end.append(", count ").append(stream.source.count());
      }
      if (!stream.places.take(ManualStream.visitor(null))) {
        end.append(", place taken");
      } else if (stream.places.take(ManualStream.visitor(null))) {
        end.append(", place free twice");
      }
      if (!exchange.isCompleted()) {
        end.append(", response open");
      }
      exchange.violations().forEach(violation -> end.append(", ").append(violation));
      return end.toString();
    }
  }

  /** Somebody appends to the history while the fan-out thread begins to pass over its clients. */
  @JCStressTest
  @Outcome(id = "1, true", expect = Expect.ACCEPTABLE, desc = "another pass will see it")
  @Outcome(id = "2, true", expect = Expect.ACCEPTABLE, desc = "seen, and another pass for nothing")
  @Outcome(id = "2, false", expect = Expect.ACCEPTABLE, desc = "seen")
  @Outcome(expect = Expect.FORBIDDEN, desc = "an event lies there until somebody sends another")
  @State
  public static class Pass {

    private final MemoryLog log =
        MemoryLog.create(new MemoryLog.Bounds(FEW_EVENTS, 1 << 20, Duration.ZERO), () -> 0L);
    private final FanOut fanOut = new FanOut(() -> 0L, Long.MAX_VALUE, 0, false);
    private final Interests interests =
        new Interests(log, List.of(new Lane(fanOut, new PendingMemory(0))));
    private final Shard shard = interests.enter(Interest.EVERYTHING).join();

    /** Begins with a pass that is due. */
    public Pass() {
      log.listen(interests::appended);
      log.append(EVENT);
    }

    /** Whoever publishes. */
    @Actor
    public void append() {
      log.append(EVENT);
    }

    /** The fan-out thread. */
    @Actor
    public void fanOut(JZ_Result result) {
      shard.beginPass();
      result.r1 = shard.tail();
    }

    /** Asks whether another pass is due. */
    @Arbiter
    public void look(JZ_Result result) {
      result.r2 = shard.isQueued();
    }
  }

  /** Somebody sends to all while the fan-out thread passes over them. */
  @JCStressTest
  @Outcome(id = ALL, expect = Expect.ACCEPTABLE, desc = "all is written, in order")
  @Outcome(expect = Expect.FORBIDDEN, desc = "an event lies there until somebody sends another")
  @State
  public static class WakeAll {

    private final One one = One.open();

    /** Begins with a pass that is due. */
    public WakeAll() {
      one.stream.source.send("0");
    }

    /** Whoever publishes. */
    @Actor
    public void send() {
      for (int i = 1; i <= EVENTS; i++) {
        one.stream.source.send(Integer.toString(i));
      }
    }

    /** The fan-out thread. */
    @Actor
    public void fanOut() {
      one.turns();
    }

    /** Does what is left to be done. */
    @Arbiter
    public void look(L_Result result) {
      result.r1 = one.all();
    }
  }

  /** Somebody sends to one client while the fan-out thread serves it. */
  @JCStressTest
  @Outcome(id = ALL, expect = Expect.ACCEPTABLE, desc = "all is written, in order")
  @Outcome(expect = Expect.FORBIDDEN, desc = "an event lies there until somebody wakes the client")
  @State
  public static class WakeOne {

    private final One one = One.open();

    /** Begins with a client that is to be served. */
    public WakeOne() {
      one.client().send("0");
    }

    /** Whoever publishes. */
    @Actor
    public void send() {
      for (int i = 1; i <= EVENTS; i++) {
        one.client().send(Integer.toString(i));
      }
    }

    /** The fan-out thread. */
    @Actor
    public void fanOut() {
      one.turns();
    }

    /** Does what is left to be done. */
    @Arbiter
    public void look(L_Result result) {
      result.r1 = one.all();
    }
  }

  /** The client is closed while it is written to. */
  @JCStressTest
  @Outcome(
      id = "pending last farewell, connect CLOSED",
      expect = Expect.ACCEPTABLE,
      desc = "ended once, behind all that was pending")
  @Outcome(expect = Expect.FORBIDDEN, desc = "not ended, not once, or not there")
  @State
  public static class Close {

    private final One one = One.open();

    /** Begins with something to be written. */
    public Close() {
      one.stream.source.send("pending");
    }

    /** The application. */
    @Actor
    public void close() {
      one.stream.source.send("last");
      one.client().close();
    }

    /** The fan-out thread. */
    @Actor
    public void fanOut() {
      one.turns();
    }

    /** Does what is left to be done. */
    @Arbiter
    public void look(L_Result result) {
      String end = one.end();
      result.r1 = one.news() + ", " + end;
    }
  }

  /** The connection breaks while the application closes the client. */
  @JCStressTest
  @Outcome(id = "connect CLOSED", expect = Expect.ACCEPTABLE, desc = "the application was first")
  @Outcome(id = "connect GONE", expect = Expect.ACCEPTABLE, desc = "the network was first")
  @Outcome(expect = Expect.FORBIDDEN, desc = "not ended, or not once")
  @State
  public static class TwoReasons {

    private final One one = One.open();

    /** Begins with something to be written. */
    public TwoReasons() {
      one.stream.source.send("pending");
    }

    /** The application. */
    @Actor
    public void close() {
      one.client().close();
    }

    /** A thread of the container. */
    @Actor
    public void container() {
      one.exchange.reportError(FakeExchange.Failure.JETTY);
    }

    /** Does what is left to be done. */
    @Arbiter
    public void look(L_Result result) {
      result.r1 = one.end();
    }
  }

  /** The connection breaks while it is written to. */
  @JCStressTest
  @Outcome(id = "connect GONE", expect = Expect.ACCEPTABLE, desc = "ended, and not touched after")
  @Outcome(expect = Expect.FORBIDDEN, desc = "not ended, not once, or touched after the end")
  @State
  public static class Break {

    private final One one = One.open();

    /** Begins with something to be written. */
    public Break() {
      one.stream.source.send("pending");
    }

    /** A thread of the container. */
    @Actor
    public void container() {
      one.exchange.reportError(FakeExchange.Failure.JETTY);
    }

    /** The fan-out thread. */
    @Actor
    public void fanOut() {
      one.turns();
    }

    /** Does what is left to be done. */
    @Arbiter
    public void look(L_Result result) {
      result.r1 = one.end();
    }
  }

  /** The connection breaks while the first callback runs. */
  @JCStressTest
  @Outcome(id = "connect GONE", expect = Expect.ACCEPTABLE, desc = "each once, in order")
  @Outcome(expect = Expect.FORBIDDEN, desc = "out of order, more than once, or never")
  @State
  public static class Callback {

    private final One one = new One();

    /** A thread of the executor. */
    @Actor
    public void callbacks() {
      one.stream.callbacks.runAll();
    }

    /** A thread of the container. */
    @Actor
    public void container() {
      one.exchange.reportError(FakeExchange.Failure.JETTY);
    }

    /** Does what is left to be done. */
    @Arbiter
    public void look(L_Result result) {
      result.r1 = one.end();
    }
  }
}
