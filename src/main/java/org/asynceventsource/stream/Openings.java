package org.asynceventsource.stream;

import java.util.Optional;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.spi.Resume;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.jspecify.annotations.Nullable;

/** How the streams of one event source begin. Thread-safe. */
final class Openings {

  private static final String GREETING = "async event source";
  private static final String HELLO = "eventsource.hello";

  private final EventLog log;
  private final StreamOptions options;

  /** Of clients that come for the first time, which thousands may do between two events. */
  private volatile @Nullable Opening newest;

  Openings(EventLog log, StreamOptions options) {
    this.log = log;
    this.options = options;
  }

  /**
   * How a stream begins.
   *
   * @param lastId what the client has presented, or {@code null}
   */
  Opening of(@Nullable String lastId) {
    return lastId == null ? fresh() : resumed(lastId);
  }

  private Opening fresh() {
    long tail = log.tail();
    Opening known = newest;
    if (known == null || known.cursor() != tail) {
      String id = log.idAt(tail);
      Frame first = options.hello() ? Encoder.ownEvent(HELLO, "", id) : Encoder.id(id);
      known = at(tail, first, Optional.empty());
      newest = known;
    }
    return known;
  }

  private Opening resumed(String lastId) {
    Resume resume = log.locate(lastId);
    String id = log.idAt(resume.cursor());
    if (resume instanceof Resume.Gap gap) {
      GapNotice notice = new GapNotice(lastId, id, gap.lost(), gap.reason().wireName());
      return at(gap.cursor(), notice.frame(options.gapEvent()), Optional.of(notice));
    }
    return at(resume.cursor(), Encoder.id(id), Optional.empty());
  }

  private static Opening at(long cursor, Frame first, Optional<GapNotice> gap) {
    return new Opening(cursor, Encoder.opening(GREETING, Opening.RECONNECT_MILLIS, first), gap);
  }
}
