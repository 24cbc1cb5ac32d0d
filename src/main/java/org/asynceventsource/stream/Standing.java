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

  /** How long an answer may take for which the stream doesn't wait: a pool's timeout is shorter. */
  static final Duration LONG_PATIENCE = Duration.ofSeconds(60);

  private final long interval;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicBoolean queued = new AtomicBoolean();
  private volatile int answered;
  private volatile int holding; // number of the last question that holds the stream
  private volatile long openSince; // of the first question without an answer
  private volatile long heldSince; // of the first one that holds the stream
  private volatile long answeredAt;

  Standing(Duration interval, long now) {
    this.interval = interval.toNanos();
    this.answeredAt = now;
  }

  /**
   * Raises a question.
   *
   * @param holds whether the stream waits for the answer
   * @return whether somebody has to be sent to {@link #begin() begin} with it
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
  int begin() {
    queued.set(false);
    return asked.get();
  }

  /** The client may go on, as far as the question with this number is concerned. */
  synchronized void mayGoOn(int number, long now) {
    answered = Math.max(answered, number);
    answeredAt = now;
  }

  private boolean isAsked() {
    return answered < asked.get();
  }

  /** Whether a heartbeat has to wait for an answer. */
  boolean holdsHeartbeat(long now) {
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

  /** Whether nobody has answered in time. */
  boolean isOverdue(long now) {
    return (isHeld() && now - heldSince >= PATIENCE.toNanos())
        || (isAsked() && now - openSince >= LONG_PATIENCE.toNanos());
  }
}
