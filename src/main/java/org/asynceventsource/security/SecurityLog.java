package org.asynceventsource.security;

import java.lang.System.Logger;
import org.asynceventsource.spi.WarnOnce;

/** The package's log: what went wrong and what to do, never a credential. */
final class SecurityLog {

  static final String NAME = "org.asynceventsource.security";

  private static final Logger LOGGER = System.getLogger(NAME);

  private SecurityLog() {}

  /** A new table of causes, so that one guarded place doesn't silence another. */
  static WarnOnce warnings() {
    return new WarnOnce(LOGGER);
  }
}
