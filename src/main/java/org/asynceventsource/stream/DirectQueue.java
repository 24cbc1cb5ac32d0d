package org.asynceventsource.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import org.asynceventsource.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Events for one client alone that wait to be written: bounded by number and by the memory that all
 * clients share. Any thread offers, the fan-out thread takes.
 *
 * <p>Its lock is a leaf: nothing is called while it is held.
 */
final class DirectQueue {

  /** An event for one client, and the cursor that has to be passed before it. */
  record Direct(long anchor, Frame frame) {}

  private final PendingMemory pending;
  private final int limit;
  private @Nullable Deque<Direct> waiting; // guarded by this; most clients never have one
  private boolean closed; // guarded by this

  DirectQueue(PendingMemory pending, int limit) {
    this.pending = pending;
    this.limit = limit;
  }

  /** Queues an event; answers false if the queue or the memory is full, or the client has gone. */
  synchronized boolean offer(Direct event) {
    if (closed || size() >= limit || !pending.tryAdd(event.frame().size())) {
      return false;
    }
    if (waiting == null) {
      waiting = new ArrayDeque<>(2);
    }
    waiting.add(event);
    return true;
  }

  synchronized @Nullable Direct peek() {
    return waiting == null ? null : waiting.peek();
  }

  /** Takes the event that was seen last, unless the queue was closed since. */
  synchronized void remove() {
    if (waiting != null) {
      pending.add(-waiting.remove().frame().size());
      waiting = waiting.isEmpty() ? null : waiting;
    }
  }

  synchronized int size() {
    return waiting == null ? 0 : waiting.size();
  }

  /** Forgets what waits, and takes nothing more. Idempotent. */
  synchronized void close() {
    closed = true;
    while (waiting != null) {
      remove();
    }
  }
}
