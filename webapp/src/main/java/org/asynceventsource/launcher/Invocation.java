package org.asynceventsource.launcher;

import java.util.List;

/** What a command line asks for. */
sealed interface Invocation {

  /** Show the usage. */
  record Help() implements Invocation {}

  /** Show the version. */
  record Version() implements Invocation {}

  /**
   * Print the hash of a password.
   *
   * @param arguments what follows the word {@code hash}
   */
  record Hash(List<String> arguments) implements Invocation {

    /** Copies the arguments. */
    public Hash {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * Serve the web application until the process is ended.
   *
   * @param options where and how to listen
   * @param settings the system properties to set first
   */
  record Serve(ServerOptions options, SystemSettings settings) implements Invocation {}
}
