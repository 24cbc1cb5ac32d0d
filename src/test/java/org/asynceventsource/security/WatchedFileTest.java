package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.test.FakeClock;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A watched file")
class WatchedFileTest {

  private static final String MISTAKE = "the word is bad; choose another";
  private static final Duration LONG_AGO = Duration.ofHours(1);

  @TempDir private Path folder;
  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private final FakeClock clock = new FakeClock();
  private final List<String> told = new ArrayList<>();
  private int readings;
  private Path file;
  private WatchedFile<List<String>> watched;

  @BeforeEach
  void watch() throws IOException {
    file = folder.resolve("words");
    write("one\n# no word\n\n two \n", LONG_AGO);
    watched = watched();
  }

  private WatchedFile<List<String>> watched() {
    return new WatchedFile<>(
        file,
        (lines, mistakes) -> {
          readings++;
          lines.stream()
              .filter(line -> line.text().equals("bad"))
              .forEach(line -> mistakes.add(line.place() + MISTAKE));
          return lines.stream().map(WatchedFile.Line::text).toList();
        },
        (before, now) -> told.add(before + " -> " + now),
        new WatchedFile.Clocks(clock, clock));
  }

  /** Writes in place, as if so long ago. */
  private void write(String text, Duration age) throws IOException {
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(clock.instant().minus(age)));
  }

  private List<String> afterASecond() {
    clock.advance(WatchedFile.INTERVAL);
    return watched.content();
  }

  @Test
  @DisplayName("says what its lines say, and tells nobody of what it said first")
  void first() {
    assertThat(watched.content()).containsExactly("one", "two");
    assertThat(told).isEmpty();
  }

  @Test
  @DisplayName("says what it says now, a second after the last look")
  void changed() throws IOException {
    write("three", Duration.ZERO);
    clock.advance(WatchedFile.INTERVAL.minusMillis(1));
    assertThat(watched.content()).containsExactly("one", "two");
    clock.advance(Duration.ofMillis(1));
    assertThat(watched.content()).containsExactly("three");
    assertThat(told).containsExactly("[one, two] -> [three]");
  }

  @Test
  @DisplayName("isn't read again while it is as it was")
  void unchanged() {
    afterASecond();
    assertThat(readings).isEqualTo(2); // the first look compares with nothing
    for (int i = 0; i < 10; i++) {
      afterASecond();
    }
    assertThat(readings).isEqualTo(2);
  }

  /** Two changes within one tick of the file system's clock. */
  @Test
  @DisplayName("isn't trusted to be as it was so soon after a change that another looks the same")
  void sameTimeAndSize() throws IOException {
    FileTime time = FileTime.from(clock.instant().plusMillis(900));
    Files.writeString(file, "three");
    Files.setLastModifiedTime(file, time);
    assertThat(afterASecond()).containsExactly("three");
    Files.writeString(file, "seven");
    Files.setLastModifiedTime(file, time);
    assertThat(afterASecond()).containsExactly("seven");
  }

  @Test
  @DisplayName("is noticed when an editor moves another into its place, however old that is")
  void renamed() throws IOException {
    afterASecond();
    Path other = folder.resolve("words~");
    Files.writeString(other, "123456789012345678901"); // as long
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    assertThat(Files.size(other)).isEqualTo(Files.size(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(afterASecond()).containsExactly("123456789012345678901");
  }

  @Test
  @DisplayName("is followed where a link leads elsewhere now, as mounted secrets do")
  void link() throws IOException {
    Path one = Files.writeString(folder.resolve("one"), "first");
    Path two = Files.writeString(folder.resolve("two"), "second");
    file = Files.createSymbolicLink(folder.resolve("link"), one);
    watched = watched();
    assertThat(watched.content()).containsExactly("first");
    Files.move(
        Files.createSymbolicLink(folder.resolve("new"), two),
        file,
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(afterASecond()).containsExactly("second");
  }

  @Test
  @DisplayName("with a mistake leaves all as it was, and the log says so once with the line")
  void broken() throws IOException {
    write("three\nbad", Duration.ZERO);
    for (int i = 0; i < 5; i++) {
      assertThat(afterASecond()).containsExactly("one", "two");
    }
    assertThat(log.messages())
        .containsExactly(
            "a changed file is not used, and all stays as it was, until it is mended:\n  file '"
                + file
                + "', line 2: "
                + MISTAKE);
    write("three", Duration.ZERO);
    assertThat(afterASecond()).containsExactly("three");
    assertThat(told).containsExactly("[one, two] -> [three]");
  }

  @Test
  @DisplayName("that is gone leaves all as it was, and the log says so once, until it is back")
  void missing() throws IOException {
    Files.delete(file);
    for (int i = 0; i < 5; i++) {
      assertThat(afterASecond()).containsExactly("one", "two");
    }
    assertThat(log.messages())
        .singleElement()
        .asString()
        .endsWith("file '" + file + "' doesn't exist; create it or name another");
    write("three", LONG_AGO);
    assertThat(afterASecond()).containsExactly("three");
  }

  /** Which is how it is after a permission that was missing is given. */
  @Test
  @DisplayName("that couldn't be read is read again, though it looks the same")
  void unreadable() throws IOException {
    FileTime time = FileTime.from(clock.instant().minus(LONG_AGO));
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff});
    Files.setLastModifiedTime(file, time);
    assertThat(afterASecond()).containsExactly("one", "two");
    assertThat(log.messages()).singleElement().asString().contains("isn't UTF-8");
    Files.writeString(file, "three");
    Files.setLastModifiedTime(file, time);
    assertThat(afterASecond()).containsExactly("three");
  }

  @Test
  @DisplayName("that is dated far ahead isn't read at each look")
  void future() throws IOException {
    write("three", LONG_AGO.negated());
    assertThat(afterASecond()).containsExactly("three");
    int before = readings;
    afterASecond();
    assertThat(readings).isEqualTo(before);
  }

  @Test
  @DisplayName("that was emptied may be about to be written, and says nothing if it stays empty")
  void emptied() throws IOException {
    write("", Duration.ZERO);
    assertThat(afterASecond()).containsExactly("one", "two");
    assertThat(afterASecond()).isEmpty();
    assertThat(log.messages()).isEmpty();
  }

  @Test
  @Timeout(10)
  @DisplayName("is looked at by one thread, while the others go on with what it said")
  void oneLooks() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    watched =
        new WatchedFile<>(
            file,
            (lines, mistakes) -> {
              if (readings++ > 1) { // the first was that of the setting up
                reading.countDown();
                awaitUninterrupted(goOn);
              }
              return lines.stream().map(WatchedFile.Line::text).toList();
            },
            (before, now) -> {},
            new WatchedFile.Clocks(clock, clock));
    write("three", LONG_AGO);
    clock.advance(WatchedFile.INTERVAL);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<List<String>> looks = other.submit(watched::content);
      reading.await();
      clock.advance(WatchedFile.INTERVAL);
      assertThat(watched.content()).containsExactly("one", "two");
      goOn.countDown();
      assertThat(looks.get()).containsExactly("three");
    } finally {
      other.shutdownNow();
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("goes on when whoever is told of changes fails")
  void failingListener() throws IOException {
    watched =
        new WatchedFile<>(
            file,
            (lines, mistakes) -> lines.stream().map(WatchedFile.Line::text).toList(),
            (before, now) -> {
              throw new IllegalStateException("nobody home");
            },
            new WatchedFile.Clocks(clock, clock));
    write("three", LONG_AGO.plusMinutes(1));
    assertThat(afterASecond()).containsExactly("three");
    assertThat(log.messages()).singleElement().asString().contains("failed");
  }

  @Test
  @DisplayName("must be without mistakes at first")
  void mistakesAtFirst() throws IOException {
    write("bad\nbad", LONG_AGO);
    assertThatThrownBy(this::watched)
        .isInstanceOfSatisfying(
            ConfigurationException.class, e -> assertThat(e.mistakes()).hasSize(2));
  }
}
