package org.asynceventsource.security;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The bytes behind the characters of a header field. Containers hand them out as ISO-8859-1, some
 * as UTF-8, whatever the client meant.
 */
final class HeaderText {

  private HeaderText() {}

  /** What the client sent, as far as it can be told. */
  static byte[] bytes(String text) {
    boolean latin = text.chars().allMatch(c -> c <= 0xFF);
    Charset charset = latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    return text.getBytes(charset);
  }

  /** The text that the client meant: UTF-8 if the bytes are, else ISO-8859-1. */
  static String decode(String text) {
    byte[] bytes = bytes(text);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
