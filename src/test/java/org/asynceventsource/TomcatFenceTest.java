package org.asynceventsource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The attack: vanish while you are written to, and let Tomcat recycle your request under the hands
 * of the writer, so that it closes the connections of others.
 */
@DisplayName("On Tomcat")
class TomcatFenceTest {

  private static final int CLIENTS = 100;
  private static final int ROUNDS = 6;
  private static final int EVENTS = 100;
  private static final String TEXT = "x".repeat(4_000);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Held, or their levels are forgotten; Tomcat tells of every connection that breaks. */
  private static final Logger TOMCAT = Logger.getLogger("org.apache");

  @TempDir private Path directory;

  private final Tomcat tomcat = new Tomcat();
  private AsyncEventSource source;

  @BeforeEach
  void start() throws Exception {
    TOMCAT.setLevel(Level.OFF);
    tomcat.setBaseDir(directory.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("", directory.toString());
    context.addApplicationListener("org.asynceventsource.boot.BootListener");
    tomcat.start();
    source = EventSources.of(context.getServletContext()).find("").orElseThrow();
  }

  @AfterEach
  void stop() throws Exception {
    tomcat.stop();
    tomcat.destroy();
    TOMCAT.setLevel(null);
  }

  @Test
  @DisplayName("clients that vanish while they are written to cost no other client its connection")
  void vanishing() throws Exception {
    List<Reader> healthy = IntStream.range(0, CLIENTS).mapToObj(i -> new Reader()).toList();
    await().atMost(PATIENCE).until(() -> source.count() == CLIENTS);
    for (int round = 1; round <= ROUNDS; round++) {
      List<Socket> vanishing = connect();
      Thread vanish = new Thread(() -> vanishing.forEach(TomcatFenceTest::reset), "vanish");
      vanish.start(); // while all of them are written to
      for (int event = 0; event < EVENTS; event++) {
        source.send(TEXT);
      }
      vanish.join();
      int sent = round * EVENTS;
      await()
          .atMost(PATIENCE)
          .until(() -> healthy.stream().allMatch(reader -> reader.isLost() || reader.has(sent)));
      assertThat(healthy.stream().filter(Reader::isLost)).as("lost in round " + round).isEmpty();
    }
    await().atMost(PATIENCE).until(() -> source.count() == CLIENTS);
  }

  private List<Socket> connect() throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
      socket.setSoLinger(true, 0); // close() resets the connection
      String request = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      sockets.add(socket);
    }
    return sockets;
  }

  private static void reset(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int port() {
    return tomcat.getConnector().getLocalPort();
  }

  /** A client that reads on until its stream ends, which it must not. */
  private final class Reader {

    private final AtomicInteger received = new AtomicInteger();
    private volatile boolean lost;

    Reader() {
      Thread thread = new Thread(this::read, "healthy client");
      thread.setDaemon(true);
      thread.start();
    }

    private void read() {
      URI uri = URI.create("http://127.0.0.1:" + port() + "/events");
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(uri.toURL().openStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("data: ")) {
            received.incrementAndGet();
          }
        }
        lost = true;
      } catch (IOException e) {
        lost = true;
      }
    }

    boolean has(int events) {
      return received.get() == events;
    }

    boolean isLost() {
      return lost;
    }
  }
}
