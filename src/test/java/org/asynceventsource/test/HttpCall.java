package org.asynceventsource.test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One HTTP/1.1 request over a connection of its own, byte by byte as a test says: no library adds,
 * checks or repeats anything. Immutable.
 */
public final class HttpCall {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final byte[] NOTHING = {};

  private final String method;
  private final String target;
  private final List<String> fields;
  private final byte[] body;

  private HttpCall(String method, String target, List<String> fields, byte[] body) {
    this.method = method;
    this.target = target;
    this.fields = fields;
    this.body = body;
  }

  /**
   * A request without header fields and body.
   *
   * @param method such as {@code GET}
   * @param target path and query
   * @return the request
   */
  public static HttpCall of(String method, String target) {
    return new HttpCall(method, target, List.of(), NOTHING);
  }

  /**
   * This request with a further header field, which is sent in UTF-8.
   *
   * @param name the field's name
   * @param value the field's value
   * @return the request with the field
   */
  public HttpCall with(String name, String value) {
    List<String> more = new ArrayList<>(fields);
    more.add(name + ": " + value);
    return new HttpCall(method, target, more, body);
  }

  /**
   * This request with a body whose length it tells.
   *
   * @param contentType the body's type
   * @param text the body, sent in UTF-8
   * @return the request with the body
   */
  public HttpCall withBody(String contentType, String text) {
    return withBody(contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * This request with a body whose length it tells.
   *
   * @param contentType the body's type
   * @param bytes the body
   * @return the request with the body
   */
  public HttpCall withBody(String contentType, byte[] bytes) {
    HttpCall typed = with("Content-Type", contentType);
    return new HttpCall(method, target, typed.fields, bytes.clone())
        .with("Content-Length", Integer.toString(bytes.length));
  }

  /**
   * This request with a body in one chunk, whose length nobody knows before.
   *
   * @param contentType the body's type
   * @param text the body, sent in UTF-8
   * @return the request with the body
   */
  public HttpCall withChunkedBody(String contentType, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    chunks.writeBytes(ascii(Integer.toHexString(bytes.length) + "\r\n"));
    chunks.writeBytes(bytes);
    chunks.writeBytes(ascii("\r\n0\r\n\r\n"));
    HttpCall typed = with("Content-Type", contentType).with("Transfer-Encoding", "chunked");
    return new HttpCall(method, target, typed.fields, chunks.toByteArray());
  }

  /**
   * Sends the header to this machine, for a body that follows bit by bit in chunks.
   *
   * @param contentType the body's type
   * @param port the server's port on the loopback address
   * @return the request, as far as it is sent
   * @throws IOException if the server doesn't take it
   */
  public HttpUpload upload(String contentType, int port) throws IOException {
    HttpCall typed = with("Content-Type", contentType).with("Transfer-Encoding", "chunked");
    return HttpUpload.begin(new HttpCall(method, target, typed.fields, NOTHING).bytes(port), port);
  }

  /**
   * Sends the request to this machine; names {@code localhost} as the host unless the test names
   * another.
   *
   * @param port the server's port on the loopback address
   * @return the response, of which status and header have arrived
   * @throws IOException if the server doesn't answer with HTTP within ten seconds
   */
  public HttpReply send(int port) throws IOException {
    return send(port, new Socket());
  }

  /**
   * Sends the request as {@link #send(int)} does, over a connection that takes few bytes which
   * aren't read.
   *
   * @param port the server's port on the loopback address
   * @param receiveBuffer how many bytes, about
   * @return the response, of which status and header have arrived
   * @throws IOException if the server doesn't answer with HTTP within ten seconds
   */
  public HttpReply send(int port, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(receiveBuffer); // before it connects: the window depends on it
    return send(port, socket);
  }

  /**
   * Sends the request as {@link #send(int)} does, from an address of its own.
   *
   * @param port the server's port on the loopback address
   * @param local an address of this machine, such as 127.0.0.2
   * @return the response, of which status and header have arrived
   * @throws IOException if the server doesn't answer with HTTP within ten seconds
   */
  public HttpReply send(int port, InetAddress local) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(local, 0));
    return send(port, socket);
  }

  private HttpReply send(int port, Socket socket) throws IOException {
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setSoTimeout(PATIENCE_MILLIS);
      return sendOver(socket, port);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Sends the request over a connection that is open already, and stays so. */
  HttpReply sendOver(Socket socket, int port) throws IOException {
    write(socket, bytes(port));
    return HttpReply.read(socket, !method.equals("HEAD"));
  }

  /** A server may answer and close before it has read all: the answer counts. */
  private static void write(Socket socket, byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException closedBefore) {
      if (socket.getInputStream().available() == 0) {
        throw closedBefore;
      }
    }
  }

  private byte[] bytes(int port) {
    StringBuilder head = new StringBuilder(method + ' ' + target + " HTTP/1.1\r\n");
    if (fields.stream().noneMatch(field -> field.startsWith("Host: "))) {
      head.append("Host: localhost:").append(port).append("\r\n");
    }
    fields.forEach(field -> head.append(field).append("\r\n"));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    all.writeBytes(body);
    return all.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return method + ' ' + target + ' ' + fields;
  }
}
