package org.asynceventsource.it.support;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Follows one direction of an HTTP/1.1 connection byte by byte and knows at each where it is (RFC
 * 9112). Enough for whole messages with a length or in chunks; used by one thread.
 */
final class HttpScanner {

  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");
  private static final Pattern CHUNKED = Pattern.compile("(?im)^transfer-encoding: *chunked");
  private static final String END_OF_HEAD = "\r\n\r\n";

  private final Consumer<String> heads;
  private final StringBuilder text = new StringBuilder();
  private Where where = Where.HEAD;
  private long remaining;

  /**
   * A scanner at the beginning of a connection.
   *
   * @param heads gets each message's head when it is complete, up to the empty line
   */
  HttpScanner(Consumer<String> heads) {
    this.heads = heads;
  }

  private enum Where {
    HEAD,
    BODY,
    CHUNK_HEADER,
    CHUNK,
    CHUNK_END,
    TRAILER
  }

  /** Whether the next byte belongs to a message's head. */
  boolean isInHead() {
    return where == Where.HEAD;
  }

  /** Whether a chunk's header has begun and is not complete. */
  boolean isInsideChunkHeader() {
    return where == Where.CHUNK_HEADER && !text.isEmpty();
  }

  /** Whether the next byte belongs to a body. */
  boolean isInBody() {
    return where == Where.BODY || where == Where.CHUNK;
  }

  /** Goes one byte ahead. */
  void pass(byte b) {
    char c = (char) (b & 0xFF);
    switch (where) {
      case HEAD -> head(c);
      case BODY -> countDown(Where.HEAD);
      case CHUNK_HEADER -> chunkHeader(c);
      case CHUNK -> {
        countDown(Where.CHUNK_END);
        remaining = where == Where.CHUNK_END ? "\r\n".length() : remaining;
      }
      case CHUNK_END -> countDown(Where.CHUNK_HEADER);
      case TRAILER -> trailer(c);
    }
  }

  private void head(char c) {
    text.append(c);
    if (c != '\n' || !endsWith(END_OF_HEAD)) {
      return;
    }
    String head = take();
    Matcher length = LENGTH.matcher(head);
    if (CHUNKED.matcher(head).find()) {
      where = Where.CHUNK_HEADER;
    } else if (length.find()) {
      remaining = Long.parseLong(length.group(1));
      where = remaining == 0 ? Where.HEAD : Where.BODY;
    }
    heads.accept(head);
  }

  private void chunkHeader(char c) {
    text.append(c);
    if (c == '\n') {
      String size = take().strip().toLowerCase(Locale.ROOT).replaceFirst(";.*", "");
      remaining = Long.parseLong(size, 16);
      where = remaining == 0 ? Where.TRAILER : Where.CHUNK;
    }
  }

  private void trailer(char c) {
    text.append(c);
    if (c == '\n' && (text.length() == "\r\n".length() || endsWith(END_OF_HEAD))) {
      take();
      where = Where.HEAD;
    }
  }

  private void countDown(Where next) {
    remaining--;
    if (remaining == 0) {
      where = next;
    }
  }

  private boolean endsWith(String end) {
    return text.length() >= end.length()
        && text.substring(text.length() - end.length()).equals(end);
  }

  private String take() {
    String taken = text.toString();
    text.setLength(0);
    return taken;
  }
}
