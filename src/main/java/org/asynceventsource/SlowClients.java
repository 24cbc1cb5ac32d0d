package org.asynceventsource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of clients that take events more slowly than they are sent.
 *
 * <p>A client that takes no bytes is behind by what is sent meanwhile. It is too slow when it is
 * further behind than it may be, or when the history has left it behind; what it has to catch up
 * with after a reconnect doesn't count. Nobody waits for it: neither whoever sends nor any other
 * client.
 *
 * @param policy what becomes of a client that is too slow
 * @param events the most events that it may be behind; 0 for as many as the history holds
 * @param bytes the most bytes that it may be behind; 0 for as many as the history holds
 * @param stalled how long it may take no bytes at all until it is disconnected, whatever the policy
 */
public record SlowClients(Policy policy, long events, long bytes, Duration stalled) {

  /** What happens to a client that is too slow. */
  public enum Policy {
    /**
     * It is disconnected. When it comes back it resumes where it was, or is told of a gap if the
     * history no longer reaches back so far. Nothing that is still held is ever lost.
     */
    DISCONNECT,
    /**
     * It stays connected, is told of a gap ({@code "reason":"skipped"}) and goes on with the newest
     * event: for streams of which only the present matters.
     */
    SKIP,
    /**
     * It stays connected, and of several events with the same key and channel that it has not got,
     * gets the newest only; events without a key all arrive.
     */
    CONFLATE
  }

  /**
   * The shipped rule: disconnect, by the bounds of the history, after 30 seconds without a byte.
   */
  public static final SlowClients DEFAULT =
      new SlowClients(Policy.DISCONNECT, 0, 0, Duration.ofSeconds(30));

  /**
   * Checks the values.
   *
   * @param policy what becomes of a client that is too slow
   * @param events the most events that it may be behind
   * @param bytes the most bytes that it may be behind
   * @param stalled how long it may take no bytes
   * @throws ConfigurationException if a limit is negative, or the time isn't positive
   */
  public SlowClients {
    List<String> mistakes = new ArrayList<>();
    if (events < 0) {
      mistakes.add("slow clients' events is '%d' but must not be negative".formatted(events));
    }
    if (bytes < 0) {
      mistakes.add("slow clients' bytes is '%d' but must not be negative".formatted(bytes));
    }
    if (stalled.isNegative() || stalled.isZero()) {
      mistakes.add("slow clients' stalled is '%s' but must be positive".formatted(stalled));
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
  }

  /**
   * This rule with another policy.
   *
   * @param other what becomes of a client that is too slow
   * @return the changed rule
   */
  public SlowClients withPolicy(Policy other) {
    return new SlowClients(other, events, bytes, stalled);
  }

  /**
   * This rule with another limit of events.
   *
   * @param most the most events that a client may be behind; 0 for as many as the history holds
   * @return the changed rule
   */
  public SlowClients withEvents(long most) {
    return new SlowClients(policy, most, bytes, stalled);
  }

  /**
   * This rule with another limit of bytes.
   *
   * @param most the most bytes that a client may be behind; 0 for as many as the history holds
   * @return the changed rule
   */
  public SlowClients withBytes(long most) {
    return new SlowClients(policy, events, most, stalled);
  }

  /**
   * This rule with another time.
   *
   * @param longest how long a client may take no bytes at all
   * @return the changed rule
   */
  public SlowClients withStalled(Duration longest) {
    return new SlowClients(policy, events, bytes, longest);
  }
}
