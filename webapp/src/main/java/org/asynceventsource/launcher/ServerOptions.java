package org.asynceventsource.launcher;

import java.util.List;

/**
 * Where and how the server listens.
 *
 * @param host the address or name to bind, {@code 127.0.0.1} unless told otherwise
 * @param port 1 to 65535, or 0 for any free port
 * @param threads the most threads that serve requests; open streams need none
 * @param virtualHosts the names that requests may carry in {@code Host}; empty for any
 */
public record ServerOptions(String host, int port, int threads, List<String> virtualHosts) {

  static final String LOOPBACK = "127.0.0.1";
  static final int DEFAULT_PORT = 8080;
  static final int DEFAULT_THREADS = 200;

  /**
   * The fewest threads with which the server's own acceptor and selectors leave one to requests.
   */
  static final int FEWEST_THREADS = 4;

  /** Copies the names. */
  public ServerOptions {
    virtualHosts = List.copyOf(virtualHosts);
  }
}
