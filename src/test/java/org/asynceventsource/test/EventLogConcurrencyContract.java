package org.asynceventsource.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.EventLog;
import org.asynceventsource.spi.Resume;
import org.asynceventsource.wire.Encoder;
import org.asynceventsource.wire.Frame;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every event log promises to several threads at once; each implementation runs it by
 * extending it.
 */
public abstract class EventLogConcurrencyContract {

  private static final int APPENDERS = 3;
  private static final int READERS = 3;
  private static final int EVENTS = 20_000;
  private static final int TOTAL = APPENDERS * EVENTS;

  private final List<String> told = new ArrayList<>(); // guarded by the log's order of appends
  private ExecutorService threads;

  /**
   * Opens an empty log, whose cursors begin at 0.
   *
   * @param events how many events it holds
   * @return the log
   */
  protected abstract EventLog open(int events);

  /** Starts the threads that a test uses. */
  @BeforeEach
  void startThreads() {
    threads = Executors.newFixedThreadPool(APPENDERS + READERS);
  }

  /** Stops them. */
  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  @DisplayName("gives every reader all events in one order, which keeps each publisher's")
  void oneOrder() throws Exception {
    try (EventLog log = open(TOTAL)) {
      log.listen((frame, cursor) -> told.add(id(frame)));
      List<Future<List<String>>> readers = start(READERS, () -> readAll(log));
      List<Future<List<String>>> appenders = startAppenders(log);
      List<List<String>> appended = results(appenders);

      for (List<String> read : results(readers)) {
        assertThat(read).isEqualTo(told);
      }
      Map<String, Integer> position = positions();
      for (List<String> own : appended) {
        assertThat(own).extracting(position::get).doesNotContainNull().isSorted();
      }
    }
  }

  @Test
  @DisplayName("gives a reader events without a gap, or tells it that it was lapped")
  void gaplessOrLapped() throws Exception {
    try (EventLog log = open(64)) {
      log.listen((frame, cursor) -> told.add(id(frame)));
      List<Future<List<List<String>>>> readers = start(READERS, () -> readRuns(log));
      results(startAppenders(log));
      List<List<List<String>>> runsOfReaders = results(readers);

      Map<String, Integer> position = positions();
      for (List<List<String>> runs : runsOfReaders) {
        int end = 0;
        for (List<String> run : runs) {
          int begin = position.get(run.get(0));
          assertThat(begin).isGreaterThanOrEqualTo(end);
          end = begin + run.size();
          assertThat(run).isEqualTo(told.subList(begin, end));
        }
        assertThat(end).as("the newest event is read").isEqualTo(TOTAL);
      }
    }
  }

  @Test
  @DisplayName(
      "resumes at any id with the very next event while others append and history is trimmed")
  void resumesMeanwhile() throws Exception {
    try (EventLog log = open(1_000)) {
      log.listen((frame, cursor) -> told.add(id(frame)));
      List<Future<Map<String, String>>> readers = start(READERS, () -> resumeOften(log));
      results(startAppenders(log));
      List<Map<String, String>> successors = results(readers);

      Map<String, Integer> position = positions();
      int resumes = 0;
      for (Map<String, String> successor : successors) {
        successor.forEach(
            (id, next) -> assertThat(position.get(next)).isEqualTo(position.get(id) + 1));
        resumes += successor.size();
      }
      assertThat(resumes).isPositive();
    }
  }

  private List<Future<List<String>>> startAppenders(EventLog log) {
    return start(APPENDERS, () -> appendAll(log));
  }

  private static List<String> appendAll(EventLog log) {
    List<String> ids = new ArrayList<>();
    String me = Thread.currentThread().getName();
    for (int i = 0; i < EVENTS; i++) {
      ServerSentEvent event = ServerSentEvent.of("x");
      if (i % 10 == 0) {
        event = event.withId(me + "/" + i);
      }
      ids.add(log.append(Encoder.event(event)).toCompletableFuture().join());
    }
    return ids;
  }

  /** Reads from the beginning, in batches, until all are read. */
  private static List<String> readAll(EventLog log) {
    List<String> ids = new ArrayList<>();
    for (long cursor = 0; cursor < TOTAL; ) {
      cursor = log.read(cursor, Math.min(log.tail(), cursor + 100), frame -> ids.add(id(frame)));
      assertThat(cursor).isNotEqualTo(EventLog.LAPPED);
    }
    return ids;
  }

  /** Reads to the end, beginning again at the head when lapped: one list for each time. */
  private static List<List<String>> readRuns(EventLog log) {
    List<List<String>> runs = new ArrayList<>();
    List<String> run = new ArrayList<>();
    long cursor = 0;
    while (cursor < TOTAL) {
      List<String> current = run;
      long next = log.read(cursor, log.tail(), frame -> current.add(id(frame)));
      if (next == EventLog.LAPPED) {
        addRun(runs, run);
        run = new ArrayList<>();
        next = log.head();
      }
      cursor = next;
    }
    addRun(runs, run);
    return runs;
  }

  private static void addRun(List<List<String>> runs, List<String> run) {
    if (!run.isEmpty()) {
      runs.add(run);
    }
  }

  /** Presents ids, from the newest to some no longer held, and notes what follows each. */
  private static Map<String, String> resumeOften(EventLog log) {
    Map<String, String> successors = new HashMap<>();
    for (long back = 0; log.tail() < TOTAL; back = (back + 37) % 1_100) {
      String id = firstBehind(log, Math.max(0, log.tail() - back));
      if (id != null && log.locate(id) instanceof Resume.Exact exact) {
        String next = firstBehind(log, exact.cursor());
        if (next != null) {
          successors.put(id, next);
        }
      }
    }
    return successors;
  }

  private static @Nullable String firstBehind(EventLog log, long cursor) {
    List<String> ids = new ArrayList<>();
    log.read(cursor, Math.min(log.tail(), cursor + 1), frame -> ids.add(id(frame)));
    return ids.isEmpty() ? null : ids.get(0);
  }

  private Map<String, Integer> positions() {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < told.size(); i++) {
      positions.put(told.get(i), i);
    }
    assertThat(positions).hasSize(TOTAL);
    return positions;
  }

  private static String id(Frame frame) {
    String text = WireText.of(frame);
    return text.substring("id: ".length(), text.indexOf('\n'));
  }

  private <T> List<Future<T>> start(int count, Callable<T> task) {
    List<Future<T>> started = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      started.add(threads.submit(task));
    }
    return started;
  }

  private static <T> List<T> results(List<Future<T>> tasks)
      throws InterruptedException, ExecutionException {
    List<T> results = new ArrayList<>();
    for (Future<T> task : tasks) {
      results.add(task.get());
    }
    return results;
  }
}
