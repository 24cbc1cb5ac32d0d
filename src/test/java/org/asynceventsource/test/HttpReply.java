package org.asynceventsource.test;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The response to an {@link HttpCall}; its connection is closed with it. Used by one thread.
 *
 * <p>A body that breaks off before its end, as its framing tells it, is an {@link EOFException}.
 */
public final class HttpReply implements AutoCloseable {

  private final Socket socket;
  private final int status;
  private final Map<String, List<String>> fields;
  private final InputStream body;

  private HttpReply(Socket socket, int status, Map<String, List<String>> fields, InputStream body) {
    this.socket = socket;
    this.status = status;
    this.fields = fields;
    this.body = body;
  }

  static HttpReply read(Socket socket, boolean mayHaveBody) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    int status = status(line(in));
    Map<String, List<String>> fields = fields(in);
    while (status < 200) {
      status = status(line(in));
      fields = fields(in);
    }
    boolean hasBody = mayHaveBody && status != 204 && status != 304;
    return new HttpReply(socket, status, fields, hasBody ? body(in, fields) : noBody());
  }

  /**
   * The status.
   *
   * @return such as 200
   */
  public int status() {
    return status;
  }

  /**
   * The header, for a test to say what is not in it.
   *
   * @return values by names in lower case
   */
  public Map<String, List<String>> fields() {
    return fields;
  }

  /**
   * A header field.
   *
   * @param name its name, in any case
   * @return its values, joined by commas; empty if there is none
   */
  public String field(String name) {
    return String.join(", ", fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
  }

  /**
   * The body, as it arrives.
   *
   * @return its bytes without the framing
   */
  public InputStream body() {
    return body;
  }

  /**
   * Reads the body to its end.
   *
   * @return the text
   * @throws IOException if it breaks off, or doesn't end within ten seconds of silence
   */
  public String text() throws IOException {
    return new String(body.readAllBytes(), StandardCharsets.UTF_8);
  }

  /**
   * Records the body as an event stream.
   *
   * @return the recorder, which closes the connection
   * @throws IOException if the connection is closed already
   */
  public EventStreamRecorder stream() throws IOException {
    if (status != 200 || !field("Content-Type").startsWith("text/event-stream")) {
      throw new AssertionError("no event stream: " + status + " " + fields + " " + text());
    }
    socket.setSoTimeout(0); // the recorder has its own patience
    return EventStreamRecorder.of(body);
  }

  /**
   * Breaks the connection, so that the server gets a reset and not just an end.
   *
   * @throws IOException if it can't be told to the system
   */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static int status(String line) throws IOException {
    if (!line.startsWith("HTTP/1.1 ")) {
      throw new IOException("no HTTP/1.1: " + line);
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private static Map<String, List<String>> fields(InputStream in) throws IOException {
    Map<String, List<String>> fields = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      fields.computeIfAbsent(name, key -> new ArrayList<>()).add(line.substring(colon + 1).strip());
    }
    return fields;
  }

  private static InputStream body(InputStream in, Map<String, List<String>> fields) {
    if (fields.containsKey("transfer-encoding")) {
      return new Framed(in, true, 0);
    }
    List<String> length = fields.get("content-length");
    return length == null ? in : new Framed(in, false, Long.parseLong(length.get(0)));
  }

  private static InputStream noBody() {
    return InputStream.nullInputStream();
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /** A body of a known length, or in chunks (RFC 9112 §7.1). */
  private static final class Framed extends InputStream {

    private final InputStream in;
    private final boolean chunked;
    private long left;
    private boolean first = true;
    private boolean over;

    Framed(InputStream in, boolean chunked, long left) {
      this.in = in;
      this.chunked = chunked;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (length == 0) {
        return 0; // and wait for nothing
      }
      if (left == 0 && chunked && !over) {
        nextChunk();
      }
      if (left == 0) {
        return -1;
      }
      int n = in.read(to, offset, (int) Math.min(left, length));
      if (n < 0) {
        throw new EOFException("the body broke off");
      }
      left -= n;
      return n;
    }

    private void nextChunk() throws IOException {
      if (!first) {
        line(in);
      }
      first = false;
      left = Long.parseLong(line(in), 16);
      over = left == 0;
      if (over) {
        line(in);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
