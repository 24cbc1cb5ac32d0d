package org.asynceventsource.stream;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Something that a fan-out thread is to look at: any thread asks for it, and however often it is
 * asked, it is queued once. So the queue is as long as there are things, at most.
 */
abstract class Wakeable {

  private static final int NOT = 0;
  private static final int CALMLY = 1;
  private static final int AT_ONCE = 2;
  private static final AtomicIntegerFieldUpdater<Wakeable> QUEUED =
      AtomicIntegerFieldUpdater.newUpdater(Wakeable.class, "queued");

  private final FanOut fanOut;
  private volatile int queued; // from the wake until the fan-out thread takes it, and how urgently
  private @Nullable Wakeable next; // handed from thread to thread with the fan-out's stack

  Wakeable(FanOut fanOut) {
    this.fanOut = fanOut;
  }

  final FanOut fanOut() {
    return fanOut;
  }

  /** Asks for a look at once. What was changed before the call is seen by the look. */
  final void wake() {
    int before = queued == AT_ONCE ? AT_ONCE : QUEUED.getAndSet(this, AT_ONCE);
    if (before == NOT) {
      push();
    } else if (before == CALMLY) {
      fanOut.hurry();
    }
  }

  /** Asks for a look when the fan-out thread is up anyway, as it is at every tick. */
  final void wakeCalmly() {
    if (queued == NOT && QUEUED.compareAndSet(this, NOT, CALMLY)) {
      fanOut.put(this);
      if (queued == AT_ONCE) { // somebody may have hurried the thread before it was put there
        fanOut.hurry();
      }
    }
  }

  /** Whether nobody else has asked since the last look, so that the caller has to push. */
  final boolean claim() {
    return queued == NOT && QUEUED.compareAndSet(this, NOT, AT_ONCE);
  }

  /** Hands it to the fan-out thread, with whatever was written before. */
  final void push() {
    fanOut.push(this);
  }

  final boolean isQueued() {
    return queued != NOT;
  }

  /** The fan-out thread has taken it: whoever wakes from now on asks for another look. */
  final void taken() {
    queued = NOT;
  }

  final @Nullable Wakeable next() {
    return next;
  }

  final void next(@Nullable Wakeable following) {
    next = following;
  }
}
