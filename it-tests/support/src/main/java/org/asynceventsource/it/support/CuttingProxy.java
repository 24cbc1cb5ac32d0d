package org.asynceventsource.it.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A TCP proxy before a server, which breaks connections: all at once when told so, or each where a
 * plan says, to the byte.
 *
 * <pre>
 * client ── requests ──▶ proxy ──▶ server      heads of requests are kept, for tests to read
 * client ◀── answers ─✂─ proxy ◀── server      heads of answers may be rewritten
 * </pre>
 *
 * Safe for use by several threads.
 */
public final class CuttingProxy implements AutoCloseable {

  private static final int BUFFER = 16 * 1024;

  private final int target;
  private final Supplier<Optional<Cut>> plan;
  private final UnaryOperator<String> rewrite;
  private final ServerSocket listener;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<Place, Integer> cuts = new EnumMap<>(Place.class); // guarded by itself
  private final Semaphore gate = new Semaphore(1);
  private volatile boolean interrupted;

  private CuttingProxy(int target, Supplier<Optional<Cut>> plan, UnaryOperator<String> rewrite) {
    this.target = target;
    this.plan = plan;
    this.rewrite = rewrite;
    try {
      listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run("proxy", this::listen);
  }

  /** Where an answer is cut. */
  public enum Place {
    /** Wherever the number of bytes says. */
    ANYWHERE,
    /** Before a byte that is not the first of a character in UTF-8. */
    INSIDE_CHARACTER,
    /** Behind the first byte of a chunk's header, or behind a later one that is not its last. */
    INSIDE_CHUNK_HEADER
  }

  /**
   * The end of one connection.
   *
   * @param afterBytes how many bytes of the answer pass at least
   * @param place the connection is cut at the first such place behind them
   * @param reset whether both sides see a reset, as when a machine on the way fails, or else an end
   */
  public record Cut(long afterBytes, Place place, boolean reset) {}

  /**
   * A proxy that cuts only when told to.
   *
   * @param port the server's port on this machine
   * @return the proxy
   */
  public static CuttingProxy to(int port) {
    return new CuttingProxy(port, Optional::empty, UnaryOperator.identity());
  }

  /**
   * A proxy that cuts each connection.
   *
   * @param port the server's port on this machine
   * @param plan the end of the next connection; empty to let it be; called by several threads
   * @return the proxy
   */
  public static CuttingProxy cutting(int port, Supplier<Optional<Cut>> plan) {
    return new CuttingProxy(port, plan, UnaryOperator.identity());
  }

  /**
   * A proxy that cuts only when told to, and changes what the server says.
   *
   * @param port the server's port on this machine
   * @param rewrite gets the head of each answer, up to and with the empty line
   * @return the proxy
   */
  public static CuttingProxy rewriting(int port, UnaryOperator<String> rewrite) {
    return new CuttingProxy(port, Optional::empty, rewrite);
  }

  /**
   * Where clients connect to.
   *
   * @return the port on this machine
   */
  public int port() {
    return listener.getLocalPort();
  }

  /**
   * The heads of all requests, as clients sent them.
   *
   * @return a snapshot in order of arrival
   */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /**
   * How many connections were cut as planned.
   *
   * @return a snapshot, by place
   */
  public Map<Place, Integer> cuts() {
    synchronized (cuts) {
      return Map.copyOf(cuts);
    }
  }

  /** Cuts all connections, and refuses new ones until {@link #resume()}. */
  public void interrupt() {
    interrupted = true;
    connections.forEach(connection -> connection.end(true));
  }

  /** Lets connections through again. */
  public void resume() {
    interrupted = false;
  }

  /** Lets requests wait, until {@link #release()}; clients may use connections again. */
  public void hold() {
    gate.acquireUninterruptibly();
  }

  /** Lets requests through that wait. */
  public void release() {
    gate.release();
  }

  @Override
  public void close() {
    interrupt();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen() {
    while (!listener.isClosed()) {
      try {
        serve(listener.accept());
      } catch (IOException e) {
        // The client is gone, the server is down, or the proxy is closed: it is up to the client.
      }
    }
  }

  private void serve(Socket client) throws IOException {
    Connection connection = new Connection(client);
    connections.add(connection);
    if (interrupted) { // before it opens: what it lets through in a moment would spoil the outage
      connection.end(true);
      return;
    }
    try {
      connection.open();
    } catch (IOException e) {
      connection.end(true);
      throw e;
    }
    if (interrupted) {
      connection.end(true);
    }
  }

  private static void run(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** One client's connection and ours to the server. */
  private final class Connection {

    private final Socket client;
    private final Socket server = new Socket();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(BUFFER);
    private final StringBuilder head = new StringBuilder();
    private final HttpScanner answers = new HttpScanner(head::append);
    private long passed;

    Connection(Socket client) {
      this.client = client;
    }

    void open() throws IOException {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      run("proxy-requests", () -> pump(this::forwardRequests));
      run("proxy-answers", () -> pump(this::forwardAnswers));
    }

    private void pump(Pump pump) {
      try {
        pump.run();
        end(false);
      } catch (IOException e) {
        end(true);
      }
    }

    private void forwardRequests() throws IOException {
      HttpScanner scanner = new HttpScanner(requests::add);
      InputStream in = client.getInputStream();
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        for (int i = 0; i < n; i++) {
          scanner.pass(buffer[i]);
        }
        gate.acquireUninterruptibly();
        gate.release();
        server.getOutputStream().write(buffer, 0, n);
      }
    }

    private void forwardAnswers() throws IOException {
      Optional<Cut> cut = plan.get();
      InputStream in = server.getInputStream();
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        for (int i = 0; i < n; i++) {
          if (cut.isPresent() && isPlace(cut.get(), buffer[i])) {
            flush();
            count(cut.get().place());
            end(cut.get().reset());
            return;
          }
          pass(buffer[i]);
        }
        flush();
      }
    }

    private boolean isPlace(Cut cut, byte next) {
      return passed >= cut.afterBytes()
          && switch (cut.place()) {
            case ANYWHERE -> true;
            case INSIDE_CHARACTER -> answers.isInBody() && (next & 0xC0) == 0x80;
            case INSIDE_CHUNK_HEADER -> answers.isInsideChunkHeader();
          };
    }

    private void pass(byte b) {
      boolean inHead = answers.isInHead();
      answers.pass(b);
      passed++;
      if (!inHead) {
        out.write(b);
      } else if (!head.isEmpty()) {
        out.writeBytes(rewrite.apply(head.toString()).getBytes(StandardCharsets.ISO_8859_1));
        head.setLength(0);
      }
    }

    private void flush() throws IOException {
      out.writeTo(client.getOutputStream());
      out.reset();
    }

    void end(boolean reset) {
      connections.remove(this);
      for (Socket socket : List.of(client, server)) {
        try {
          if (reset && !socket.isClosed()) {
            socket.setSoLinger(true, 0);
          }
          socket.close();
        } catch (IOException e) {
          // It has ended already, which is all we want.
        }
      }
    }
  }

  private void count(Place place) {
    synchronized (cuts) {
      cuts.merge(place, 1, Integer::sum);
    }
  }

  /** One direction of a connection, until it ends. */
  private interface Pump {

    void run() throws IOException;
  }
}
