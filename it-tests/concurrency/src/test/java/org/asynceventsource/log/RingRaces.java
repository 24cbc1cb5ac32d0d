package org.asynceventsource.log;

import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A slot of the ring that is used again while it is read. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the old entry is still there")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "neither, if asked in that order")
@Outcome(id = "0, 65", expect = Expect.ACCEPTABLE, desc = "the new entry is there")
@Outcome(id = "1, 65", expect = Expect.ACCEPTABLE, desc = "the slot changed in between")
@Outcome(expect = Expect.FORBIDDEN, desc = "an entry under another's number, or half of one")
@State
public class RingRaces {

  private static final Frame OLD = Encoder.id("1");
  private static final Frame NEW = Encoder.id("65");

  private final Ring ring = Ring.create();

  /** Begins with the slot taken. */
  public RingRaces() {
    ring.put(new Ring.Entry(1, 1, OLD));
  }

  /** The one thread that appends. */
  @Actor
  public void append() {
    ring.put(new Ring.Entry(65, 65, NEW));
  }

  /** Any thread that reads. */
  @Actor
  public void read(II_Result result) {
    result.r1 = number(ring.get(1), OLD);
    result.r2 = number(ring.get(65), NEW);
  }

  private static int number(Ring.Entry entry, Frame frame) {
    if (entry == null) {
      return 0;
    }
    boolean whole = entry.frame() == frame && entry.end() == entry.sequence();
    return whole ? (int) entry.sequence() : -1;
  }
}
