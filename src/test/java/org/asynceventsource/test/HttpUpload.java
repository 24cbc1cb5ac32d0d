package org.asynceventsource.test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A request whose body is still being sent, in chunks as a test says; its connection is closed with
 * it. Used by one thread.
 */
public final class HttpUpload implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;

  private HttpUpload(Socket socket) {
    this.socket = socket;
  }

  static HttpUpload begin(byte[] head, int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.getOutputStream().write(head);
    return new HttpUpload(socket);
  }

  /**
   * Sends a text as one chunk.
   *
   * @param text not empty
   * @return this
   * @throws IOException if the server has closed the connection
   */
  public HttpUpload send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends bytes as one chunk.
   *
   * @param bytes at least one
   * @return this
   * @throws IOException if the server has closed the connection
   */
  public HttpUpload send(byte[] bytes) throws IOException {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    chunk.writeBytes(ascii(Integer.toHexString(bytes.length) + "\r\n"));
    chunk.writeBytes(bytes);
    chunk.writeBytes(ascii("\r\n"));
    return sendRaw(chunk.toByteArray());
  }

  /**
   * Sends bytes as they are, which may be no chunk at all.
   *
   * @param bytes any
   * @return this
   * @throws IOException if the server has closed the connection
   */
  public HttpUpload sendRaw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /**
   * Ends the body.
   *
   * @return this
   * @throws IOException if the server has closed the connection
   */
  public HttpUpload end() throws IOException {
    return sendRaw(ascii("0\r\n\r\n"));
  }

  /**
   * Waits for the response, which may come before the body's end.
   *
   * @return the response, of which status and header have arrived
   * @throws IOException if none comes within ten seconds
   */
  public HttpReply reply() throws IOException {
    return HttpReply.read(socket, true);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
