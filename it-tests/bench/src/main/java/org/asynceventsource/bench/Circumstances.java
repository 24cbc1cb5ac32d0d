package org.asynceventsource.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Under what circumstances was measured: machine, JVM, and versions of all peers. */
final class Circumstances {

  private static final Map<String, String> PRODUCTS =
      Map.of(
          "jetty-server", "Jetty",
          "tomcat-embed-core", "Tomcat",
          "undertow-core", "Undertow",
          "jersey-server", "Jersey",
          "spring-webmvc", "Spring");

  private static final double KILOBYTES_PER_GIGABYTE = 1 << 20;

  /** A build that has just ended still counts. */
  private static final double QUIET = 1.5;

  private Circumstances() {}

  /** One paragraph of Markdown. */
  static String describe(Workplace workplace, int rounds) {
    return String.join(
        "\n",
        "Measured on %s: %s; %s;"
            .formatted(LocalDate.now(ZoneOffset.UTC), machine(), java(workplace)),
        versions() + "; " + gcc() + ". Every peer is a process of its own, started with",
        "`%s`, on the same machine as the load client; values are medians of %d %s."
            .formatted(
                String.join(" ", workplace.javaOptions()),
                rounds,
                rounds == 1 ? "round, so a look rather than a measurement" : "rounds"));
  }

  /** A warning if somebody else uses the machine; empty if nobody does. */
  static String disturbance() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < QUIET
        ? ""
        : String.format(
            Locale.ROOT,
            "The machine's load was %.1f before: others used it, so the figures are rough.",
            load);
  }

  private static String machine() {
    long kilobytes = Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", ""));
    return String.format(
        Locale.ROOT,
        "%d cores, %.0f GiB, Linux %s",
        Runtime.getRuntime().availableProcessors(),
        kilobytes / KILOBYTES_PER_GIGABYTE,
        System.getProperty("os.version"));
  }

  private static String field(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8).stream()
          .filter(line -> line.startsWith(name + ":"))
          .findFirst()
          .orElseThrow(() -> new BenchmarkException("%s has no %s".formatted(file, name)));
    } catch (IOException e) {
      throw new BenchmarkException("can't read " + file, e);
    }
  }

  private static String java(Workplace workplace) {
    List<String> lines = run(workplace.java().toString(), "-version").lines().toList();
    String runtime = lines.get(Math.min(1, lines.size() - 1));
    return runtime.replaceAll(".*\\(build ([^)]*)\\).*", "Java $1");
  }

  private static String gcc() {
    return "gcc " + run("gcc", "-dumpfullversion");
  }

  private static String run(String... command) {
    try {
      return Command.run(List.of(command));
    } catch (Command.NotFoundException e) {
      throw new BenchmarkException("can't tell versions: " + e.getMessage(), e);
    }
  }

  /** As the jars on the class path are named. */
  private static String versions() {
    return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
        .map(path -> String.valueOf(Path.of(path).getFileName()))
        .flatMap(
            jar ->
                PRODUCTS.entrySet().stream()
                    .filter(product -> jar.matches(product.getKey() + "-[0-9].*\\.jar"))
                    .map(product -> product.getValue() + " " + version(jar, product.getKey())))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String version(String jar, String artifact) {
    return jar.substring(artifact.length() + 1, jar.length() - ".jar".length());
  }
}
