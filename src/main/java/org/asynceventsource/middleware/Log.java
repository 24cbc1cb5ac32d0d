package org.asynceventsource.middleware;

import org.asynceventsource.spi.WarnOnce;

/** The logger of this package. */
final class Log {

  static final WarnOnce WARN = new WarnOnce(System.getLogger("org.asynceventsource.middleware"));

  private Log() {}
}
