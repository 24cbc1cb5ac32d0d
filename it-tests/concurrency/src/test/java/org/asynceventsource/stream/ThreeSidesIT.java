package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.EventSources;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.test.EmbeddedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One client after another is closed by the application, cut off by its network and ended by a
 * deadline, all at once and while it is written to; every tenth has stopped reading before. Others
 * read their streams all the while.
 */
@DisplayName("A client that ends from three sides at once")
class ThreeSidesIT {

  private static final int ROUNDS = Integer.getInteger("it.rounds", 1_000);
  private static final int BYSTANDERS = 4;
  private static final int STALLED_EACH = 10;
  private static final int LARGE_EVENTS = 60;
  private static final String LARGE = "x".repeat(60_000);
  private static final String STATUS = "HTTP/1.1 200";
  private static final int OTHER_DESCRIPTORS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final ExecutorService threads = Executors.newFixedThreadPool(3);
  private final CyclicBarrier barrier = new CyclicBarrier(3);
  private final BlockingQueue<StreamClient> opened = new LinkedBlockingQueue<>();
  private final IllegalStates illegalStates = IllegalStates.watch();
  private final List<Bystander> bystanders = new ArrayList<>();
  private EmbeddedServer.Running server;
  private AsyncEventSource source;
  private int sent;
  private int round;

  @BeforeEach
  void tellSeed() {
    System.out.println("seed " + seed);
  }

  @AfterEach
  void stop() throws Exception {
    bystanders.forEach(Bystander::close);
    threads.shutdownNow();
    server.stop();
    illegalStates.close();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("ends once, harms no other stream, and leaves no descriptor behind")
  void threeSides(EmbeddedServer container) throws Exception {
    server = container.start(Map.of("eventsource.history.events", "1000"));
    source = EventSources.of(server.context()).find("").orElseThrow();
    for (int i = 0; i < BYSTANDERS; i++) {
      bystanders.add(Bystander.open(server.port()));
    }
    await().atMost(PATIENCE).until(() -> source.count() == BYSTANDERS);
    source.onConnect(client -> opened.add((StreamClient) client));
    round(false); // loads classes, whose jars count as descriptors
    round(true);
    await().atMost(PATIENCE).until(() -> source.count() == BYSTANDERS);
    long before = descriptors();
    for (int i = 0; i < ROUNDS; i++) {
      round(i % STALLED_EACH == 0);
    }

    await().atMost(PATIENCE).until(() -> source.count() == BYSTANDERS);
    await().atMost(PATIENCE).until(() -> descriptors() < before + OTHER_DESCRIPTORS);
    for (Bystander bystander : bystanders) {
      await().atMost(PATIENCE).until(() -> bystander.hasEndedOrReached(sent));
      assertThat(bystander.complaint()).isEmpty();
    }
    assertThat(illegalStates.found()).isEmpty();
  }

  private void round(boolean stalled) throws Exception {
    round++;
    Socket socket = connect();
    StreamClient client = opened.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(client)
        .as(
            "the client that onConnect is told of in round %s; illegal states before: %s",
            round, illegalStates.found())
        .isNotNull();
    if (stalled) {
      stall(client);
    }
    List<Callable<Void>> sides =
        new ArrayList<>(
            List.of(
                side(client::close), // the application
                side(client::abort), // a deadline that has passed
                side(() -> reset(socket)))); // the network
    Collections.shuffle(sides, random);
    List<Future<Void>> ends = new ArrayList<>();
    for (Callable<Void> side : sides) {
      ends.add(threads.submit(side));
    }
    send();
    send();
    for (Future<Void> end : ends) {
      end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** More than it takes, for it alone. */
  private static void stall(StreamClient client) {
    for (int i = 0; i < LARGE_EVENTS; i++) {
      client.send(ServerSentEvent.of(LARGE));
    }
    await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(client::isBlocked);
  }

  /** What one side does, at about the time the others act. */
  private Callable<Void> side(Runnable action) {
    int delay = random.nextInt(2_000);
    return () -> {
      barrier.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      for (int i = 0; i < delay; i++) {
        Thread.onSpinWait();
      }
      action.run();
      return null;
    };
  }

  private void send() {
    source.send(Bystander.text(++sent));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.setSoLinger(true, 0); // close() resets the connection
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    String request = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    byte[] status = socket.getInputStream().readNBytes(STATUS.length());
    assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo(STATUS);
    return socket;
  }

  private static void reset(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long descriptors() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }
}
