package org.asynceventsource.boot;

import org.asynceventsource.spi.WarnOnce;

/** The logger of this package. */
final class Log {

  static final System.Logger LOGGER = System.getLogger("org.asynceventsource.boot");
  static final WarnOnce WARN = new WarnOnce(LOGGER);

  private Log() {}
}
