package org.asynceventsource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynceventsource.test.EmbeddedServer;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The attack: open streams and read nothing, so that the server keeps their descriptors and buffers
 * for good. No container frees them by itself when the response is completed, but Jetty.
 */
@Timeout(120)
@DisplayName("A client that stops reading")
class StalledClientTest {

  /** Undertow's complaint about its own closing of a connection that it has broken. */
  private static final String CLOSING_CLOSED = "UT005088";

  private static final int STALLED = 20;
  private static final int ATTEMPTS = 5;

  /** Descriptors that the JVM may open meanwhile, such as a jar's. */
  private static final int OTHERS = 3;

  private static final int RECEIVE_BUFFER = 4_096;
  private static final int EVENTS = 100;
  private static final String LARGE = "x".repeat(64_000);
  private static final int SMALL_BYTES = 1_000;
  private static final Duration SOON = Duration.ofSeconds(5);

  private final List<Socket> sockets = new ArrayList<>();
  private final BlockingQueue<AsyncEventSourceClient> opened = new LinkedBlockingQueue<>();
  private final List<DisconnectReason> reasons = new CopyOnWriteArrayList<>();
  private EmbeddedServer.Running server;
  private AsyncEventSource source;

  private void start(EmbeddedServer container, String stalled) throws Exception {
    server =
        container.start(
            Map.of("eventsource.limits.stalled", stalled, "eventsource.heartbeat", "0"));
    source = EventSources.of(server.context()).find("").orElseThrow();
    source.onConnect(opened::add).onDisconnect((client, reason) -> reasons.add(reason));
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.stop();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("is gone soon after its deadline, with its descriptor, and harms nobody")
  void deadline(EmbeddedServer container) throws Exception {
    try (LogRecords undertow = LogRecords.of("io.undertow");
        LogRecords tomcat = LogRecords.of("org.apache")) {
      start(container, "2s");
      try (CountingReader bystander = new CountingReader(connect())) {
        long open = stall();
        await().atMost(SOON).until(() -> source.count() == 1);
        assertThat(reasons).hasSize(STALLED).containsOnly(DisconnectReason.SLOW);
        await().atMost(SOON).until(() -> descriptors() <= open - STALLED + OTHERS);
        await().atMost(SOON).until(() -> bystander.events() == EVENTS);
        source.send(LARGE);
        await().atMost(SOON).until(() -> bystander.events() == EVENTS + 1);
      }
      assertThat(undertow.messages()).allMatch(text -> text.startsWith(CLOSING_CLOSED));
      assertThat(tomcat.messages()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("is gone soon after its event source is closed, with its descriptor")
  void closed(EmbeddedServer container) throws Exception {
    start(container, "1m");
    long open = stall();
    source.close();

    await().atMost(SOON).until(() -> descriptors() <= open - STALLED + OTHERS);
    assertThat(source.count()).isZero();
  }

  /** How many descriptors are open when all those clients take nothing more. */
  private long stall() throws IOException {
    for (int i = 0; i < STALLED; i++) {
      connect();
    }
    for (int i = 0; i < EVENTS; i++) {
      source.send(LARGE);
    }
    await()
        .atMost(SOON)
        .until(() -> opened.stream().filter(client -> client.pending() > 0).count() == STALLED);
    return descriptors();
  }

  /**
   * Events go out singly, until there are a few less on their way than the client takes; whatever
   * the container holds back at that point has to follow by itself when the client reads on.
   */
  @ParameterizedTest
  @EnumSource
  @DisplayName("and reads on gets all the rest, though nothing more happens")
  void readsOn(EmbeddedServer container) throws Exception {
    start(container, "1m");
    for (int less = 3; less <= 15; less += 4) {
      int sent = 0;
      AsyncEventSourceClient client = null;
      Socket socket = null;
      for (int attempt = 0; attempt < ATTEMPTS && !isWritten(client); attempt++) {
        sent = sendSinglyUntilBlocked() - less; // anew, since what the system takes varies a little
        socket = connect();
        client = opened.take();
        for (int i = 0; i < sent; i++) {
          sendSingly(client);
        }
      }
      assertThat(client.pending()).isZero();
      try (CountingReader reader = new CountingReader(socket)) {
        int expected = sent;
        await().atMost(SOON).until(() -> reader.events() == expected);
      }
    }
  }

  private static boolean isWritten(AsyncEventSourceClient client) {
    return client != null && client.pending() == 0;
  }

  private int sendSinglyUntilBlocked() throws Exception {
    connect();
    AsyncEventSourceClient client = opened.take();
    int sent = 0;
    while (sendSingly(client)) {
      sent++;
    }
    assertThat(sent).isGreaterThan(100);
    return sent;
  }

  /** Answers whether the event was written soon. */
  private boolean sendSingly(AsyncEventSourceClient client) {
    source.send("y".repeat(SMALL_BYTES));
    long begin = System.nanoTime();
    while (client.pending() > 0 && System.nanoTime() - begin < 500_000_000L) {
      Thread.onSpinWait();
    }
    return client.pending() == 0;
  }

  /** Opens a stream and reads its first byte. */
  private Socket connect() throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.setReceiveBufferSize(RECEIVE_BUFFER);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    String request = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  private static long descriptors() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }

  /** A client that reads and counts lines of data, until it is closed. */
  private static final class CountingReader implements AutoCloseable {

    private static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final Thread thread = new Thread(this::read, "reader");
    private final AtomicInteger events = new AtomicInteger();
    private volatile boolean closed;

    CountingReader(Socket socket) {
      this.socket = socket;
      thread.start();
    }

    int events() {
      return events.get();
    }

    private void read() {
      byte[] buffer = new byte[64 * 1_024];
      int matched = 0;
      try {
        InputStream in = socket.getInputStream();
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          for (int i = 0; i < length; i++) {
            matched = buffer[i] == DATA[matched] ? matched + 1 : buffer[i] == DATA[0] ? 1 : 0;
            if (matched == DATA.length) {
              matched = 0;
              events.incrementAndGet();
            }
          }
        }
      } catch (IOException e) {
        if (!closed) {
          throw new UncheckedIOException(e);
        }
      }
    }

    @Override
    public void close() throws IOException {
      closed = true;
      socket.close();
    }
  }
}
