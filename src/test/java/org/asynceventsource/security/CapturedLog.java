package org.asynceventsource.security;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What the package logs during a test, at every level; it also keeps expected warnings out of the
 * build's output.
 */
final class CapturedLog extends Handler implements BeforeEachCallback, AfterEachCallback {

  private final Logger logger = Logger.getLogger(SecurityLog.NAME);
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  @Override
  public void beforeEach(ExtensionContext context) {
    records.clear();
    logger.setLevel(Level.ALL);
    logger.setUseParentHandlers(false);
    logger.addHandler(this);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  List<String> messages() {
    return records.stream().map(LogRecord::getMessage).toList();
  }

  /** All that a log file would show, stack traces included. */
  String text() {
    SimpleFormatter formatter = new SimpleFormatter();
    return records.stream().map(formatter::format).collect(Collectors.joining());
  }

  @Override
  public void publish(LogRecord entry) {
    records.add(entry);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
    logger.setLevel(null);
  }
}
