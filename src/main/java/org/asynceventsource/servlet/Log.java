package org.asynceventsource.servlet;

/** The logger of this package. */
final class Log {

  static final System.Logger LOGGER = System.getLogger("org.asynceventsource.servlet");

  private Log() {}
}
