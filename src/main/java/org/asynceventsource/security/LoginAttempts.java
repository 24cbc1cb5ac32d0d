package org.asynceventsource.security;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.asynceventsource.spi.Forwarding;

/**
 * Slows down whoever guesses passwords: after some failures of one name from one source, each
 * further one doubles the time in which that pair is refused without being looked at ({@link
 * LoginLimits}).
 *
 * <p>It is the pair that counts: a name alone would let anybody lock others out, a source alone
 * would punish everybody behind one proxy. A pair that logged in lately may fail {@value
 * #FREE_AFTER_SUCCESS} times first. So a password that is tried from many sources, or many names
 * that are tried with one password, are not held up; that takes a limit on the rate of requests.
 *
 * <p>Bounded, to a megabyte: beyond {@value #PAIRS} pairs the one that was heard of least recently
 * is forgotten, and of each there is nothing but a keyed hash, however long the names are that
 * somebody makes up. So no password is kept either that was typed in as a name. Safe for use by
 * several threads.
 */
final class LoginAttempts {

  /** How many failures cost nothing after a login, if that is more. */
  static final int FREE_AFTER_SUCCESS = 20;

  /** How many pairs are remembered of each kind. */
  static final int PAIRS = 8_000;

  private static final Duration MEMORY = Duration.ofHours(24);
  private static final int LONGEST_NAME = 256;

  private final LoginLimits limits;
  private final long longestDelay;
  private final LongSupplier clock;
  private final ProcessSecret secret = new ProcessSecret(new SecureRandom());
  private final Object lock = new Object();
  private final Map<Long, Failures> failures = new Recent<>(); // guarded by the lock
  private final Map<Long, Long> successes = new Recent<>(); // guarded by the lock

  LoginAttempts(LoginLimits limits, LongSupplier clock) {
    this(limits, limits.longest(), clock);
  }

  /** Failures are remembered as long as the limits say, but delay nobody for longer than that. */
  LoginAttempts(LoginLimits limits, Duration longestDelay, LongSupplier clock) {
    this.limits = limits;
    this.longestDelay = Math.min(longestDelay.toNanos(), limits.longest().toNanos());
    this.clock = clock;
  }

  /** Where a request comes from, as far as that tells one guesser from another. */
  static String source(HttpServletRequest request) {
    return Forwarding.network(Forwarding.of(request).clientAddress(request));
  }

  /** Whether a login may not even be tried now. */
  boolean isDelayed(String name, String source) {
    Long pair = pair(name, source);
    synchronized (lock) {
      Failures known = failures.get(pair);
      return known != null && clock.getAsLong() - known.until < 0;
    }
  }

  /** A login was tried with wrong credentials. */
  void failed(String name, String source) {
    Long pair = pair(name, source);
    synchronized (lock) {
      long now = clock.getAsLong();
      Failures known = failures.get(pair);
      int count = 1;
      if (known != null && now - known.until <= limits.longest().toNanos()) {
        count += known.count;
      }
      failures.put(pair, new Failures(count, now + delay(count - free(pair, now))));
    }
  }

  private int free(Long pair, long now) {
    Long last = successes.get(pair);
    return last != null && now - last < MEMORY.toNanos()
        ? Math.max(FREE_AFTER_SUCCESS, limits.failures())
        : limits.failures();
  }

  private long delay(int beyond) {
    if (beyond <= 0) {
      return 0;
    }
    long nanos = limits.shortest().toNanos();
    for (int i = 1; i < beyond && nanos < longestDelay; i++) {
      nanos *= 2;
    }
    return Math.min(nanos, longestDelay);
  }

  /** A login succeeded: what failed before is forgiven. */
  void succeeded(String name, String source) {
    Long pair = pair(name, source);
    synchronized (lock) {
      failures.remove(pair);
      successes.put(pair, clock.getAsLong());
    }
  }

  /** How many pairs are remembered. */
  int size() {
    synchronized (lock) {
      return failures.size() + successes.size();
    }
  }

  /**
   * A name, as far as attackers can't vary it for nothing, and where it is tried from. Nobody can
   * find two pairs that are taken for one, since nobody knows the key.
   */
  private Long pair(String name, String source) {
    String cut = name.substring(0, Math.min(name.length(), LONGEST_NAME));
    String normal = Normalizer.normalize(cut, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    return ByteBuffer.wrap(secret.sign(source + ' ' + normal)).getLong();
  }

  private record Failures(int count, long until) {}

  /** Forgets what was put in or asked for least recently. */
  private static final class Recent<V> extends LinkedHashMap<Long, V> {

    private static final long serialVersionUID = 1L;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, V> eldest) {
      return size() > PAIRS;
    }
  }
}
