package org.asynceventsource.spi;

import java.util.concurrent.CompletionStage;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.wire.EncodedEvent;
import org.asynceventsource.wire.Frame;

/**
 * The ordered history of one event source.
 *
 * <p>A <em>cursor</em> is a position in this log on this machine: everything up to and including it
 * has been passed; {@link #tail()} is the cursor of a reader that has seen all, {@link #head()}
 * that of one that will read all that is held. Cursors only grow. They never leave the machine;
 * what clients keep is an opaque <em>id</em>, which only the log makes and parses.
 *
 * <p>Implementations are safe for use by many threads at once; reading neither blocks nor waits for
 * appending.
 */
public interface EventLog extends AutoCloseable {

  /** What {@link #read} answers when history at the cursor is no longer held. */
  long LAPPED = -1;

  /**
   * Appends an event: assigns its id, stores one immutable frame, advances the tail, then tells the
   * listener, in this order and the same for all appends.
   *
   * @param event the encoded event
   * @return completes with the event's id when the log keeps the event; for a log in memory at once
   * @throws InvalidEventException if the event's own id has the shape of this log's ids
   */
  CompletionStage<String> append(EncodedEvent event);

  /**
   * Whether an id has the shape of the ids that this log makes, which no event may have as its own.
   *
   * @param id any text
   * @return whether only this log may make such an id
   */
  boolean claims(String id);

  /**
   * Finds where a client resumes.
   *
   * @param id what the client presented, of any length and content
   * @return the cursor behind the event with this id, or the gap that the client has to be told
   */
  Resume locate(String id);

  /**
   * The oldest cursor that can be read from.
   *
   * @return at most {@link #tail()}
   */
  long head();

  /**
   * The cursor behind the newest event.
   *
   * @return at least {@link #head()}
   */
  long tail();

  /**
   * The id that makes a client resume at a cursor.
   *
   * @param cursor between 0 and {@link #tail()}
   * @return at most 64 of {@code [A-Za-z0-9._~-]}
   */
  String idAt(long cursor);

  /**
   * Reads frames in order.
   *
   * @param cursor where to begin; the first frame is the one behind it
   * @param limit the cursor to stop at, at most {@link #tail()}
   * @param sink takes the frames, until it refuses one
   * @return the cursor behind the last frame taken, or {@link #LAPPED} if the frame behind {@code
   *     cursor} is no longer held
   */
  long read(long cursor, long limit, FrameSink sink);

  /**
   * How much there is to read behind a cursor.
   *
   * @param cursor where a reader is
   * @return bytes of the frames behind it; {@link Long#MAX_VALUE} if some are no longer held
   */
  long bytesBehind(long cursor);

  /**
   * How much memory the history is reckoned to take.
   *
   * @return bytes of frames and overhead
   */
  long bytes();

  /**
   * Names the one listener that learns of appended frames; called once, before the first append.
   *
   * @param listener called by the appending thread
   */
  void listen(AppendListener listener);

  /** Releases what the log holds. Idempotent. */
  @Override
  void close();

  /** Takes frames one by one. */
  @FunctionalInterface
  interface FrameSink {

    /**
     * Offers a frame.
     *
     * @param frame the next frame
     * @return whether it was taken; after {@code false} no other is offered
     */
    boolean offer(Frame frame);
  }

  /** Learns of frames that readers can now see. */
  @FunctionalInterface
  interface AppendListener {

    /**
     * A frame was appended.
     *
     * @param frame the frame; must be treated quickly and without blocking
     * @param cursor the cursor behind the frame
     */
    void appended(Frame frame, long cursor);
  }
}
