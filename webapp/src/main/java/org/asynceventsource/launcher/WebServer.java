package org.asynceventsource.launcher;

import java.io.IOException;

/** A server for one web application. Called by one thread at a time. */
public interface WebServer extends AutoCloseable {

  /**
   * Takes the port. From here on connections wait until the application has started.
   *
   * @return the port taken
   * @throws IOException if the address or the port can't be had
   */
  int bind() throws IOException;

  /**
   * Starts the application and returns when it answers requests.
   *
   * @throws Exception if it refuses to start
   */
  void start() throws Exception;

  /**
   * Stops the application, then the server; returns when both have ended.
   *
   * @throws IOException if either did not stop cleanly
   */
  @Override
  void close() throws IOException;
}
