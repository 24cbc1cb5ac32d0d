package org.asynceventsource.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A peer that does one thing wrong, with its tenth event and the first of its clients. */
final class FaultyServer {

  /** What goes wrong. */
  enum Fault {
    NONE,
    LOSES,
    DOUBLES,
    ENDS,
    DIES
  }

  private static final int TENTH = 10;

  private final Fault fault;
  private final List<Socket> clients = new CopyOnWriteArrayList<>();
  private long sequence;

  private FaultyServer(Fault fault) {
    this.fault = fault;
  }

  public static void main(String[] arguments) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket http = new ServerSocket(0, 50, loopback);
        ServerSocket control = new ServerSocket(0, 50, loopback)) {
      FaultyServer server = new FaultyServer(Fault.valueOf(arguments[0]));
      Thread accepting = new Thread(() -> server.accept(http), "http");
      accepting.setDaemon(true);
      accepting.start();
      System.out.println("ready " + http.getLocalPort() + " " + control.getLocalPort());
      server.obey(control.accept());
    }
  }

  private void accept(ServerSocket http) {
    try {
      while (true) {
        Socket client = http.accept();
        client.setTcpNoDelay(true);
        clients.add(client);
        write(client, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void obey(Socket control) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(control.getInputStream(), US_ASCII));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      for (int i = Integer.parseInt(line.split(" ", -1)[1]); i > 0; i--) {
        broadcast();
      }
    }
  }

  private void broadcast() throws IOException {
    String event = "data: %d %d\n\n".formatted(++sequence, System.nanoTime());
    boolean wrong = sequence == TENTH;
    if (wrong && fault == Fault.DIES) {
      System.out.println("dying, as told");
      System.exit(3);
    }
    Socket first = clients.get(0);
    for (Socket client : clients) {
      write(client, wrong && client == first ? distorted(client, event) : event);
    }
  }

  private String distorted(Socket client, String event) throws IOException {
    return switch (fault) {
      case LOSES -> "";
      case DOUBLES -> event + event;
      case ENDS -> {
        clients.remove(client);
        client.shutdownOutput();
        yield "";
      }
      default -> event;
    };
  }

  private static void write(Socket client, String text) throws IOException {
    if (!text.isEmpty()) {
      client.getOutputStream().write(text.getBytes(US_ASCII));
    }
  }
}
