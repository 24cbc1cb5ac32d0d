package org.asynceventsource.stream;

import java.util.Optional;
import org.asynceventsource.wire.Frame;

/**
 * How a stream begins: where in the history, and the first bytes, which go out with the headers so
 * that {@code open} fires at once.
 *
 * <p>They are one block with an id. A client that takes the specification at its word forgets its
 * last event ID at the first empty line of a new stream that has brought none (WHATWG HTML §9.2.6),
 * and one that is cut off before a gap event must not have its id yet. Either would lose events
 * without a word.
 *
 * @param cursor where the client is in the history
 * @param bytes the first block
 * @param gap what the block tells of lost history, if it does
 */
record Opening(long cursor, Frame bytes, Optional<GapNotice> gap) {

  /** The reconnect time in use while nobody says otherwise; takes back that of a past farewell. */
  static final long RECONNECT_MILLIS = 3_000;
}
