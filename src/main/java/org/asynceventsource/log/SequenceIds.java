package org.asynceventsource.log;

import java.security.SecureRandom;
import java.util.OptionalLong;

/**
 * Ids of the form {@code <epoch>-<sequence>}, such as {@code k3v0qe81m5ta-42}.
 *
 * <p>The epoch is the identity of one history: 59 random bits as twelve digits to the base 32, the
 * first of which is a letter from g on. Neither dates nor hexadecimal numbers look like that, so an
 * application's own ids don't by accident. Immutable.
 */
final class SequenceIds {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int EPOCH_LENGTH = 12;
  private static final int MAX_LENGTH = EPOCH_LENGTH + 1 + 19;
  private static final int RADIX = 32;
  private static final long FIRST_DIGIT_FROM_G = 1L << 59;

  private final String prefix;

  private SequenceIds(String epoch) {
    prefix = epoch + '-';
  }

  /** Ids of a history that has just begun. */
  static SequenceIds create() {
    long random = RANDOM.nextLong() >>> 5;
    return new SequenceIds(Long.toString(FIRST_DIGIT_FROM_G | random, RADIX));
  }

  /** Whether the text could be an id of any history. */
  static boolean isShaped(String text) {
    return text.length() > EPOCH_LENGTH + 1
        && text.length() <= MAX_LENGTH
        && isEpoch(text)
        && isSequence(text);
  }

  String of(long sequence) {
    return prefix + sequence;
  }

  /**
   * The sequence number in an id of this history, of which there may be none yet: numbers too large
   * for a {@code long} come back as the largest one.
   */
  OptionalLong parse(String id) {
    if (!isShaped(id) || !id.startsWith(prefix)) {
      return OptionalLong.empty();
    }
    long sequence = 0;
    for (int i = prefix.length(); i < id.length(); i++) {
      sequence = sequence * 10 + (id.charAt(i) - '0');
    }
    // Nineteen digits overflow once at most, and then into the sign.
    return OptionalLong.of(sequence < 0 ? Long.MAX_VALUE : sequence);
  }

  private static boolean isEpoch(String text) {
    for (int i = 0; i < EPOCH_LENGTH; i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'v';
      if (i == 0 ? !letter || c < 'g' : !letter && !isDigit(c)) {
        return false;
      }
    }
    return text.charAt(EPOCH_LENGTH) == '-';
  }

  private static boolean isSequence(String text) {
    int first = EPOCH_LENGTH + 1;
    if (text.charAt(first) == '0') {
      return text.length() == first + 1;
    }
    for (int i = first; i < text.length(); i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
