package org.asynceventsource.test;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.asynceventsource.test.EventStreamParser.Message;
import org.jspecify.annotations.Nullable;

/**
 * Records what arrives on an event stream, so that a test asserts it in order.
 *
 * <p>A thread of its own reads to the end, to a failure, or until {@link #close()}. Each assertion
 * waits ten seconds at most; one thread asserts.
 */
public final class EventStreamRecorder implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final InputStream stream;
  private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> comments = new LinkedBlockingQueue<>();
  private final CountDownLatch opened = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile String lastEventId = "";
  private volatile long retry = -1;
  private volatile boolean betweenEvents = true;
  private volatile @Nullable Throwable failure;

  private EventStreamRecorder(InputStream stream) {
    this.stream = stream;
  }

  /**
   * Starts to record.
   *
   * @param stream the body of a response
   * @return the recorder, which closes the stream
   */
  public static EventStreamRecorder of(InputStream stream) {
    EventStreamRecorder recorder = new EventStreamRecorder(stream);
    Thread reader = new Thread(recorder::readAll, "event-stream-recorder");
    reader.setDaemon(true);
    reader.start();
    return recorder;
  }

  /** Asserts that the first bytes arrive: before them no browser tells that it is open. */
  public void assertOpened() {
    if (!await(opened, PATIENCE)) {
      throw new AssertionError("no byte arrived within " + PATIENCE + seen());
    }
  }

  /**
   * Asserts what the next event is.
   *
   * @param id its id; {@code null} for any
   * @param name its type; {@code message} if it has none
   * @param data its data
   * @return the event
   */
  public Message assertEvent(@Nullable String id, String name, String data) {
    Message expected = new Message(id == null ? "(any)" : id, name, data);
    Message actual = next();
    boolean equal =
        (id == null || id.equals(actual.id()))
            && name.equals(actual.name())
            && data.equals(actual.data());
    if (!equal) {
      throw new AssertionError("expected " + expected + "\n but came " + actual + seen());
    }
    return actual;
  }

  /**
   * The next event, whatever it is.
   *
   * @return the event
   */
  public Message next() {
    try {
      Message message = messages.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (message == null) {
        throw new AssertionError("no event arrived within " + PATIENCE + seen());
      }
      return message;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * The next comment, without the colon.
   *
   * @return the comment
   */
  public String nextComment() {
    try {
      String comment = comments.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (comment == null) {
        throw new AssertionError("no comment arrived within " + PATIENCE + seen());
      }
      return comment;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Asserts that no event has arrived that wasn't asserted. */
  public void assertExhausted() {
    List<Message> rest = new ArrayList<>(messages);
    if (!rest.isEmpty()) {
      throw new AssertionError("more events arrived: " + rest + seen());
    }
  }

  /** Asserts that the stream ends, between two events and with none that wasn't asserted. */
  public void assertEnded() {
    assertEndedWithin(PATIENCE);
  }

  /**
   * Asserts that the stream ends in time, between two events and with none that wasn't asserted.
   *
   * @param time how long from now on
   */
  public void assertEndedWithin(Duration time) {
    if (!await(ended, time)) {
      throw new AssertionError("the stream didn't end within " + time + seen());
    }
    assertExhausted();
    if (failure != null || !betweenEvents) {
      throw new AssertionError("the stream broke off" + seen(), failure);
    }
  }

  /**
   * What the client would present as its last event ID by now.
   *
   * @return the id; empty if there was none
   */
  public String lastEventId() {
    return lastEventId;
  }

  /**
   * The reconnect time set last.
   *
   * @return milliseconds; -1 if there was none
   */
  public long retry() {
    return retry;
  }

  /** Stops recording and closes the stream. */
  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      failure = e;
    }
  }

  private void readAll() {
    EventStreamParser parser = new EventStreamParser(new Recording());
    byte[] buffer = new byte[8192];
    try {
      for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
        opened.countDown();
        parser.feed(buffer, 0, n);
      }
    } catch (IOException | RuntimeException | AssertionError e) {
      failure = e;
    } finally {
      betweenEvents = parser.isBetweenEvents();
      ended.countDown();
    }
  }

  private static boolean await(CountDownLatch latch, Duration time) {
    try {
      return latch.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static AssertionError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AssertionError("interrupted", e);
  }

  private String seen() {
    return " (last event ID '%s', %s, failure: %s)"
        .formatted(lastEventId, ended.getCount() == 0 ? "ended" : "open", failure);
  }

  private final class Recording implements EventStreamParser.Receiver {

    @Override
    public void message(Message message) {
      messages.add(message);
    }

    @Override
    public void comment(String text) {
      comments.add(text);
    }

    @Override
    public void lastEventId(String id) {
      lastEventId = id;
    }

    @Override
    public void retry(long millis) {
      retry = millis;
    }
  }
}
