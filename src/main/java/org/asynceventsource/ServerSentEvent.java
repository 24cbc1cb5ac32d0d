package org.asynceventsource;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One event as the application sees it: data, name, id and reconnect time (WHATWG HTML §9.2.6), and
 * to whom it matters: channel and key.
 *
 * <p>Immutable. Everything that could break the stream is refused here, so that no event that
 * exists can inject another one.
 */
public final class ServerSentEvent {

  /** Event names that begin so are the event source's own. */
  public static final String RESERVED_NAME_PREFIX = "eventsource.";

  /** The most bytes of UTF-8 that an id may have. */
  public static final int MAX_ID_BYTES = 256;

  /** The most characters that a channel, and a key, may have. */
  public static final int MAX_CHANNEL_LENGTH = 256;

  private final String data;
  private final @Nullable String name;
  private final @Nullable String id;
  private final long retry;
  private final String channel;
  private final @Nullable String key;

  private ServerSentEvent(
      String data,
      @Nullable String name,
      @Nullable String id,
      long retry,
      String channel,
      @Nullable String key) {
    this.data = data;
    this.name = name;
    this.id = id;
    this.retry = retry;
    this.channel = channel;
    this.key = key;
  }

  /**
   * An event with data and nothing else.
   *
   * @param data any text; CR, LF and CRLF arrive as LF, unpaired surrogates as U+FFFD
   * @return the event
   */
  public static ServerSentEvent of(String data) {
    return new ServerSentEvent(Objects.requireNonNull(data, "data"), null, null, 0, "", null);
  }

