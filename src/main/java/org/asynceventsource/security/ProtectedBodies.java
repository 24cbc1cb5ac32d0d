package org.asynceventsource.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the bodies that digests cover (RFC 7616 §3.4.3, qop {@code auth-int}), which has to be done
 * before it is known whose they are. Any thread; blocks as long as the container lets a client be
 * slow.
 *
 * <p>Memory is bounded for each body and for all that are being read; it is counted as bytes
 * arrive, so that nobody reserves any by announcing much and sending little. What has been verified
 * is no longer counted: it belongs to a request of somebody who has logged in.
 */
final class ProtectedBodies {

  private static final int PIECE = 8 * 1024;

  private final int longest;
  private final long memory;
  private final AtomicLong used = new AtomicLong();

  ProtectedBodies(int longest, long memory) {
    this.longest = longest;
    this.memory = memory;
  }

  /** Whether a digest can cover the body: an event stream is published long before it ends. */
  static boolean canBeProtected(HttpServletRequest request) {
    String type = request.getContentType();
    return type == null || !type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  /** Whether there may be a body to read. */
  static boolean isThere(HttpServletRequest request) {
    long length = request.getContentLengthLong();
    return length > 0
        || (length < 0 && !AccessRules.reads(request))
        || request.getHeader("Transfer-Encoding") != null;
  }

  /**
   * Reads a body to its end.
   *
   * @throws RefusedBodyException if it is too long (413), ends early (400), or there are too many
   *     at the same time (503)
   */
  byte[] read(HttpServletRequest request) {
    // Before the stream is touched: a client that waits for "100 Continue" then sends nothing.
    if (request.getContentLengthLong() > longest) {
      throw tooLong();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      copy(request.getInputStream(), body);
    } catch (IOException e) {
      throw new RefusedBodyException(
          HttpServletResponse.SC_BAD_REQUEST, "the body ended before its time");
    } finally {
      used.addAndGet(-body.size());
    }
    return body.toByteArray();
  }

  private void copy(InputStream in, ByteArrayOutputStream body) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
      body.write(piece, 0, read);
      long all = used.addAndGet(read);
      if (body.size() > longest) {
        throw tooLong();
      }
      if (all > memory) {
        throw new RefusedBodyException(
            HttpServletResponse.SC_SERVICE_UNAVAILABLE,
            "too many bodies that digests cover are being read; try again, or with qop=auth");
      }
    }
  }

  private static RefusedBodyException tooLong() {
    return new RefusedBodyException(
        HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
        "the body is too long; send less, or raise 'eventsource.limits.body'");
  }
}
