package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.SocketEvent;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.EventSources;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.SlowClients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Tomcat does with responses that the Servlet API doesn't tell of. */
@DisplayName("On Tomcat")
class TomcatTest {

  private static final int CLIENTS = 20;

  /** Fewer, so that a client which isn't released soon takes the place of another. */
  private static final String PLACES = "5";

  private static final String STALLED = "1s";
  private static final int EVENTS = 100;
  private static final String LARGE = "x".repeat(64_000);
  private static final String STATUS = "HTTP/1.1 200";
  private static final int BUFFER = 65_536;
  private static final int PATIENCE_MILLIS = 10_000;
  private static final long UNLOAD_MILLIS = 20;
  private static final long LONG_WAY_NANOS = 20_000_000;

  private static final long QUIET_NANOS = 300_000_000;
  private static final Duration SOME_SWEEPS = Duration.ofMillis(600);

  /** Less than it takes until a client is given up whose end nobody has reported. */
  private static final Duration SOON = Duration.ofSeconds(3);

  @TempDir private Path directory;

  private final Tomcat tomcat = new Tomcat();
  private final BlockingQueue<AsyncEventSourceClient> opened = new LinkedBlockingQueue<>();
  private final BlockingQueue<DisconnectReason> ended = new LinkedBlockingQueue<>();
  private Context context;
  private AsyncEventSource source;

  @BeforeEach
  void start() throws Exception {
    tomcat.setBaseDir(directory.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("socket.txBufSize", "" + BUFFER);
    tomcat.getConnector().setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
    context = tomcat.addContext("", directory.toString());
    ((StandardContext) context).setUnloadDelay(UNLOAD_MILLIS);
    context.addParameter("eventsource.limits.clients", PLACES);
    context.addParameter("eventsource.limits.stalled", STALLED);
    context.addApplicationListener("org.asynceventsource.boot.BootListener");
    context.addApplicationListener(SlowStop.class.getName());
    ((StandardHost) tomcat.getHost()).setErrorReportValveClass(Flushes.class.getName());
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

    static final AtomicLong LATEST = new AtomicLong();

    LongWayOut(Connector connector) {
      super(connector);
    }

    @Override
    public boolean asyncDispatch(
        org.apache.coyote.Request request, org.apache.coyote.Response response, SocketEvent status)
        throws Exception {
      LATEST.set(System.nanoTime());
      boolean success = super.asyncDispatch(request, response, status);
      long end = System.nanoTime() + LONG_WAY_NANOS;
      while (status == SocketEvent.OPEN_WRITE && System.nanoTime() < end) {
        Thread.onSpinWait(); // a thread that sleeps would be taken for one without a task
      }
      return success;
    }
  }

  /**
   * Where Tomcat flushes what it holds of a response that failed, and blocks if that isn't taken.
   */
  public static final class Flushes extends ErrorReportValve {

    static final AtomicInteger COUNT = new AtomicInteger();
    static final AtomicReference<Request> LAST = new AtomicReference<>();

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      LAST.set(request);
      getNext().invoke(request, response);
      AtomicBoolean mayWrite = new AtomicBoolean(true);
      response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, mayWrite);
      if (response.isErrorReportRequired() && mayWrite.get()) {
        COUNT.incrementAndGet();
      }
    }
  }

  /** Is told first that the application stops, and takes until Tomcat has timed out all streams. */
  public static final class SlowStop implements ServletContextListener {

    static final AtomicInteger TIMED_OUT = new AtomicInteger();

    @Override
    public void contextDestroyed(ServletContextEvent event) {
      AsyncEventSource source = EventSources.of(event.getServletContext()).find("").orElseThrow();
      await().until(() -> source.count() == 0);
      TIMED_OUT.incrementAndGet();
    }
  }

  @Test
  @DisplayName(
      "a client that stops reading is given up without a flush, which would block a thread")
  void givenUp() throws Exception {
    int before = Flushes.COUNT.get();
    try (Socket stalled = connect()) {
      for (int i = 0; i < EVENTS; i++) {
        source.send(LARGE);
      }
      assertThat(ended.poll(SOON.toMillis(), TimeUnit.MILLISECONDS))
          .isEqualTo(DisconnectReason.SLOW);
      await().until(() -> connections() == 0); // if it read now, it would be ended in order
      assertThat(stalled.getInputStream().readAllBytes()).isNotEmpty(); // so it has been closed
      assertThat(Flushes.COUNT).hasValue(before);
    }
  }

  @Test
  @DisplayName(
      "streams are ended in order though Tomcat times them out before the application stops")
  void stops() throws Exception {
    int before = SlowStop.TIMED_OUT.get();
    try (Socket first = connect();
        Socket second = connect()) {
      tomcat.stop();
      assertThat(SlowStop.TIMED_OUT).hasValue(before + 1);
      for (Socket socket : List.of(first, second)) {
        String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(rest).containsPattern("\r\nretry: [0-9]+\n\n\r\n0\r\n\r\n$");
      }
    }
  }

  @Test
  @DisplayName("a client that takes nothing when the application stops blocks no thread either")
  void stopsStalled() throws Exception {
    int before = Flushes.COUNT.get();
    try (Socket stalled = connect()) {
      source.slowClients(SlowClients.DEFAULT);
      for (int i = 0; i < EVENTS; i++) {
        source.send(LARGE);
      }
      await().until(() -> opened.peek().pending() > 0);
      context.stop();
      assertThat(stalled.getInputStream().readAllBytes()).isNotEmpty();
      assertThat(Flushes.COUNT).hasValue(before);
    }
  }

  @Test
  @DisplayName("a client isn't given up while a thread of Tomcat's deals with it, but soon after")
  void busy() throws Exception {
    CompletableFuture<Void> through = new CompletableFuture<>();
    try (Socket stalled = connect()) {
      for (int i = 0; i < EVENTS; i++) {
        source.send(LARGE);
      }
      await().until(() -> System.nanoTime() - LongWayOut.LATEST.get() > QUIET_NANOS);
      CompletableFuture<Boolean> busy =
          CompletableFuture.supplyAsync(
              () ->
                  org.asynceventsource.stream.Tomcat.exclusively(
                      Flushes.LAST.get().getResponse().getResponse(), through::join));
      assertThat(ended.poll(SOON.toMillis(), TimeUnit.MILLISECONDS))
          .isEqualTo(DisconnectReason.SLOW);
      await().during(SOME_SWEEPS).until(() -> Flushes.LAST.get().isAsyncStarted());
      through.complete(null);
      assertThat(busy.join()).isTrue();
      await().atMost(SOON).until(() -> connections() == 0);
      assertThat(stalled.getInputStream().readAllBytes()).isNotEmpty();
    }
  }

  @Test
  @DisplayName("a write may fail while its thread is on its way out, and the next client is served")
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

  private long connections() {
    long counted =
        ((AbstractProtocol<?>) tomcat.getConnector().getProtocolHandler()).getConnectionCount();
    return counted - 1; // Tomcat counts the one that it waits for
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setReceiveBufferSize(BUFFER); // so that little fills it
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
