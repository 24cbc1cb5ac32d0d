package org.asynceventsource.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;

/**
 * The port by which the load client and the driver command a peer, one line a command.
 *
 * <ul>
 *   <li>{@code B k size}: broadcast k events of {@code size} characters, {@code <sequence> <nanos>
 *       padding}; nothing is answered
 *   <li>{@code I}: answers sequence and id of the newest event; {@code -} if it has no id
 *   <li>{@code P}: answers count, p50, p99 and maximum in nanoseconds of the calls that broadcast
 *       since the last {@code P}
 *   <li>{@code M}: collects garbage, then answers bytes of heap and of direct memory in use
 * </ul>
 */
final class ControlPort {

  private static final int HIGHEST_NANOS_DIGITS = 3;
  private static final String PADDING = "x".repeat(1 << 16);

  private final Broadcast broadcast;
  private final Histogram calls = new Histogram(HIGHEST_NANOS_DIGITS); // guarded by this
  private final StringBuilder text = new StringBuilder(); // guarded by this
  private long sequence; // guarded by this
  private String lastId = ""; // guarded by this

  private ControlPort(Broadcast broadcast) {
    this.broadcast = broadcast;
  }

  /**
   * Opens the port, then tells both ports on standard output.
   *
   * @param httpPort where the peer serves
   * @param broadcast how it sends
   * @throws IOException if the port can't be opened
   */
  static void open(int httpPort, Broadcast broadcast) throws IOException {
    @SuppressWarnings("resource") // as long as the process lives
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    ControlPort port = new ControlPort(broadcast);
    Thread thread = new Thread(() -> port.accept(server), "control");
    thread.start();
    System.out.println("ready " + httpPort + " " + server.getLocalPort());
  }

  private void accept(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        new Thread(() -> serve(socket), "control connection").start();
      }
    } catch (IOException e) {
      throw new IllegalStateException("the control port broke", e);
    }
  }

  private void serve(Socket socket) {
    try (socket;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        OutputStream out = socket.getOutputStream()) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String answer = execute(line);
        if (!answer.isEmpty()) {
          out.write((answer + '\n').getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException e) {
      System.err.println("a control connection broke: " + e);
    }
  }

  private String execute(String line) {
    String[] words = line.split(" ", -1);
    return switch (words[0]) {
      case "B" -> {
        broadcast(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        yield "";
      }
      case "I" -> lastId();
      case "P" -> calls();
      case "M" -> memory();
      default -> throw new IllegalArgumentException("no such command: '" + line + "'");
    };
  }

  private synchronized void broadcast(int count, int size) {
    for (int i = 0; i < count; i++) {
      String data = data(size);
      long begin = System.nanoTime();
      lastId = broadcast.send(data);
      calls.recordValue(System.nanoTime() - begin);
    }
  }

  private String data(int size) {
    text.setLength(0);
    text.append(++sequence).append(' ').append(System.nanoTime()).append(' ');
    if (text.length() < size) {
      text.append(PADDING, 0, size - text.length());
    }
    return text.toString();
  }

  private synchronized String lastId() {
    return sequence + " " + (lastId.isEmpty() ? "-" : lastId);
  }

  private synchronized String calls() {
    String answer =
        "%d %d %d %d"
            .formatted(
                calls.getTotalCount(),
                calls.getValueAtPercentile(50),
                calls.getValueAtPercentile(99),
                calls.getMaxValue());
    calls.reset();
    return answer;
  }

  private static String memory() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    memory.gc(); // what the first one made reachable for finalizers and cleaners only
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return memory.getHeapMemoryUsage().getUsed() + " " + direct;
  }
}
