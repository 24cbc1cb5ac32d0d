package org.asynceventsource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynceventsource.test.EmbeddedServer;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@DisplayName("Streams that share one connection of HTTP/2")
class Http2Test {

  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final byte INITIAL_WINDOW = 4;

  private static final int STREAMS = 20;
  private static final int STALLED = 4;
  private static final int LARGE_EVENTS = 100;
  private static final int EVENTS = 200;
  private static final Duration SOON = Duration.ofSeconds(3);
  private static final String LARGE = "x".repeat(10_000);
  private static final String VERY_LARGE = "x".repeat(60_000);

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger begun = new AtomicInteger();
  private final Queue<DisconnectReason> ended = new ConcurrentLinkedQueue<>();
  private EmbeddedServer.Running server;
  private AsyncEventSource source;

  private void start(EmbeddedServer container) throws Exception {
    server = container.start(Map.of("eventsource.heartbeat", "1s"));
    source = EventSources.of(server.context()).find("").orElseThrow();
    source.onConnect(client -> begun.incrementAndGet());
    source.onDisconnect((client, reason) -> ended.add(reason));
    upgrade();
  }

  /**
   * Makes the connection. On Tomcat 11.0.24 the stream of the request that upgrades it has a window
   * of 65,535 bytes, whatever the client's settings say, and the client waits for the rest for
   * ever.
   */
  private void upgrade() throws IOException, InterruptedException {
    HttpRequest head =
        HttpRequest.newBuilder(events()).method("HEAD", BodyPublishers.noBody()).build();
    assertThat(client.send(head, BodyHandlers.discarding()).version())
        .isEqualTo(HttpClient.Version.HTTP_2);
  }

  private URI events() {
    return URI.create("http://localhost:" + server.port() + "/events");
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private InputStream open() throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.send(HttpRequest.newBuilder(events()).build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
    return response.body();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("get each event, and the rest of them when some are cancelled")
  void cancelled(EmbeddedServer container) throws Exception {
    start(container);
    List<EventStreamRecorder> staying = new ArrayList<>();
    List<InputStream> leaving = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      staying.add(EventStreamRecorder.of(open()));
      leaving.add(open());
    }
    staying.forEach(EventStreamRecorder::assertOpened);
    await().until(() -> begun.get() == 2 * STREAMS); // whoever leaves earlier never was there
    for (int i = 0; i < EVENTS; i++) {
      source.send(i + LARGE);
      if (i % (EVENTS / STREAMS) == 0) {
        leaving.remove(leaving.size() - 1).close();
      }
    }
    for (EventStreamRecorder stream : staying) {
      for (int i = 0; i < EVENTS; i++) {
        stream.assertEvent(null, "message", i + LARGE);
      }
      stream.assertExhausted();
    }
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(ended).hasSize(STREAMS).containsOnly(DisconnectReason.GONE));
    assertThat(source.count()).isEqualTo(STREAMS);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("end in order when the event source is closed")
  void closed(EmbeddedServer container) throws Exception {
    start(container);
    List<EventStreamRecorder> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      streams.add(EventStreamRecorder.of(open()));
    }
    source.close();
    streams.forEach(EventStreamRecorder::assertEnded);
  }

  /**
   * The attack: grant the server as large a window as HTTP/2 has, then read nothing, so that the
   * connection itself takes no more.
   */
  @ParameterizedTest
  @EnumSource
  @DisplayName("don't hold up clients of HTTP/1.1 when their connection takes no more")
  void stalled(EmbeddedServer container) throws Exception {
    start(container);
    List<Socket> stalled = new ArrayList<>();
    try (EventStreamRecorder bystander =
        HttpCall.of("GET", "/events").send(server.port()).stream()) {
      bystander.assertOpened();
      for (int i = 0; i < STALLED; i++) {
        stalled.add(stall());
      }
      await().until(() -> source.count() == STALLED + 1);
      long begin = System.nanoTime();
      for (int i = 0; i < LARGE_EVENTS; i++) {
        source.send(i + VERY_LARGE);
      }
      for (int i = 0; i < LARGE_EVENTS; i++) {
        bystander.assertEvent(null, "message", i + VERY_LARGE);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
    } finally {
      for (Socket socket : stalled) {
        socket.close();
      }
    }
  }

  /** Opens a stream with prior knowledge (RFC 9113 §3.3), and never reads. */
  private Socket stall() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(frame(SETTINGS, 0, 0, new byte[] {0, INITIAL_WINDOW, 0x7f, -1, -1, -1}));
    bytes.writeBytes(frame(WINDOW_UPDATE, 0, 0, new byte[] {0x7f, -1, 0, 0}));
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86}); // GET, http (RFC 7541 appendix A)
    literal(header, 4, "/events");
    literal(header, 1, "localhost:" + server.port());
    bytes.writeBytes(frame(HEADERS, END_STREAM | END_HEADERS, 1, header.toByteArray()));
    socket.getOutputStream().write(bytes.toByteArray());
    return socket;
  }

  private static void literal(ByteArrayOutputStream header, int name, String value) {
    header.write(name);
    header.write(value.length());
    header.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) 0)
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }
}
