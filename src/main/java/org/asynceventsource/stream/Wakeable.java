package org.asynceventsource.stream;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Something that a fan-out thread is to look at: any thread asks for it, and however often it is
 * asked, it is queued once. So the queue is as long as there are things, at most.
 */
abstract class Wakeable {

  private static final AtomicIntegerFieldUpdater<Wakeable> QUEUED =
      AtomicIntegerFieldUpdater.newUpdater(Wakeable.class, "queued");

  private final FanOut fanOut;
  private volatile int queued; // 1 from the wake until the fan-out thread takes it
  private @Nullable Wakeable next; // handed from thread to thread with the fan-out's stack

  Wakeable(FanOut fanOut) {
    this.fanOut = fanOut;
  }

  final FanOut fanOut() {
    return fanOut;
  }

  /** Asks for a look. What was changed before the call is seen by the look. */
  final void wake() {
    if (claim()) {
      push();
    }
  }

  /** Whether nobody else has asked since the last look, so that the caller has to push. */
  final boolean claim() {
    return queued == 0 && QUEUED.compareAndSet(this, 0, 1);
  }

  /** Hands it to the fan-out thread, with whatever was written before. */
  final void push() {
    fanOut.push(this);
  }

  final boolean isQueued() {
    return queued != 0;
  }

  /** The fan-out thread has taken it: whoever wakes from now on asks for another look. */
  final void taken() {
    queued = 0;
  }

  final @Nullable Wakeable next() {
    return next;
  }

  final void next(@Nullable Wakeable following) {
    next = following;
  }
}
