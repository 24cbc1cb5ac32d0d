package org.asynceventsource.spi;

import java.util.Locale;
import java.util.OptionalLong;

/** Where a client that presents a last event ID goes on. */
public sealed interface Resume {

  /**
   * The cursor that reading starts from.
   *
   * @return a cursor of the log that made this
   */
  long cursor();

  /**
   * The id is known: exactly the events behind it follow.
   *
   * @param cursor the cursor of the event with the id
   */
  record Exact(long cursor) implements Resume {}

  /**
   * History that the client asked for is gone, and it has to be told.
   *
   * @param cursor where reading starts: at the oldest event held if trimmed, else at the tail
   * @param lost how many events are lost, if that is known
   * @param reason why
   */
  record Gap(long cursor, OptionalLong lost, Reason reason) implements Resume {}

  /** Why there is a gap. */
  enum Reason {
    /** The events behind the id are partly no longer held; all that is held follows. */
    TRIMMED,
    /** The id was never made here, by this history; only live events follow. */
    UNKNOWN,
    /** The id is one that this history has not reached yet; only live events follow. */
    FUTURE;

    /**
     * The reason as clients read it.
     *
     * @return the name in lower case
     */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
