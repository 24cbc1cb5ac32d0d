package org.asynceventsource.it.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds ports on this machine that nobody has, for servers that are told where to listen. */
public final class FreePort {

  /** Below the ports that systems hand out, so that nobody takes ours while its server restarts. */
  private static final int FIRST = 10_000;

  private static final int LAST = 30_000;

  private FreePort() {}

  /**
   * A port that is free now, and likely to stay so.
   *
   * @return the port
   */
  public static int find() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException taken) {
        // The next one, then.
      }
    }
  }
}
