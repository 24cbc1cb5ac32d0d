package org.asynceventsource.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.URISyntaxException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.logging.LogManager;

/**
 * Runs the WAR without a container: {@code java -jar eventsource.war}.
 *
 * <p>Exit status: 0 after {@code --help} and {@code --version}, 1 if the server can't start, 2 if
 * the command line can't be followed.
 */
public final class Main {

  private static final String PRODUCT = "async-event-source";
  private static final int CANNOT_START = 1;
  private static final int BAD_USAGE = 2;

  private final PrintStream out;
  private final PrintStream err;

  private Main(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Follows the command line. Returns once the server runs; its threads keep the process alive.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    int status = new Main(System.out, System.err).run(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  private int run(String... arguments) {
    Invocation invocation;
    try {
      invocation = CommandLine.parse(arguments);
    } catch (UsageException e) {
      err.println(PRODUCT + ": " + e.getMessage());
      return BAD_USAGE;
    }
    if (invocation instanceof Invocation.Serve serve) {
      return serve(serve);
    }
    if (invocation instanceof Invocation.Hash hash) {
      return hash(hash);
    }
    out.println(
        invocation instanceof Invocation.Help
            ? CommandLine.USAGE.stripTrailing()
            : PRODUCT + " " + version());
    return 0;
  }

  private int hash(Invocation.Hash hash) {
    try {
      return HashWord.run(war(), hash.arguments());
    } catch (IOException | ReflectiveOperationException e) {
      err.println(PRODUCT + ": can't run 'hash': " + e);
      return CANNOT_START;
    }
  }

  private int serve(Invocation.Serve serve) {
    ServerOptions options = serve.options();
    Publisher publisher = Publisher.create();
    SystemSettings.Completed completed =
        serve.settings().complete(options.host(), publisher, SystemSettings::outside);
    completed.settings().apply();
    try {
      configureLogging();
      Serving serving = Serving.prepare(war(), options);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(serving), "stop"));
      int port = serving.server().bind();
      serving.server().start();
      out.println(started(options.host(), port));
      if (completed.publisherNeeded()) {
        out.println(publisher.announcement());
      }
      return 0;
    } catch (Exception e) {
      explain(e, options);
      return CANNOT_START;
    }
  }

  /** The application's own words where it refused its settings, the trace where nobody foresaw. */
  private void explain(Exception failure, ServerOptions options) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof BindException) {
      err.printf(
          "%s: can't listen on %s port %d: %s; choose another by --port or --host%n",
          PRODUCT, options.host(), options.port(), cause.getMessage());
    } else if (cause instanceof UnresolvedAddressException) {
      err.printf(
          "%s: host '%s' is unknown; give an address of this machine by --host%n",
          PRODUCT, options.host());
    } else if (cause.getClass().getName().equals("org.asynceventsource.ConfigurationException")) {
      err.println(PRODUCT + ": " + cause.getMessage());
    } else {
      err.println(PRODUCT + ": can't start");
      failure.printStackTrace(err);
    }
  }

  private void stop(Serving serving) {
    try {
      serving.close();
    } catch (IOException e) {
      err.println(PRODUCT + ": did not stop cleanly: " + e);
    }
  }

  private String started(String host, int port) {
    Instant start = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
    String shown = host.equals(ServerOptions.LOOPBACK) ? "localhost" : bracketed(host);
    return String.format(
        Locale.ROOT,
        "%s %s listens on http://%s:%d/ (started in %.1f s)",
        PRODUCT,
        version(),
        shown,
        port,
        seconds);
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  private static String version() {
    return Objects.requireNonNullElse(
        Main.class.getPackage().getImplementationVersion(), "(unpackaged)");
  }

  private static WarFile war() throws IOException {
    try {
      Path war = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isRegularFile(war)) {
        return new WarFile(war);
      }
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    throw new IOException("not started from a WAR; use: java -jar eventsource.war");
  }

  private static void configureLogging() throws IOException {
    if (System.getProperty("java.util.logging.config.file") != null
        || System.getProperty("java.util.logging.config.class") != null) {
      return;
    }
    try (InputStream settings = Main.class.getResourceAsStream("logging.properties")) {
      LogManager.getLogManager().readConfiguration(settings);
    }
  }
}
