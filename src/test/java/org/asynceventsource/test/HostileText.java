package org.asynceventsource.test;

import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Random text that likes to break event streams: all of Unicode, weighted to line ends, NUL,
 * colons, spaces, byte order marks, unpaired surrogates and what looks like fields. Equal seeds
 * give equal text. Not safe for use by several threads.
 */
public final class HostileText {

  private static final String[] FAVOURITES = {
    "\r",
    "\n",
    "\r\n",
    "\n\n",
    "\0",
    ":",
    " ",
    "\uFEFF",
    "\uD83D",
    "\uDE00",
    "\uD83D\uDE00",
    "\u2028",
    "\u2029",
    "\u0085",
    "\u000B",
    "\uFFFD",
    "data: ",
    "id: ",
    "event:",
    "retry: 1",
    "\t"
  };

  private final long seed;
  private final SplittableRandom random;

  private HostileText(long seed) {
    this.seed = seed;
    random = new SplittableRandom(seed);
  }

  /**
   * A source of text whose seed is printed, and can be set by {@code -Dtest.seed}.
   *
   * @return the source
   */
  public static HostileText create() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("hostile text: -Dtest.seed=" + seed);
    return new HostileText(seed);
  }

  /**
   * What makes the same text again.
   *
   * @return the seed
   */
  public long seed() {
    return seed;
  }

  /**
   * The next text.
   *
   * @return mostly up to 16 characters, sometimes hundreds, sometimes none
   */
  public String next() {
    int pieces = random.nextInt(random.nextInt(64) == 0 ? 400 : 16);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      switch (random.nextInt(4)) {
        case 0, 1 -> text.append(FAVOURITES[random.nextInt(FAVOURITES.length)]);
        case 2 -> text.append((char) random.nextInt(0x80));
        default -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
      }
    }
    return text.toString();
  }

  /**
   * The next text that may be a name or an id.
   *
   * @return at most 80 characters, never empty, without CR, LF and NUL
   */
  public String nextOnOneLine() {
    String text = "x" + next();
    return text.substring(0, Math.min(80, text.length()))
        .chars()
        .filter(c -> c != '\r' && c != '\n' && c != '\0')
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  /**
   * A random number.
   *
   * @param bound more than any
   * @return at least 0
   */
  public int nextInt(int bound) {
    return random.nextInt(bound);
  }

  /**
   * What is left of a text when it was sent: line ends are LF, unpaired surrogates U+FFFD.
   *
   * @param text the text sent
   * @return the text received
   */
  public static String received(String text) {
    StringBuilder received = new StringBuilder(text.length());
    String lines = text.replace("\r\n", "\n").replace('\r', '\n');
    for (int i = 0; i < lines.length(); i = lines.offsetByCodePoints(i, 1)) {
      int c = lines.codePointAt(i);
      boolean unpaired = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      received.appendCodePoint(unpaired ? 0xFFFD : c);
    }
    return received.toString();
  }
}
