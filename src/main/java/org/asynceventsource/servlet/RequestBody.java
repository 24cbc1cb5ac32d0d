package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.asynceventsource.EventSourceException;

/** Reads the bounded body of a request, as bytes and as text. */
final class RequestBody {

  private RequestBody() {}

  /**
   * Reads the body to its end, blocking.
   *
   * @param limit the most bytes; of a longer body at most one more is read
   * @throws RefusedException if the body is longer (413) or compressed (415)
   */
  static byte[] read(HttpServletRequest request, int limit) throws IOException {
    requireUncompressed(request);
    // Before the stream is touched: a client that waits for "100 Continue" then sends nothing.
    if (request.getContentLengthLong() > limit) {
      throw tooLong(limit);
    }
    byte[] body = request.getInputStream().readNBytes(limit + 1);
    if (body.length > limit) {
      throw tooLong(limit);
    }
    return body;
  }

  /** Decodes a body whose type leaves the charset to the client (UTF-8 by default). */
  static String text(byte[] body, Optional<String> charset) {
    return decode(body, charset.map(RequestBody::charset).orElse(StandardCharsets.UTF_8));
  }

  /** Decodes a body whose type is always in UTF-8. */
  static String utf8(byte[] body, MediaType type) {
    requireUtf8(type);
    return decode(body, StandardCharsets.UTF_8);
  }

  /** Refuses a type that is always in UTF-8 and says something else (415). */
  static void requireUtf8(MediaType type) {
    Charset charset = type.charset().map(RequestBody::charset).orElse(StandardCharsets.UTF_8);
    if (!charset.equals(StandardCharsets.UTF_8)) {
      throw Refusal.of(
              415,
              "charset of " + type.name(),
              "%s is always in UTF-8".formatted(type.name()),
              "send UTF-8 and leave the parameter charset out")
          .asException();
    }
  }

  /** Decodes bytes without replacing what is malformed. */
  static String decode(byte[] bytes, Charset charset) {
    ByteBuffer input = ByteBuffer.wrap(bytes);
    try {
      return charset
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(input)
          .toString();
    } catch (CharacterCodingException malformed) {
      throw Refusal.of(
              400,
              "malformed text",
              "the text is malformed %s at byte %d".formatted(charset.name(), input.position()),
              "send it in UTF-8, or name its charset in the header field Content-Type")
          .asException();
    }
  }

  private static Charset charset(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException unknown) {
      throw Refusal.of(
              415,
              "unknown charset",
              "charset '%s' is not known here".formatted(EventSourceException.printable(name)),
              "send UTF-8")
          .asException();
    }
  }

  /** Refuses a compressed body, which could be a bomb (415). */
  static void requireUncompressed(HttpServletRequest request) {
    for (String coding : HeaderSyntax.elements(request.getHeaders("Content-Encoding"))) {
      if (!coding.toLowerCase(Locale.ROOT).equals("identity")) {
        throw Refusal.of(
                415,
                "content coding",
                "the body is encoded as '%s'".formatted(EventSourceException.printable(coding)),
                "send it uncompressed")
            .withHeader("Accept-Encoding", "identity")
            .asException();
      }
    }
  }

  private static RefusedException tooLong(int limit) {
    return Refusal.of(
            413,
            "body too long",
            "the body has more than %d bytes".formatted(limit),
            "send less, or raise 'eventsource.limits.body'")
        .asException();
  }
}
