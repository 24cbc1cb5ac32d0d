package org.asynceventsource.spi;

import org.jspecify.annotations.Nullable;

/**
 * A failure and its causes as the log may show them: types and where they were thrown, no messages.
 * What a foreign store or driver writes into those may be names and parameters of a query.
 */
public final class UnspokenFailure extends Exception {

  private static final long serialVersionUID = 1L;

  /** Causes may form a ring. */
  private static final int DEEPEST = 10;

  private UnspokenFailure(Throwable original, int depth) {
    super(description(original), cause(original, depth), false, true);
    setStackTrace(original.getStackTrace());
  }

  /**
   * What may be told of a failure.
   *
   * @param original the failure
   * @return its type, its stack trace and its causes
   */
  public static UnspokenFailure of(Throwable original) {
    return new UnspokenFailure(original, 1);
  }

  private static @Nullable UnspokenFailure cause(Throwable original, int depth) {
    Throwable cause = original.getCause();
    return cause == null || depth == DEEPEST ? null : new UnspokenFailure(cause, depth + 1);
  }

  /** The runtime's own messages about linking name classes only, and nothing else helps as much. */
  private static String description(Throwable original) {
    return original instanceof LinkageError ? original.toString() : original.getClass().getName();
  }
}
