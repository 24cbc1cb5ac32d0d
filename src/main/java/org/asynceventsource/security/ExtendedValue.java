package org.asynceventsource.security;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of a parameter such as {@code username*}, with any characters in one of ASCII alone:
 * {@code UTF-8'en'na%C3%AFve} (RFC 8187 §3.2). Read strictly; of character sets UTF-8 only, which
 * is the one that RFC 7616 §3.4 allows.
 */
final class ExtendedValue {

  // No alternatives within a repetition: those cost a stack frame for each character.
  private static final Pattern FORM =
      Pattern.compile("(?i:UTF-8)'[A-Za-z0-9-]*'([A-Za-z0-9!#$&+.^_`|~%-]*)");

  private ExtendedValue() {}

  /**
   * What a value means.
   *
   * @param name the parameter's name, for the message
   * @throws MalformedCredentialsException if it is no such value, or means a control character
   */
  static String decode(String name, String value) {
    Matcher form = FORM.matcher(value);
    if (!form.matches()) {
      throw malformed(name);
    }
    try {
      ByteBuffer bytes = percentDecoded(form.group(1));
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw malformed(name);
      }
      return text;
    } catch (CharacterCodingException | IndexOutOfBoundsException | NumberFormatException e) {
      throw malformed(name);
    }
  }

  private static ByteBuffer percentDecoded(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        bytes.put((byte) HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 2;
      } else {
        bytes.put((byte) text.charAt(i));
      }
    }
    return bytes.flip();
  }

  private static MalformedCredentialsException malformed(String name) {
    return new MalformedCredentialsException(
        "parameter '%s' of Authorization must be UTF-8'' and percent-coded UTF-8 (RFC 8187)"
            .formatted(name));
  }
}
