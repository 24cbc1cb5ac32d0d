package org.asynceventsource.boot;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.asynceventsource.EventSources;
import org.asynceventsource.security.AuthenticationMiddleware;
import org.asynceventsource.security.DigestExtension;
import org.asynceventsource.stream.Gate;
import org.asynceventsource.stream.StreamEventSource;

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
  private boolean cdi;

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
    access(paths);
    history();
    clients(HeapNeed.of(context.getServerInfo(), settings, paths.size()));
    limits();
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
    this.cdi = !cdi.isEmpty();
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

  private void access(Collection<String> paths) {
    String publishers = String.join(", ", settings.publishers());
    line("reading", readers(paths));
    line(
        "publishing",
        publishers.isEmpty()
            ? "nobody over HTTP, until 'eventsource.publishers' names users"
            : publishers);
    if (!publishers.isEmpty() && !canLogIn(paths)) {
      warnings.add(
          "'eventsource.publishers' names %s, but nobody can log in; add 'eventsource.users' or 'eventsource.tokens', or set 'eventsource.publish.auth' to container if that logs them in"
              .formatted(publishers));
    }
    if (settings.basicInsecure()) {
      warnings.add(
          "passwords of basic logins are taken without TLS, and anybody on the way can read them; remove 'eventsource.basic.insecure' and use https, or set 'eventsource.auth' to digest");
    }
  }

  private boolean canLogIn(Collection<String> paths) {
    return Logins.publishers(settings) != Settings.Auth.NONE
        || paths.stream().anyMatch(path -> gate(path).filter(Doctor::logsIn).isPresent())
        || (cdi && Beans.defineLogin());
  }

  /** Who may read, for all event sources at once if that is the same. */
  private String readers(Collection<String> paths) {
    Map<String, List<String>> byReaders =
        paths.stream()
            .collect(Collectors.groupingBy(this::readers, LinkedHashMap::new, Collectors.toList()));
    if (byReaders.isEmpty()) {
      return readers();
    }
    return byReaders.size() == 1
        ? byReaders.keySet().iterator().next()
        : byReaders.entrySet().stream()
            .map(entry -> entry.getKey() + " at " + at(entry.getValue()))
            .collect(Collectors.joining("; "));
  }

  private String readers(String path) {
    Optional<Gate> gate = gate(path);
    boolean login = gate.filter(Doctor::logsIn).isPresent();
    List<String> deciders = new ArrayList<>();
    if (!login && gate.filter(found -> found.has(Filter.class)).isPresent()) {
      deciders.add("middleware");
    }
    if (gate.filter(Gate::decides).isPresent()) {
      deciders.add("rules");
    }
    String readers = login ? "users, by middleware of the application's" : readers();
    return deciders.isEmpty()
        ? readers
        : "%s, as far as allowed by %s of the application's"
            .formatted(readers, String.join(" and ", deciders));
  }

  private static boolean logsIn(Gate gate) {
    return gate.has(AuthenticationMiddleware.class);
  }

  /** What the application has put before an event source; nothing if that isn't one of ours. */
  private Optional<Gate> gate(String path) {
    return context.getAttribute(EventSources.class.getName()) instanceof EventSources sources
        ? sources
            .find(path)
            .filter(StreamEventSource.class::isInstance)
            .map(source -> ((StreamEventSource) source).gate())
        : Optional.empty();
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

  private void clients(HeapNeed need) {
    line(
        "clients",
        need.each() == 0
            ? "at most %d; heap for history and what waits for them: at most %s"
                .formatted(need.clients(), size(need.others()))
            : "at most %d, each with some %s of heap here; with history and what waits for them %s"
                .formatted(need.clients(), size(need.each()), size(need.total())));
    if (need.total() > maxHeap) {
      warnings.add(
          "%s may need %s of heap, but the JVM has at most %s; start it with -Xmx%dm, or set %s"
              .formatted(
                  need.clientsIn(maxHeap) < 1
                      ? "history and what waits for single clients"
                      : need.clients() + " clients",
                  size(need.total()),
                  size(maxHeap),
                  need.total() / MEGABYTE + 1,
                  remedy(need)));
    }
  }

  private String remedy(HeapNeed need) {
    long fit = need.clientsIn(maxHeap);
    if (fit >= 1) {
      return "'eventsource.limits.clients' to at most " + Math.min(fit, need.clients());
    }
    long history = settings.history().bytes();
    long pending = settings.limits().pending();
    return "'%s' to less than %s, which each event source may take"
        .formatted(
            history >= pending ? "eventsource.history.bytes" : "eventsource.limits.pending",
            size(Math.max(history, pending)));
  }

  private void limits() {
    Settings.Limits limits = settings.limits();
    line(
        "limits",
        "%s of one address, %s of one user; bodies of %s; %s waiting for single clients of an event source"
            .formatted(
                atMost(limits.clientsPerAddress()),
                atMost(limits.clientsPerUser()),
                size(limits.body()),
                size(limits.pending())));
    line(
        "too slow",
        "%s; without taking a byte for %s disconnected"
            .formatted(
                switch (settings.slow().policy()) {
                  case DISCONNECT -> "disconnected, to resume";
                  case SKIP -> "skip to the newest event";
                  case CONFLATE -> "get the newest event of each key";
                },
                text(settings.slow().stalled())));
    line(
        "lifetime",
        settings.lifetime().isZero() ? "of any length" : "at most " + text(settings.lifetime()));
  }

  private static String atMost(int clients) {
    return clients == 0 ? "any number" : "at most " + clients;
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

  /** What links to the CDI interfaces: loaded only where they are. */
  private static final class Beans {

    private Beans() {}

    /** Whether the application says by an annotation how callers log in. */
    static boolean defineLogin() {
      try {
        return CDI.current().select(DigestExtension.class).stream()
            .anyMatch(extension -> extension.definition().isPresent());
      } catch (IllegalStateException stopped) {
        return false;
      }
    }
  }
}
