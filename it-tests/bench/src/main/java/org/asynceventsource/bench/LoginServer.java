package org.asynceventsource.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.asynceventsource.boot.BootListener;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A Jetty with an event source that only users may read, and one connection to it. */
final class LoginServer implements LoginTimes.Attempt, AutoCloseable {

  static final String PATH = "/events";

  private static final int REQUESTS_PER_NONCE = 1_000;
  private static final Pattern NONCE = Pattern.compile("[ ,]nonce=\"([^\"]*)\"");
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)");

  private static final String END_OF_HEAD = "\r\n\r\n";

  private final Server server;
  private final Socket socket;
  private final InputStream in;
  private String nonce = "";
  private int requests;

  private LoginServer(Server server, Socket socket) throws IOException {
    this.server = server;
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static LoginServer start() throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    ServletContextHandler application = new ServletContextHandler("/");
    String users =
        IntStream.range(0, LoginTimes.USERS)
            .mapToObj(number -> LoginTimes.user(number) + ":x")
            .collect(Collectors.joining(","));
    application.setInitParameter("eventsource.auth", "digest");
    application.setInitParameter("eventsource.users", users);
    application.setInitParameter("eventsource.trusted-proxies", "127.0.0.1");
    application.addEventListener(new BootListener());
    server.setHandler(application);
    server.start();
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    socket.setTcpNoDelay(true);
    return new LoginServer(server, socket);
  }

  /** The header field that claims to be somebody. */
  static String answer(String name, String nonce, String response) {
    return ("Digest username=\"%s\", realm=\"eventsource\", nonce=\"%s\", uri=\"%s\","
            + " algorithm=SHA-256, qop=auth, nc=00000001, cnonce=\"c0ffee\", response=\"%s\"")
        .formatted(name, nonce, PATH, response);
  }

  static String nonce(String challenge) {
    Matcher matcher = NONCE.matcher(challenge);
    if (!matcher.find()) {
      throw new BenchmarkException("no challenge: " + challenge);
    }
    return matcher.group(1);
  }

  @Override
  public long refused(String name, String address, String response) throws IOException {
    if (requests++ % REQUESTS_PER_NONCE == 0) {
      socket.getOutputStream().write(request("", address));
      nonce = nonce(answered());
    }
    byte[] request = request("Authorization: " + answer(name, nonce, response) + "\r\n", address);
    long begin = System.nanoTime();
    socket.getOutputStream().write(request);
    String head = answered();
    long nanos = System.nanoTime() - begin;
    if (!head.startsWith("HTTP/1.1 401") || head.contains("stale")) {
      throw new BenchmarkException("a wrong digest was answered " + head);
    }
    return nanos;
  }

  private static byte[] request(String field, String address) {
    return "GET %s HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: %s\r\n%s\r\n"
        .formatted(PATH, address, field)
        .getBytes(ISO_8859_1);
  }

  /** Reads an answer to its end; its head. */
  private String answered() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf(END_OF_HEAD, head.length() - END_OF_HEAD.length()) < 0) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException(head.toString());
      }
      head.append((char) b);
    }
    Matcher length = LENGTH.matcher(head);
    in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    return head.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
      server.stop();
    } catch (Exception e) {
      throw new BenchmarkException("Jetty doesn't stop", e);
    }
  }
}
