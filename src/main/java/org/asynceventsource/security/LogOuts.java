package org.asynceventsource.security;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.asynceventsource.security.Nonces.Nonce;

/**
 * Who has logged out, and when: a browser that remembers the password answers with it all the same,
 * so what it answers to an older nonce doesn't count, and it has to ask its user again.
 *
 * <p>Remembers each for a day, and at most {@value #MOST} users, then forgetting whoever logged out
 * first. Safe for use by several threads.
 */
final class LogOuts {

  static final int MOST = 10_000;

  private static final Duration MEMORY = Duration.ofDays(1);

  private final InstantSource clock;
  private final AtomicBoolean listening = new AtomicBoolean();
  private final Map<Optional<String>, Long> times = new LinkedHashMap<>(); // guarded by itself

  LogOuts(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Has itself told of everybody who logs out of the application, from its first request on: before
   * that there is no nonce that could be older.
   */
  void listen(HttpServletRequest request) {
    if (!listening.get() && listening.compareAndSet(false, true)) {
      LogOutListeners.of(request.getServletContext()).add(this);
    }
  }

  /** A user has logged out now, wherever they were logged in; all of them, if it is empty. */
  void add(Optional<String> user) {
    synchronized (times) {
      times.remove(user); // so that it becomes the last
      times.put(user, clock.millis());
      if (times.size() > MOST) {
        times.remove(times.keySet().iterator().next());
      }
    }
  }

  /**
   * Whether a user has logged out since a nonce was made.
   *
   * @param nonce the nonce, whether it has expired or not; empty for a foreign one, which may be
   *     older than everything here
   */
  boolean isOut(String user, Optional<Nonce> nonce) {
    return isOut(Optional.of(user), nonce) || isOut(Optional.empty(), nonce);
  }

  private boolean isOut(Optional<String> user, Optional<Nonce> nonce) {
    Long time;
    synchronized (times) {
      time = times.get(user);
    }
    return time != null
        && clock.millis() - time < MEMORY.toMillis()
        && nonce.map(made -> made.madeAt() <= time).orElse(true);
  }
}
