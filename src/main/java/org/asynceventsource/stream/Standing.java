package org.asynceventsource.stream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a client may go on reading, as far as that can be asked: what was asked last, and what is
 * answered. At most one task per client waits for its turn to ask.
 *
 * <p>A question that somebody's change of access has raised holds the stream until the answer;
 * nothing is lost meanwhile, since the history has it. One that time has raised holds only the
 * heartbeat, so that none is written to somebody who may have gone; and that no longer than an
 * answer takes where nothing is wrong, since a store of users that is away for a while must not
 * cost anybody the stream.
 *
 * <p>Safe for use by several threads; times are nanoseconds of the fan-out's clock.
 */
final class Standing {

  /** How long a stream or its heartbeat waits for an answer. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  /**
   * How long whoever is asked may think where no stream waits; many pools' timeouts are shorter.
   */
  static final Duration LONG_PATIENCE = Duration.ofMinutes(2);

  /** How long a stream goes on though nobody can tell whether it may. */
  static final Duration LONGEST_DOUBT = Duration.ofHours(1);

  private final long interval;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicBoolean queued = new AtomicBoolean();
  private volatile int answered;
  private volatile int holding; // number of the last question that holds the stream
  private volatile long openSince; // the first question without an answer, or the last answer
  private volatile long heldSince; // the first one that holds the stream, or the last answer
  private volatile int begun; // number of the last question that was looked into
  private volatile long begunAt;
  private volatile long answeredAt;
  private volatile long grantedAt; // the last answer that wasn't in doubt

  Standing(Duration interval, long now) {
    this.interval = interval.toNanos();
    this.answeredAt = now;
    this.grantedAt = now;
  }

  /**
   * Raises a question.
   *
   * @param holds whether the stream waits for the answer
   * @return whether somebody has to be sent to {@link #begin(long) begin} with it
   */
  synchronized boolean ask(boolean holds, long now) {
    if (!isAsked()) {
      openSince = now;
    }
    int number = asked.get() + 1;
    if (holds) {
      if (!isHeld()) {
        heldSince = now;
      }
      holding = number;
    }
    asked.set(number);
    return queued.compareAndSet(false, true);
  }

  /** The number of the question that is now looked into; with all that were raised before it. */
  synchronized int begin(long now) {
    queued.set(false);
    begun = asked.get();
    begunAt = now;
    return begun;
  }

  /** The client may go on, as far as the question with this number is concerned. */
  synchronized void granted(int number, long now) {
    grantedAt = now;
    answered(number, now);
  }

  /**
   * Nobody can tell at present. That is no answer for a stream that waits for one; others go on
   * until they are asked about again.
   *
   * @return whether the client may go on
   */
  synchronized boolean undecided(int number, long now) {
    if (isHeld() && holding <= number) {
      return false;
    }
    answered(number, now);
    return true;
  }

  private void answered(int number, long now) {
    if (number > answered) {
      answered = number;
      openSince = now;
      heldSince = now;
    }
    answeredAt = now;
  }

  private boolean isAsked() {
    return answered < asked.get();
  }

  /** Whether a heartbeat has to wait for an answer. */
  boolean delaysHeartbeat(long now) {
    return isHeld() || (isAsked() && now - openSince < PATIENCE.toNanos());
  }

  /** Whether nothing may be written until there is an answer. */
  boolean isHeld() {
    return answered < holding;
  }

  /** Whether it is time to ask again. */
  boolean isDue(long now) {
    return interval > 0 && !isAsked() && now - answeredAt >= interval;
  }

  /** Whether the last answer is too old to write a heartbeat by it. */
  boolean isOld(long now) {
    return interval > 0 && !isAsked() && now - answeredAt >= interval / 2;
  }

  /** Whether nobody has answered in time, so that the stream has to be closed in doubt. */
  boolean isOverdue(long now) {
    return (isHeld() && now - heldSince >= PATIENCE.toNanos())
        || (answered < begun && now - begunAt >= LONG_PATIENCE.toNanos())
        || (interval > 0 && now - grantedAt >= interval + LONGEST_DOUBT.toNanos());
  }
}
