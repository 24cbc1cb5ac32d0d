package org.asynceventsource.wire;

/**
 * One field of an event, measured so that its bytes fit exactly: a prefix and text, which takes as
 * many lines on the wire as it has lines. Immutable.
 *
 * @param prefix what every line begins with
 * @param text the text, with whatever line ends
 * @param lines how many lines it takes; 0 if the field is left out
 * @param textSize bytes of UTF-8 without prefixes and line ends
 */
record Field(String prefix, String text, int lines, int textSize) {

  private static final Field NONE = new Field("", "", 0, 0);
  private static final int REPLACEMENT_SIZE = 3;

  /** The field that is left out. */
  static Field none() {
    return NONE;
  }

  static Field of(String prefix, String text) {
    int lines = 1;
    int size = 0;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        int charSize = sizeOf(text, i);
        size = Math.addExact(size, charSize);
        i += charSize == 4 ? 1 : 0;
      } else if (c == '\n' || (c == '\r' && !isLineFeed(text, i + 1))) {
        lines++;
      } else if (c != '\r') {
        size++;
      }
    }
    return new Field(prefix, text, lines, size);
  }

  int size() {
    return Math.addExact(textSize, Math.multiplyExact(lines, prefix.length() + 1));
  }

  /** Whether the text is ASCII on one line, so that its bytes are its characters. */
  boolean isPlain() {
    return lines == 1 && textSize == text.length();
  }

  /** Copies the field and the line end behind it. */
  int copyTo(byte[] target, int offset) {
    if (lines == 0) {
      return offset;
    }
    int end = putAscii(prefix, target, offset);
    end = isPlain() ? putAscii(text, target, end) : putLines(target, end);
    target[end] = '\n';
    return end + 1;
  }

  private int putLines(byte[] target, int offset) {
    int end = offset;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        end = putCharacter(i, target, end);
        i += sizeOf(text, i) == 4 ? 1 : 0;
      } else if (c == '\n' || c == '\r') {
        target[end] = '\n';
        end = putAscii(prefix, target, end + 1);
        i += c == '\r' && isLineFeed(text, i + 1) ? 1 : 0;
      } else {
        target[end++] = (byte) c;
      }
    }
    return end;
  }

  private int putCharacter(int index, byte[] target, int offset) {
    char c = text.charAt(index);
    switch (sizeOf(text, index)) {
      case 2 -> {
        target[offset] = (byte) (0xC0 | (c >> 6));
        target[offset + 1] = continuation(c);
        return offset + 2;
      }
      case 4 -> {
        int codePoint = Character.toCodePoint(c, text.charAt(index + 1));
        target[offset] = (byte) (0xF0 | (codePoint >> 18));
        target[offset + 1] = continuation(codePoint >> 12);
        target[offset + 2] = continuation(codePoint >> 6);
        target[offset + 3] = continuation(codePoint);
        return offset + 4;
      }
      default -> {
        char written = Character.isSurrogate(c) ? '\uFFFD' : c;
        target[offset] = (byte) (0xE0 | (written >> 12));
        target[offset + 1] = continuation(written >> 6);
        target[offset + 2] = continuation(written);
        return offset + 3;
      }
    }
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3F));
  }

  /** The UTF-8 size of the character at an index above ASCII; 4 if it takes two chars. */
  private static int sizeOf(String text, int index) {
    char c = text.charAt(index);
    if (c < 0x800) {
      return 2;
    }
    boolean paired =
        Character.isHighSurrogate(c)
            && index + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(index + 1));
    return paired ? 4 : REPLACEMENT_SIZE;
  }

  private static boolean isLineFeed(String text, int index) {
    return index < text.length() && text.charAt(index) == '\n';
  }

  // String#getBytes(int, int, byte[], int) drops the high bytes, which is why it is deprecated;
  // there
  // are none here, and nothing else copies into an array that is already there.
  @SuppressWarnings("deprecation")
  private static int putAscii(String ascii, byte[] target, int offset) {
    ascii.getBytes(0, ascii.length(), target, offset);
    return offset + ascii.length();
  }
}
