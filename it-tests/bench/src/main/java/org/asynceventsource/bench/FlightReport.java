package org.asynceventsource.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a peer spent its time, by a flight recording.
 *
 * <p>Samples of Java code and of native code are counted apart, because they are taken at different
 * rates. Native samples contain the kernel's work for a write, but waiting too; the usual waits are
 * left out.
 */
final class FlightReport {

  private static final String JAVA = "jdk.ExecutionSample";
  private static final String NATIVE = "jdk.NativeMethodSample";
  private static final int FRAMES = 15;

  private static final List<String> WAITING =
      List.of(".epollWait", ".wait", ".accept", ".park", ".read0", ".poll");

  private final List<RecordedEvent> samples;

  private FlightReport(List<RecordedEvent> samples) {
    this.samples = samples;
  }

  /**
   * What JVM option makes a recording until the process ends.
   *
   * @param recording the file to write
   */
  static String option(Path recording) {
    return "-XX:StartFlightRecording=settings=profile,filename=" + recording;
  }

  /**
   * Reads the samples of a period.
   *
   * @return Text: the top frames, and the top frames of this library's code
   */
  static String read(Path recording, Instant begin, Instant end) {
    List<RecordedEvent> samples = new ArrayList<>();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        boolean meanwhile =
            event.getStartTime().isAfter(begin) && event.getStartTime().isBefore(end);
        if (meanwhile && isSample(event)) {
          samples.add(event);
        }
      }
    } catch (IOException e) {
      throw new BenchmarkException("can't read the recording " + recording, e);
    }
    return new FlightReport(samples).text();
  }

  private static boolean isSample(RecordedEvent event) {
    String name = event.getEventType().getName();
    return (name.equals(JAVA) || name.equals(NATIVE)) && !frames(event).isEmpty();
  }

  private String text() {
    return String.join(
        "\n",
        table("Java code, by method", JAVA, FlightReport::top),
        table("native code, by method", NATIVE, FlightReport::top),
        table("Java code, by the library's method on top of the stack", JAVA, FlightReport::ours),
        table(
            "native code, by the library's method on top of the stack", NATIVE, FlightReport::ours),
        table("Java code, by thread", JAVA, FlightReport::thread));
  }

  private String table(String title, String type, Function<RecordedEvent, String> key) {
    Map<String, Long> counts =
        samples.stream()
            .filter(event -> event.getEventType().getName().equals(type))
            .filter(event -> WAITING.stream().noneMatch(top(event)::endsWith))
            .collect(Collectors.groupingBy(key, TreeMap::new, Collectors.counting()));
    long total = counts.values().stream().mapToLong(Long::longValue).sum();
    String rows =
        counts.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(FRAMES)
            .map(
                e ->
                    String.format(
                        Locale.ROOT, "%5.1f %%  %s%n", 100.0 * e.getValue() / total, e.getKey()))
            .collect(Collectors.joining());
    return "%s (%d samples)%n%s".formatted(title, total, rows);
  }

  private static List<RecordedFrame> frames(RecordedEvent event) {
    return event.getStackTrace() == null ? List.of() : event.getStackTrace().getFrames();
  }

  private static String top(RecordedEvent event) {
    return name(frames(event).get(0));
  }

  private static String ours(RecordedEvent event) {
    return frames(event).stream()
        .map(FlightReport::name)
        .filter(name -> name.startsWith("org.asynceventsource.") && !name.contains(".bench."))
        .findFirst()
        .orElse("(none)");
  }

  private static String thread(RecordedEvent event) {
    return event.getThread("sampledThread").getJavaName();
  }

  private static String name(RecordedFrame frame) {
    RecordedMethod method = frame.getMethod();
    return method.getType().getName() + "." + method.getName();
  }
}
