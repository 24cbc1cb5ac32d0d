package org.asynceventsource.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Tomcat's own detector has found of applications; other containers have none. */
final class Leaks {

  private static final boolean DETECTED = System.getProperty("it.container").startsWith("tomcat");
  private static final String START = "Starting service [Catalina]";
  private static final String SERVED = "to be deallocated for Servlet [ArquillianServletRunner";
  private static final String UNDEPLOYED = "Undeploying context [";
  private static final Pattern THREAD = Pattern.compile("\\S+ \\S+ \\w+ \\[([^]]+)].*");
  private static final Duration LOGGED = Duration.ofSeconds(10);

  private Leaks() {}

  /**
   * The leaks of all applications that were undeployed since the container's start. Two threads
   * that it may meet aren't ours: one of Weld's that has been told to end, and Tomcat's that looks
   * after everything. Nor is what the thread has that is still serving a request which ran a test.
   *
   * @param last the application that was undeployed last; the log is written by a thread of its own
   * @return lines of the log
   */
  static List<String> until(String last) throws IOException {
    if (!DETECTED) {
      return List.of();
    }
    await().atMost(LOGGED).until(() -> isUndeployed(last));
    return withoutServed(log()).stream()
        .filter(line -> line.contains("web application [") && line.contains("leak"))
        .filter(line -> !line.contains("a thread named [weld-worker-"))
        .filter(line -> !line.contains("a thread named [Catalina-utility-"))
        .toList();
  }

  /** Leaves out what is said while an application is stopped of which a test is still served. */
  private static List<String> withoutServed(List<String> lines) {
    Set<String> stopping = new HashSet<>();
    List<String> others = new ArrayList<>();
    for (String line : lines) {
      Matcher thread = THREAD.matcher(line);
      String name = thread.matches() ? thread.group(1) : "";
      if (line.contains(SERVED)) {
        stopping.add(name);
      } else if (line.contains(UNDEPLOYED)) {
        stopping.remove(name);
      }
      if (!stopping.contains(name)) {
        others.add(line);
      }
    }
    return others;
  }

  private static boolean isUndeployed(String name) throws IOException {
    String undeployed = "Undeploying context [/" + name + "]";
    String deployed = "/" + name + ".war]";
    return log().stream()
        .filter(line -> line.endsWith(undeployed) || line.endsWith(deployed))
        .reduce((earlier, later) -> later)
        .filter(line -> line.endsWith(undeployed))
        .isPresent();
  }

  /** The log since the last start. */
  private static List<String> log() throws IOException {
    List<String> lines = new ArrayList<>();
    Path logs = Path.of(System.getProperty("it.logs"));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(logs, "catalina.*.log")) {
      List<Path> byDay = new ArrayList<>();
      files.forEach(byDay::add);
      byDay.sort(null);
      for (Path file : byDay) {
        for (String line : Files.readAllLines(file)) {
          if (line.endsWith(START)) {
            lines.clear();
          }
          lines.add(line);
        }
      }
    }
    return lines;
  }
}
