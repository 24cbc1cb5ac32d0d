package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.EventSources;
import org.asynceventsource.test.EmbeddedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Jetty")
class JettyTest {

  private static final int CLIENTS = 200;
  private static final long BYTES_EACH = 1_024;
  private static final long OTHERS = 256 * 1024; // for the requests that are served at once
  private static final String HEAD_END = "retry: ";

  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  @DisplayName("holds no buffer for an open stream")
  void noBuffer() throws Exception {
    EmbeddedServer.Running server = EmbeddedServer.JETTY.start(Map.of());
    AsyncEventSource source = EventSources.of(server.context()).find("").orElseThrow();
    try {
      connect(server.port());
      source.send("the first write");
      long before = directBytes();
      for (int i = 0; i < CLIENTS; i++) {
        connect(server.port());
      }
      source.send("to all of them");
      await().until(() -> source.averagePending() == 0);
      assertThat(directBytes() - before).isLessThan(CLIENTS * BYTES_EACH + OTHERS);
    } finally {
      server.stop();
    }
  }

  private void connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    sockets.add(socket);
    String request = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf(HEAD_END) < 0) {
      head.append((char) socket.getInputStream().read());
    }
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Test
  @DisplayName("isn't looked for behind an output that somebody has wrapped")
  void wrapped() {
    ServletOutputStream out = new FakeExchange(Runnable::run).out();
    assertThat(Jetty.writeThrough(out)).isSameAs(out);
  }
}
