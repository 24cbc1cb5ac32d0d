package org.asynceventsource.security;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * H(A1) as it stands in files and settings: {@code {SHA-256}digits}.
 *
 * <p>Without the tag the length decides; 64 digits are then SHA-256, though other algorithms make
 * as many.
 */
record StoredHash(DigestAlgorithm algorithm, String hex) {

  /** What is wrong with a text that isn't one; doesn't repeat the text. */
  static final String EXPECTED =
      "the hash must be {SHA-256} or {SHA-512-256} and 64 hexadecimal digits, or {MD5} and 32; make it with"
          + " 'java -jar eventsource.war hash'";

  private static final Pattern FORM = Pattern.compile("(?:\\{([^{}]+)})?(\\p{XDigit}+)");

  static Optional<StoredHash> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String hex = form.group(2).toLowerCase(Locale.ROOT);
    Optional<DigestAlgorithm> algorithm =
        form.group(1) == null ? byLength(hex.length()) : DigestAlgorithm.parse(form.group(1));
    return algorithm
        .filter(known -> known.hexDigits() == hex.length())
        .map(known -> new StoredHash(known, hex));
  }

  private static Optional<DigestAlgorithm> byLength(int digits) {
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      if (algorithm.hexDigits() == digits) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return "StoredHash[algorithm=%s]".formatted(algorithm.token());
  }
}
