package org.asynceventsource.log;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.asynceventsource.ServerSentEvent;
import org.jspecify.annotations.Nullable;

/**
 * Where the ids that the application gave occur, oldest first; every operation takes constant time.
 *
 * <p>One thread at a time adds and removes, any thread asks.
 */
final class OwnIds {

  private final Map<String, Occurrences> occurrences = new ConcurrentHashMap<>();

  void add(String id, long sequence) {
    Occurrences known = occurrences.get(id);
    if (known == null) {
      occurrences.put(id, new Occurrences(new Occurrence(sequence)));
    } else {
      known.add(new Occurrence(sequence));
    }
  }

  /** Forgets the oldest occurrence of an id that has one. */
  void removeFirst(String id) {
    Occurrences known = occurrences.get(id);
    if (known != null && !known.removeFirst()) {
      occurrences.remove(id);
    }
  }

  /** The oldest occurrence; text longer than ids can be isn't even hashed. */
  OptionalLong first(String id) {
    if (id.length() > ServerSentEvent.MAX_ID_BYTES) {
      return OptionalLong.empty();
    }
    Occurrences known = occurrences.get(id);
    return known == null ? OptionalLong.empty() : OptionalLong.of(known.first.sequence);
  }

  void clear() {
    occurrences.clear();
  }

  /** All occurrences of one id: a queue, linked so that the usual single one is small. */
  private static final class Occurrences {

    private volatile Occurrence first;
    private Occurrence last; // used by the writing thread only

    Occurrences(Occurrence only) {
      first = only;
      last = only;
    }

    void add(Occurrence next) {
      last.next = next;
      last = next;
    }

    /** Moves on to the next occurrence; false if there is none. */
    boolean removeFirst() {
      Occurrence next = first.next;
      if (next == null) {
        return false;
      }
      first = next;
      return true;
    }
  }

  private static final class Occurrence {

    private final long sequence;
    private @Nullable Occurrence next; // used by the writing thread only

    Occurrence(long sequence) {
      this.sequence = sequence;
    }
  }
}
