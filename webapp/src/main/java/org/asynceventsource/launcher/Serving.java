package org.asynceventsource.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A running server with what it needs: temporary files, class loader, and their orderly end. */
final class Serving implements AutoCloseable {

  private final WorkDirectory directory;
  private final ServerClassLoader classes;
  private final WebServer server;

  private Serving(WorkDirectory directory, ServerClassLoader classes, WebServer server) {
    this.directory = directory;
    this.classes = classes;
    this.server = server;
  }

  /**
   * Unpacks the server. It ends with the process at the latest, and then leaves no file behind.
   *
   * @param war what to serve
   * @param options where and how to listen
   * @return the server, not yet bound
   * @throws IOException if files can't be read or written
   * @throws ReflectiveOperationException if the WAR is not complete
   */
  static Serving prepare(WarFile war, ServerOptions options)
      throws IOException, ReflectiveOperationException {
    WorkDirectory directory = WorkDirectory.create();
    Path jars = Files.createDirectory(directory.path().resolve("server"));
    Path temporary = Files.createDirectory(directory.path().resolve("webapp"));
    ServerClassLoader classes = ServerClassLoader.open(war, jars);
    // Jetty finds its service implementations by the context class loader.
    Thread.currentThread().setContextClassLoader(classes);
    return new Serving(directory, classes, classes.server(options, war, temporary));
  }

  WebServer server() {
    return server;
  }

  @Override
  public void close() throws IOException {
    try (directory;
        classes;
        server) {
      // Closed in turn: the server, its classes, its files; each even if the one before fails.
    }
  }
}