  /**
   * This event under a name.
   *
   * @param name the name that listeners use; {@code null} or empty for none ({@code message})
   * @return the named event
   * @throws InvalidEventException if the name holds CR, LF or NUL, or begins with {@value
   *     #RESERVED_NAME_PREFIX}
   */
  public ServerSentEvent withName(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return new ServerSentEvent(data, null, id, retry, channel, key);
    }
    requireOneLine("event name", name);
    if (name.startsWith(RESERVED_NAME_PREFIX)) {
      throw new InvalidEventException(
          "event name '%s' begins with '%s', which is reserved for the event source; choose another"
              .formatted(InvalidEventException.printable(name), RESERVED_NAME_PREFIX));
    }
    return new ServerSentEvent(data, name, id, retry, channel, key);
  }

  /**
   * This event with an id of its own in place of the one that the history would assign.
   *
   * <p>Keep to {@code [A-Za-z0-9._~-]} and 64 characters: other ids make browsers send a CORS
   * preflight when they reconnect to another origin. Resuming is exact for ids used once; a
   * repeated id resumes behind its first held occurrence.
   *
   * @param id the id; {@code null} or empty for none
   * @return the event with the id
   * @throws InvalidEventException if the id holds CR, LF or NUL or has more than {@value
   *     #MAX_ID_BYTES} bytes
   */
  public ServerSentEvent withId(@Nullable String id) {
    if (id == null || id.isEmpty()) {
      return new ServerSentEvent(data, name, null, retry, channel, key);
    }
    requireOneLine("event id", id);
    int bytes = id.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_ID_BYTES) {
      throw new InvalidEventException(
          "event id '%s' has %d bytes but may have at most %d"
              .formatted(InvalidEventException.printable(id), bytes, MAX_ID_BYTES));
    }
    return new ServerSentEvent(data, name, id, retry, channel, key);
  }

  /**
   * This event with a number as its own id.
   *
   * @param id the id, such as the current time in milliseconds; 0 for none
   * @return the event with the id
   * @throws InvalidEventException if the id is negative
   */
  public ServerSentEvent withId(long id) {
    if (id < 0) {
      throw new InvalidEventException(
          "event id '%d' is negative; use a positive number, or 0 for none".formatted(id));
    }
    return new ServerSentEvent(data, name, id == 0 ? null : Long.toString(id), retry, channel, key);
  }

  /**
   * This event with a reconnect time for the client that receives it.
   *
   * @param retry how long a client waits before it reconnects, in milliseconds; 0 for none
   * @return the event with the reconnect time
   * @throws InvalidEventException if the time is negative
   */
  public ServerSentEvent withRetry(long retry) {
    if (retry < 0) {
      throw new InvalidEventException(
          "reconnect time '%d' is negative; use milliseconds, or 0 for none".formatted(retry));
    }
    return new ServerSentEvent(data, name, id, retry, channel, key);
  }

  /**
   * This event in a channel: a named part of its event source, such as {@code orders/42}.
   *
   * <p>Clients that asked for channels get the events of these, and those without a channel;
   * clients that asked for none get all. Not part of what is sent.
   *
   * @param channel the channel; empty for none
   * @return the event in the channel
   * @throws InvalidEventException if the channel has more than {@value #MAX_CHANNEL_LENGTH}
   *     characters, or CR, LF or NUL
   */
  public ServerSentEvent withChannel(String channel) {
    requireName("channel", channel);
    return new ServerSentEvent(data, name, id, retry, channel, key);
  }

  /**
   * This event as the newest state of something: for a client that is too slow, an event with the
   * same key in the same channel may take its place, if the event source is told to conflate.
   *
   * @param key names the thing, such as {@code price/tea}; {@code null} or empty if every event
   *     counts
   * @return the event with the key
   * @throws InvalidEventException if the key has more than {@value #MAX_CHANNEL_LENGTH} characters,
   *     or CR, LF or NUL
   */
  public ServerSentEvent withKey(@Nullable String key) {
    if (key == null || key.isEmpty()) {
      return new ServerSentEvent(data, name, id, retry, channel, null);
    }
    requireName("key", key);
    return new ServerSentEvent(data, name, id, retry, channel, key);
  }

  /**
   * The data.
   *
   * @return the text as given
   */
  public String data() {
    return data;
  }

  /**
   * The event name.
   *
   * @return the name, or empty for an unnamed event
   */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /**
   * The event's own id.
   *
   * @return the id, or empty if the history assigns one
   */
  public Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /**
   * The reconnect time.
   *
   * @return milliseconds, or empty for none
   */
  public OptionalLong retry() {
    return retry == 0 ? OptionalLong.empty() : OptionalLong.of(retry);
  }

  /**
   * The channel.
   *
   * @return the channel; empty if the event is for every client
   */
  public String channel() {
    return channel;
  }

  /**
   * What the event is the newest state of.
   *
   * @return the key, or empty if every event counts
   */
  public Optional<String> key() {
    return Optional.ofNullable(key);
  }

  private static void requireName(String what, String text) {
    requireOneLine(what, text);
    if (text.length() > MAX_CHANNEL_LENGTH) {
      throw new InvalidEventException(
          "%s '%s' has %d characters but may have at most %d"
              .formatted(
                  what, InvalidEventException.printable(text), text.length(), MAX_CHANNEL_LENGTH));
    }
  }

  private static void requireOneLine(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n' || c == '\0') {
        throw new InvalidEventException(
            "%s '%s' has %s at index %d; line ends and NUL can't be sent there, remove them"
                .formatted(
                    what,
                    InvalidEventException.printable(text),
                    c == '\r' ? "CR" : c == '\n' ? "LF" : "NUL",
                    i));
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServerSentEvent that
        && data.equals(that.data)
        && Objects.equals(name, that.name)
        && Objects.equals(id, that.id)
        && retry == that.retry
        && channel.equals(that.channel)
        && Objects.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return Objects.hash(data, name, id, retry, channel, key);
  }

  /** A description for developers that leaves out the data, which may be confidential. */
  @Override
  public String toString() {
    return "ServerSentEvent[name=%s, id=%s, retry=%d, channel=%s, key=%s, data of %d characters]"
        .formatted(name, id, retry, channel, key, data.length());
  }
}
