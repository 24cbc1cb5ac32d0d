package org.asynceventsource.boot;

import java.util.Locale;

/**
 * How much heap open streams may need, the container's buffers included, as measured with 10,000
 * idle ones; {@code webapp/CONTAINERS.md} has the same figures.
 *
 * @param clients how many there may be
 * @param each bytes for each of them; 0 for a container that wasn't measured
 * @param others bytes for histories, and for what waits for single clients
 */
record HeapNeed(int clients, long each, long others) {

  private static final long KILOBYTE = 1L << 10;

  /**
   * The need by the limits.
   *
   * @param server what the container calls itself
   * @param sources how many event sources there are
   */
  static HeapNeed of(String server, Settings settings, int sources) {
    return new HeapNeed(
        settings.limits().clients(),
        kilobytes(server.toLowerCase(Locale.ROOT)) * KILOBYTE,
        sources * (settings.history().bytes() + settings.limits().pending()));
  }

  private static long kilobytes(String server) {
    if (server.contains("tomcat")) {
      return 105;
    }
    if (server.contains("jetty")) {
      return 7;
    }
    if (server.contains("undertow") || server.contains("wildfly")) {
      return 6;
    }
    if (server.contains("liberty")) {
      return 19;
    }
    if (server.contains("glassfish")) {
      return 20;
    }
    return server.contains("payara") ? 28 : 0;
  }

  long total() {
    return clients * each + others;
  }

  /** How many clients a heap is large enough for. */
  long clientsIn(long heap) {
    return each == 0 || heap < others ? 0 : (heap - others) / each;
  }
}
