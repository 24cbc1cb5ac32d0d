package org.asynceventsource.security;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.spi.WarnOnce;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of a file say, read again when the file has changed: whoever asks for it looks at
 * the file first, though not more often than once in {@link #INTERVAL}. There is no thread to stop.
 *
 * <p>The whole file counts or nothing of it. While it has a mistake, or isn't there, all stays as
 * it was, and the log says so once for each cause.
 *
 * <p>Safe for use by several threads: one of them looks, the others don't wait for it.
 *
 * @param <T> what the lines say; immutable
 */
final class WatchedFile<T> {

  /** How long a change may go unnoticed. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  /**
   * How long a file is not to be trusted after a change: the next one may carry the same time, and
   * who writes it may have emptied it first.
   */
  private static final Duration YOUTH = Duration.ofSeconds(2);

  /** How the lines are understood. */
  @FunctionalInterface
  interface Format<T> {

    /**
     * Reads the lines of a file, without comments and empty ones.
     *
     * @param mistakes takes a sentence for all that is wrong, which shows nothing secret
     */
    T read(List<Line> lines, List<String> mistakes);
  }

  /**
   * A line.
   *
   * @param text without white space around it
   * @param place begins the sentence about a mistake
   */
  record Line(String text, String place) {}

  /**
   * What time it is.
   *
   * @param passed nanoseconds, by a clock that nobody sets
   * @param date as file systems have it
   */
  record Clocks(LongSupplier passed, InstantSource date) {

    static final Clocks SYSTEM = new Clocks(System::nanoTime, InstantSource.system());
  }

  /** What tells one state of a file from another. */
  private record Stamp(FileTime time, long size, @Nullable Object key) {

    static Stamp of(Path file) throws IOException {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
    }

    /** A time far ahead is no sign of a change: it was set, or a clock is wrong. */
    boolean isYoung(Instant now) {
      Instant changed = time.toInstant();
      return changed.isAfter(now.minus(YOUTH)) && changed.isBefore(now.plus(YOUTH));
    }
  }

  private final Path file;
  private final Format<T> format;
  private final BiConsumer<? super T, ? super T> changes;
  private final Clocks clocks;
  private final ReentrantLock looking = new ReentrantLock();
  private final WarnOnce warnings = SecurityLog.warnings();
  private volatile long lookedAt;
  private volatile T content;
  private @Nullable Stamp trusted; // guarded by looking; what need not be read again

  /**
   * Reads the file.
   *
   * @param changes takes what was said before and what is said now, by the thread that noticed
   * @throws ConfigurationException if it can't be read or has mistakes; it lists them all
   */
  WatchedFile(
      Path file, Format<T> format, BiConsumer<? super T, ? super T> changes, Clocks clocks) {
    this.file = file;
    this.format = format;
    this.changes = changes;
    this.clocks = clocks;
    this.lookedAt = clocks.passed().getAsLong();
    List<String> mistakes = new ArrayList<>();
    this.content = format.read(lines(mistakes), mistakes);
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
  }

  /** What the file says, or said when it was last without mistakes. */
  T content() {
    long now = clocks.passed().getAsLong();
    if (now - lookedAt >= INTERVAL.toNanos() && looking.tryLock()) {
      look(now);
    }
    return content;
  }

  /** Called with the lock, which it gives up before anybody is told. */
  private void look(long now) {
    T before = content;
    try {
      lookedAt = now;
      T read = readAgain(clocks.date().instant());
      if (read == null) {
        return;
      }
      content = read;
    } finally {
      looking.unlock();
    }
    tell(before);
  }

  private @Nullable T readAgain(Instant now) {
    List<String> mistakes = new ArrayList<>();
    Stamp found = stamp();
    if (found != null && (found.equals(trusted) || (found.size() == 0 && found.isYoung(now)))) {
      return null;
    }
    List<Line> lines = lines(mistakes);
    if (found != null && !found.equals(stamp())) {
      return null; // somebody is writing it; next time, then
    }
    T read = format.read(lines, mistakes);
    boolean lasting = found != null && !found.isYoung(now) && mistakes.isEmpty();
    trusted = lasting ? found : null; // who may read a file can change without a trace in it
    if (!mistakes.isEmpty()) {
      warn(mistakes);
      return null;
    }
    return read;
  }

  private @Nullable Stamp stamp() {
    try {
      return Stamp.of(file);
    } catch (IOException missing) {
      return null; // reading tells why
    }
  }

  private List<Line> lines(List<String> mistakes) {
    try {
      List<String> all = Files.readAllLines(file, StandardCharsets.UTF_8);
      List<Line> lines = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        String text = all.get(i).strip();
        if (!text.isEmpty() && !text.startsWith("#")) {
          lines.add(new Line(text, "file '%s', line %d: ".formatted(file, i + 1)));
        }
      }
      return lines;
    } catch (NoSuchFileException e) {
      mistakes.add("file '%s' doesn't exist; create it or name another".formatted(file));
    } catch (CharacterCodingException e) {
      mistakes.add("file '%s' isn't UTF-8; convert it".formatted(file));
    } catch (IOException e) {
      mistakes.add("file '%s' can't be read (%s)".formatted(file, e.getClass().getSimpleName()));
    }
    return List.of();
  }

  private void warn(List<String> mistakes) {
    String all = String.join("\n  ", mistakes);
    warnings.warn(
        all, "a changed file is not used, and all stays as it was, until it is mended:\n  " + all);
  }

  private void tell(T before) {
    try {
      changes.accept(before, content);
    } catch (RuntimeException failure) {
      warnings.warn(
          "telling " + failure.getClass().getName(),
          "whoever is told of changes in file '%s' failed".formatted(file),
          failure);
    }
  }
}
