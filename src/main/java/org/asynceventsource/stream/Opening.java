package org.asynceventsource.stream;

import java.util.Optional;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.spi.Resume;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.jspecify.annotations.Nullable;

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

  private static final String GREETING = "async event source";
  private static final String HELLO = "eventsource.hello";

  static Opening of(EventLog log, @Nullable String lastId, StreamOptions options) {
    if (lastId == null) {
      return fresh(log, options);
    }
    Resume resume = log.locate(lastId);
    String id = log.idAt(resume.cursor());
    if (resume instanceof Resume.Gap gap) {
      GapNotice notice = new GapNotice(lastId, id, gap.lost(), gap.reason().wireName());
      return at(gap.cursor(), notice.frame(options.gapEvent()), Optional.of(notice));
    }
    return at(resume.cursor(), Encoder.id(id), Optional.empty());
  }

  private static Opening fresh(EventLog log, StreamOptions options) {
    long tail = log.tail();
    String id = log.idAt(tail);
    Frame first = options.hello() ? Encoder.ownEvent(HELLO, "", id) : Encoder.id(id);
    return at(tail, first, Optional.empty());
  }

  private static Opening at(long cursor, Frame first, Optional<GapNotice> gap) {
    return new Opening(cursor, Encoder.opening(GREETING, RECONNECT_MILLIS, first), gap);
  }
}
