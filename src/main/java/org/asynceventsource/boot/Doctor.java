package org.asynceventsource.boot;

import jakarta.servlet.ServletContext;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Looks at an application when its event sources are there, and says in one readable block what it
 * found and what will go wrong, each with its remedy. What only a request tells, {@code
 * stream.FirstStream} says.
 *
 * <p>Settings that can't work at all stop the deployment before; here is what works, but not for
 * everybody or not for long.
 */
final class Doctor {

  private static final long KILOBYTE = 1L << 10;
  private static final long MEGABYTE = 1L << 20;
  private static final Duration LONG_HEARTBEAT = Duration.ofSeconds(55);

  private final ServletContext context;
  private final Settings settings;
  private final long maxHeap;
  private final List<String> lines = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private Doctor(ServletContext context, Settings settings, long maxHeap) {
    this.context = context;
    this.settings = settings;
    this.maxHeap = maxHeap;
  }

  /**
   * Examines and logs, as a warning if there is any.
   *
   * @param context the application
   * @param settings its settings
   * @param cdi what delivers CDI events; empty if nothing does
   * @param paths where its event sources are, below the context
   * @param remarks what else is to be warned of
   */
  static void examine(
      ServletContext context,
      Settings settings,
      String cdi,
      Collection<String> paths,
      List<String> remarks) {
    Doctor doctor = new Doctor(context, settings, Runtime.getRuntime().maxMemory());
    doctor.warnings.addAll(remarks);
    try {
      boolean well = doctor.look(cdi, paths);
      Log.LOGGER.log(well ? Level.INFO : Level.WARNING, doctor.report().stripTrailing());
    } catch (RuntimeException e) { // whatever a container answers, streams don't depend on it
      Log.LOGGER.log(Level.WARNING, "what is wrong here, if anything, can't be told", e);
    }
  }

  /** What would be logged, with a heap of this size. */
  static String report(
      ServletContext context,
      Settings settings,
      String cdi,
      Collection<String> paths,
      long maxHeap) {
    Doctor doctor = new Doctor(context, settings, maxHeap);
    doctor.look(cdi, paths);
    return doctor.report();
  }

  /** Answers whether all is well. */
  private boolean look(String cdi, Collection<String> paths) {
    container();
    cdi(cdi);
    paths(paths);
    access();
    history();
    clients(paths.size());
    time();
    return warnings.isEmpty();
  }

  private String report() {
    StringBuilder text = new StringBuilder("event sources are up\n");
    lines.forEach(line -> text.append("  ").append(line).append('\n'));
    warnings.forEach(warning -> text.append("  ! ").append(warning).append('\n'));
    return text.toString();
  }

  private void line(String name, String text) {
    lines.add(String.format(Locale.ROOT, "%-11s %s", name, text));
  }

  private void container() {
    line(
        "container",
        "%s, Servlet %d.%d, Java %d"
            .formatted(
                context.getServerInfo(),
                context.getMajorVersion(),
                context.getMinorVersion(),
                Runtime.version().feature()));
  }

  private void cdi(String cdi) {
    line("CDI", cdi.isEmpty() ? "none" : cdi);
    if (cdi.isEmpty()) {
      warnings.add(
          "without CDI no event that is fired arrives; publish by EventSources.of(context), or add a"
              + " CDI implementation such as Weld to WEB-INF/lib");
    }
  }

  private void paths(Collection<String> paths) {
    line("streams", at(paths));
    for (String path : paths) {
      List<String> filters = SynchronousFilters.of(context, path, Application.servletName(path));
      if (!filters.isEmpty()) {
        warnings.add(
            "no stream can be opened at %s, since these filters don't support asynchronous requests: %s; add <async-supported>true</async-supported>, or @WebFilter(asyncSupported = true), or map them elsewhere"
                .formatted(path, String.join(", ", filters)));
      }
    }
  }

  private String at(Collection<String> paths) {
    return paths.isEmpty()
        ? "none yet; name one by 'eventsource.path', or create one at start-up"
        : String.join(", ", paths.stream().map(path -> context.getContextPath() + path).toList());
  }

  private void access() {
    String publishers =
        settings.publishers().isEmpty()
            ? "nobody over HTTP, until 'eventsource.publishers' names users"
            : String.join(", ", settings.publishers());
    line("reading", readers());
    line("publishing", publishers);
    if (settings.basicInsecure()) {
      warnings.add(
          "passwords of basic logins are taken without TLS, and anybody on the way can read them; remove 'eventsource.basic.insecure' and use https, or set 'eventsource.auth' to digest");
    }
  }

  private String readers() {
    return switch (settings.auth()) {
      case NONE -> "everybody";
      case DENIED -> "nobody";
      case CONTAINER -> "users whom the container logs in";
      case DIGEST, BASIC, BEARER -> "users, by " + settings.auth().name().toLowerCase(Locale.ROOT);
    };
  }

  private void history() {
    Settings.History history = settings.history();
    line(
        "history",
        "%d events, %s, %s for each event source, in memory"
            .formatted(
                history.events(),
                size(history.bytes()),
                history.age().isZero() ? "of any age" : "of " + text(history.age())));
  }

  private void clients(int sources) {
    int most = settings.limits().clients();
    long each = heapOfOne();
    if (each == 0) {
      line("clients", "at most " + most);
      return;
    }
    line("clients", "at most %d, each with some %s of heap here".formatted(most, size(each)));
    long others = sources * (settings.history().bytes() + settings.limits().pending());
    long needed = most * each + others;
    if (needed > maxHeap) {
      long fit = Math.max(1, (maxHeap - others) / each);
      warnings.add(
          "%d clients may need %s of heap, but the JVM has at most %s; start it with -Xmx%dm, or set 'eventsource.limits.clients' to at most %d"
              .formatted(
                  most, size(needed), size(maxHeap), needed / MEGABYTE + 1, Math.min(fit, most)));
    }
  }

  /**
   * How much heap an open stream takes, the container's buffers included, as the benchmark measured
   * it with 10,000 idle ones; zero for a container that wasn't measured.
   */
  private long heapOfOne() {
    String server = context.getServerInfo().toLowerCase(Locale.ROOT);
    if (server.contains("tomcat")) {
      return 105 * KILOBYTE;
    }
    if (server.contains("jetty")) {
      return 7 * KILOBYTE;
    }
    return server.contains("undertow") || server.contains("wildfly") ? 6 * KILOBYTE : 0;
  }

  private void time() {
    Duration heartbeat = settings.heartbeat();
    line("heartbeat", heartbeat.isZero() ? "none" : "every " + text(heartbeat));
    if (heartbeat.isZero()) {
      warnings.add(
          "without heartbeats a client that is gone is noticed at the next event only, and proxies"
              + " cut quiet streams; set 'eventsource.heartbeat' to a time such as 15s");
    } else if (heartbeat.compareTo(LONG_HEARTBEAT) > 0) {
      warnings.add(
          "proxies and load balancers cut streams that are quiet for a minute; set 'eventsource.heartbeat' to less than %s"
              .formatted(text(LONG_HEARTBEAT)));
    }
    if (settings.demo()) {
      warnings.add("the demo fires an event every second; remove 'eventsource.demo' to end that");
    }
  }

  private static String text(Duration time) {
    return time.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private static String size(long bytes) {
    if (bytes >= KILOBYTE * MEGABYTE) {
      return String.format(Locale.ROOT, "%.1f GB", (double) bytes / (KILOBYTE * MEGABYTE));
    }
    return bytes >= MEGABYTE ? bytes / MEGABYTE + " MB" : bytes / KILOBYTE + " KB";
  }
}
