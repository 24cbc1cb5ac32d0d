package org.asynceventsource.security;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.asynceventsource.security.Nonces.Nonce;
import org.jspecify.annotations.Nullable;

/**
 * Lets each count of each nonce pass once (RFC 7616 §3.4, parameter nc): the defence against
 * replay. Any thread.
 *
 * <p>Clients send requests over several connections, so counts arrive out of order: those within
 * the last {@value #WINDOW} are remembered one by one. Memory is bounded: what had to be forgotten
 * is refused for ever, by the time of making, because it can't be told from what was never seen.
 * Only nonces with a right digest get here, so a stranger can't make us forget.
 */
final class NonceCounter {

  static final int WINDOW = 128;

  /** What clients make up themselves is kept only if it is no longer than this. */
  private static final int LONGEST_CNONCE = 256;

  private final int maxNonces;
  private final int window;

  // Guards all below. Held for a look-up in memory only.
  private final Object lock = new Object();
  private final TreeMap<Nonce, Window> windows = new TreeMap<>();
  private long forgottenUpTo = Long.MIN_VALUE;

  NonceCounter(int maxNonces) {
    this(maxNonces, WINDOW);
  }

  /** A counter with a window that is small enough to try everything, at most {@link #WINDOW}. */
  NonceCounter(int maxNonces, int window) {
    this.maxNonces = maxNonces;
    this.window = window;
  }

  /**
   * Uses a count of a nonce.
   *
   * @param oldestAlive the time of making before which nonces have expired and may be forgotten
   * @return whether it was not used before; {@code false} also if that is no longer known
   */
  boolean use(Nonce nonce, long count, long oldestAlive) {
    synchronized (lock) {
      forgetWhile(oldestAlive, windows.size());
      if (nonce.madeAt() <= forgottenUpTo) {
        Window known = windows.get(nonce);
        return known != null && known.use(count, window);
      }
      boolean fresh = windows.computeIfAbsent(nonce, n -> new Window()).use(count, window);
      forgetWhile(oldestAlive, maxNonces);
      return fresh;
    }
  }

  /** The cnonce that a session with this nonce began with, if it is known. */
  Optional<String> sessionCnonce(Nonce nonce) {
    synchronized (lock) {
      return Optional.ofNullable(windows.get(nonce)).map(known -> known.sessionCnonce);
    }
  }

  /** Keeps the cnonce of a right digest, unless the session has begun with another. */
  void beginSession(Nonce nonce, String cnonce) {
    synchronized (lock) {
      Window known = windows.get(nonce);
      if (known != null && known.sessionCnonce == null && cnonce.length() <= LONGEST_CNONCE) {
        known.sessionCnonce = cnonce;
      }
    }
  }

  int size() {
    synchronized (lock) {
      return windows.size();
    }
  }

  /** Forgets the oldest nonces while they have expired or are too many. */
  private void forgetWhile(long oldestAlive, int most) {
    while (!windows.isEmpty()) {
      Map.Entry<Nonce, Window> oldest = windows.firstEntry();
      if (oldest.getKey().madeAt() >= oldestAlive && windows.size() <= most) {
        return;
      }
      windows.pollFirstEntry();
      forgottenUpTo = Math.max(forgottenUpTo, oldest.getKey().madeAt());
    }
  }

  /** The counts of one nonce: the highest, and a bit for each of those shortly below. */
  private static final class Window {

    private long highest;
    // Bit i of recent is highest - i; older goes on from 64. The 0 that no client may send is used.
    private long recent = 1;
    private long older;
    private @Nullable String sessionCnonce;

    boolean use(long count, int window) {
      if (count > highest) {
        shift(count - highest);
        highest = count;
        recent |= 1;
        return true;
      }
      long age = highest - count;
      if (age >= window) {
        return false;
      }
      return age < Long.SIZE ? useRecent(1L << age) : useOlder(1L << (age - Long.SIZE));
    }

    private boolean useRecent(long bit) {
      boolean fresh = (recent & bit) == 0;
      recent |= bit;
      return fresh;
    }

    private boolean useOlder(long bit) {
      boolean fresh = (older & bit) == 0;
      older |= bit;
      return fresh;
    }

    private void shift(long by) {
      if (by >= WINDOW) {
        older = 0;
        recent = 0;
      } else if (by >= Long.SIZE) {
        older = recent << (by - Long.SIZE);
        recent = 0;
      } else {
        older = older << by | recent >>> (Long.SIZE - by);
        recent <<= by;
      }
    }
  }
}
