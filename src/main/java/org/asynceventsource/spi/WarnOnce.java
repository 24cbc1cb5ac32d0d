package org.asynceventsource.spi;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Logs a warning at most once per cause, so that nobody can fill a disk with bad input.
 *
 * <p>Remembers {@value #MAX_CAUSES} causes; what comes after them is counted but not logged. Safe
 * for use by several threads.
 */
public final class WarnOnce {

  /** How many different causes are logged at most. */
  public static final int MAX_CAUSES = 1_000;

  private final Logger logger;
  private final Set<String> causes = ConcurrentHashMap.newKeySet();
  private final LongAdder occurrences = new LongAdder();

  /**
   * A bounded log of causes.
   *
   * @param logger where warnings go
   */
  public WarnOnce(Logger logger) {
    this.logger = logger;
  }

  /**
   * Logs the message if its cause is new.
   *
   * @param cause what tells one cause from another: a short constant, with a name at most
   * @param message what is wrong and what to do; no payload and no credential
   */
  public void warn(String cause, String message) {
    warn(cause, message, null);
  }

  /**
   * Logs the message and the failure if their cause is new.
   *
   * @param cause what tells one cause from another: a short constant, with a name at most
   * @param message what is wrong and what to do; no payload and no credential
   * @param failure the failure, or {@code null}
   */
  public void warn(String cause, String message, @Nullable Throwable failure) {
    occurrences.increment();
    if (causes.size() >= MAX_CAUSES || !causes.add(cause)) {
      return;
    }
    if (failure == null) {
      logger.log(Level.WARNING, message);
    } else {
      logger.log(Level.WARNING, message, failure);
    }
  }

  /**
   * How often there was something to warn of, logged or not.
   *
   * @return the number of calls
   */
  public long occurrences() {
    return occurrences.sum();
  }
}
