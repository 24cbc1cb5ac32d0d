package org.asynceventsource.it.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.test.EventStreamParser.Message;
import org.asynceventsource.test.HostileText;
import org.asynceventsource.wire.Encoder;

/**
 * A stream of random text that likes to break event streams, encoded by us and served by a server
 * that knows nothing of us: for the parsers of others to read.
 *
 * <p>{@code /events} is the stream; it ends behind the last event. {@code /} is an empty page, from
 * which a browser may read it.
 */
public final class HostileStream implements AutoCloseable {

  private static final String PAGE = "<!DOCTYPE html><title>Hostile text</title>";

  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
  private final List<Message> sent = new ArrayList<>();
  private final HttpServer server;

  private HostileStream(HttpServer server) {
    this.server = server;
  }

  /**
   * Serves a stream whose random seed is printed.
   *
   * @param events how many events it has
   * @return the stream
   */
  public static HostileStream serve(int events) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      HostileStream hostile = new HostileStream(server);
      HostileText text = HostileText.create();
      for (int i = 0; i < events; i++) {
        hostile.write(text, "log-" + i);
      }
      byte[] stream = hostile.stream.toByteArray();
      byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
      server.createContext("/events", exchange -> answer(exchange, "text/event-stream", stream));
      server.createContext("/", exchange -> answer(exchange, "text/html", page));
      server.start();
      return hostile;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(HostileText text, String logId) throws IOException {
    ServerSentEvent event = ServerSentEvent.of(text.next());
    if (text.nextInt(4) == 0) {
      event = event.withId(text.nextOnOneLine());
    }
    if (text.nextInt(4) == 0) {
      Encoder.comment(text.next()).writeTo(stream);
    }
    Encoder.event(event).frame(logId, 0).writeTo(stream);
    sent.add(
        new Message(
            HostileText.received(event.id().orElse(logId)),
            "message",
            HostileText.received(event.data())));
  }

  private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /**
   * What a listener must get.
   *
   * @return the events in order, as they are received
   */
  public List<Message> sent() {
    return sent;
  }

  /**
   * Where the page is; the stream is at {@code events} below.
   *
   * @return the URI, ending with a slash
   */
  public URI uri() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
