package org.asynceventsource.log;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.asynceventsource.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Entries by sequence number, in slots that are used again.
 *
 * <p>One thread at a time writes, any thread reads. An entry carries its sequence, so that a reader
 * recognises a slot that is no longer, or not yet, the one it looks for.
 */
final class Ring {

  private static final int FIRST_LENGTH = 64;

  private final AtomicReferenceArray<@Nullable Entry> slots;
  private final int mask;

  private Ring(int length) {
    slots = new AtomicReferenceArray<>(length);
    mask = length - 1;
  }

  /** One event held, and how many bytes had been appended with it. */
  record Entry(long sequence, long end, Frame frame) {}

  static Ring create() {
    return new Ring(FIRST_LENGTH);
  }

  int length() {
    return mask + 1;
  }

  @Nullable Entry get(long sequence) {
    Entry entry = slots.getAcquire(slot(sequence));
    return entry == null || entry.sequence() != sequence ? null : entry;
  }

  void put(Entry entry) {
    slots.setRelease(slot(entry.sequence()), entry);
  }

  void clear(long sequence) {
    slots.setRelease(slot(sequence), null);
  }

  /** A ring of twice the length with the same entries; this one stays as it is for its readers. */
  Ring grown() {
    Ring grown = new Ring(2 * length());
    for (int i = 0; i <= mask; i++) {
      Entry entry = slots.getPlain(i);
      if (entry != null) {
        grown.put(entry);
      }
    }
    return grown;
  }

  private int slot(long sequence) {
    return (int) sequence & mask;
  }
}
