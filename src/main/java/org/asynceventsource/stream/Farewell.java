package org.asynceventsource.stream;

import java.util.concurrent.ThreadLocalRandom;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * The last line of a stream that ends in order: a reconnect time of the client's own.
 *
 * <p>After a shutdown it has to outlast a redeployment, since a 404 or 503 in between closes an
 * EventSource for good; in every other case the client is welcome again soon, but not all at once.
 */
final class Farewell {

  private static final long SOON_MIN = 500;
  private static final long SOON_MAX = 2_500;

  private Farewell() {}

  static Frame frame(@Nullable DisconnectReason reason, StreamOptions options) {
    return reason == DisconnectReason.SHUTDOWN
        ? retry(options.retryMin().toMillis(), options.retryMax().toMillis())
        : retry(SOON_MIN, SOON_MAX);
  }

  private static Frame retry(long min, long max) {
    return Encoder.retry(ThreadLocalRandom.current().nextLong(min, max + 1));
  }
}
