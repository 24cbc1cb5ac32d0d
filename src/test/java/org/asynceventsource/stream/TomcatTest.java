package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.SocketEvent;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.EventSources;
import org.asynceventsource.ServerSentEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tomcat is still busy with a response when its call of {@code onWritePossible} has returned. */
@DisplayName("A write that fails while Tomcat's thread is still on its way out of its call")
class TomcatCallTest {

  private static final int CLIENTS = 20;

  /** Fewer, so that a client which isn't released soon takes the place of another. */
  private static final String PLACES = "5";

  private static final String STATUS = "HTTP/1.1 200";
  private static final long LONG_WAY_NANOS = 20_000_000;

  /** Less than it takes until a client is given up whose end nobody has reported. */
  private static final Duration SOON = Duration.ofSeconds(3);

  @TempDir private Path directory;

  private final Tomcat tomcat = new Tomcat();
  private final BlockingQueue<AsyncEventSourceClient> opened = new LinkedBlockingQueue<>();
  private final BlockingQueue<DisconnectReason> ended = new LinkedBlockingQueue<>();
  private AsyncEventSource source;

  @BeforeEach
  void start() throws Exception {
    tomcat.setBaseDir(directory.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
    Context context = tomcat.addContext("", directory.toString());
    context.addParameter("eventsource.limits.clients", PLACES);
    context.addApplicationListener("org.asynceventsource.boot.BootListener");
    tomcat.start();
    Connector connector = tomcat.getConnector();
    ((AbstractProtocol<?>) connector.getProtocolHandler()).setAdapter(new LongWayOut(connector));
    source = EventSources.of(context.getServletContext()).find("").orElseThrow();
    source.onConnect(opened::add).onDisconnect((client, reason) -> ended.add(reason));
  }

  @AfterEach
  void stop() throws Exception {
    tomcat.stop();
    tomcat.destroy();
  }

  /** Takes its time between the call and the question whether the response has failed. */
  private static final class LongWayOut extends CoyoteAdapter {

    LongWayOut(Connector connector) {
      super(connector);
    }

    @Override
    public boolean asyncDispatch(Request request, Response response, SocketEvent status)
        throws Exception {
      boolean success = super.asyncDispatch(request, response, status);
      long end = System.nanoTime() + LONG_WAY_NANOS;
      while (status == SocketEvent.OPEN_WRITE && System.nanoTime() < end) {
        Thread.onSpinWait(); // a thread that sleeps would be taken for one without a task
      }
      return success;
    }
  }

  @Test
  @DisplayName("ends that client, and the next one gets its stream")
  void nextClient() throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      try (Socket socket = connect()) {
        assertThat(opened.poll(SOON.toMillis(), TimeUnit.MILLISECONDS)).isNotNull();
        socket.setSoLinger(true, 0); // close() resets the connection
      }
      source.send(ServerSentEvent.of("to nobody"));
      assertThat(ended.poll(SOON.toMillis(), TimeUnit.MILLISECONDS))
          .isEqualTo(DisconnectReason.GONE);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), tomcat.getConnector().getLocalPort()));
    String request = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    byte[] status = socket.getInputStream().readNBytes(STATUS.length());
    assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo(STATUS);
    return socket;
  }
}
