package org.asynceventsource.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** A connection that is kept for many requests, one after the other. Used by one thread. */
public final class HttpConnection implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;

  private final int port;
  private @Nullable Socket socket;

  private HttpConnection(int port) {
    this.port = port;
  }

  /**
   * A connection that is opened by its first request, and again if the server closes it.
   *
   * @param port the server's port on the loopback address
   * @return the connection
   */
  public static HttpConnection to(int port) {
    return new HttpConnection(port);
  }

  /**
   * Sends a request and reads its response to the end.
   *
   * @param call the request
   * @return the response; it is used up and not to be closed
   * @throws IOException if the server doesn't answer with HTTP within ten seconds
   */
  public Reply send(HttpCall call) throws IOException {
    Socket open = socket;
    if (open == null) {
      open = new Socket(InetAddress.getLoopbackAddress(), port);
      open.setTcpNoDelay(true);
      open.setSoTimeout(PATIENCE_MILLIS);
      socket = open;
    }
    HttpReply reply = call.sendOver(open, port);
    String text = reply.text();
    if (reply.field("Connection").equalsIgnoreCase("close")) {
      close();
    }
    return new Reply(reply.status(), reply.field("WWW-Authenticate"), text);
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }

  /**
   * A response.
   *
   * @param status such as 200
   * @param challenges the values of its field {@code WWW-Authenticate}
   * @param text its body
   */
  public record Reply(int status, String challenges, String text) {}
}
