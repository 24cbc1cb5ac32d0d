package org.asynceventsource.launcher;

/** What a command line asks for. */
sealed interface Invocation {

  /** Show the usage. */
  record Help() implements Invocation {}

  /** Show the version. */
  record Version() implements Invocation {}

  /**
   * Serve the web application until the process is ended.
   *
   * @param options where and how to listen
   * @param settings the system properties to set first
   */
  record Serve(ServerOptions options, SystemSettings settings) implements Invocation {}
}
