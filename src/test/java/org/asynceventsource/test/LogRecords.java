package org.asynceventsource.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a logger logs from now until this is closed; it also keeps what is expected out of the
 * build's output. As an extension of a test class it is closed after each test.
 */
public final class LogRecords extends Handler implements AutoCloseable, AfterEachCallback {

  private final Logger logger;
  private final @Nullable Level levelBefore;
  private final Level least;
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  private LogRecords(Logger logger, Level least) {
    this.logger = logger;
    this.least = least;
    levelBefore = logger.getLevel();
  }

  /**
   * Starts to listen for warnings, and what is worse.
   *
   * @param name the logger's name
   * @return what it warns of from now on
   */
  public static LogRecords of(String name) {
    return new LogRecords(Logger.getLogger(name), Level.WARNING).listen();
  }

  /**
   * Tells a logger to write everything, and starts to listen.
   *
   * @param name the logger's name
   * @return what it logs from now on, at every level
   */
  public static LogRecords everythingOf(String name) {
    LogRecords records = new LogRecords(Logger.getLogger(name), Level.ALL);
    records.logger.setLevel(Level.ALL);
    return records.listen();
  }

  private LogRecords listen() {
    logger.setUseParentHandlers(false);
    logger.addHandler(this);
    return this;
  }

  /**
   * What has been logged.
   *
   * @return the texts, in order
   */
  public List<String> messages() {
    return records.stream().map(LogRecord::getMessage).toList();
  }

  /**
   * All that a log file would show, stack traces included.
   *
   * @return many lines, or none
   */
  public String text() {
    SimpleFormatter formatter = new SimpleFormatter();
    return records.stream().map(formatter::format).collect(Collectors.joining());
  }

  @Override
  public void publish(LogRecord entry) {
    if (entry.getLevel().intValue() >= least.intValue()) {
      records.add(entry);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
    logger.setLevel(levelBefore);
  }
}
