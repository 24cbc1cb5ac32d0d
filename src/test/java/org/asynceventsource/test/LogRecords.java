package org.asynceventsource.test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What a logger warns of while this is open; it also keeps expected warnings out of the build's
 * output.
 */
public final class LogRecords extends Handler implements AutoCloseable {

  private final Logger logger;
  private final List<String> messages = Collections.synchronizedList(new ArrayList<>());

  private LogRecords(Logger logger) {
    this.logger = logger;
  }

  /**
   * Starts to listen.
   *
   * @param name the logger's name
   * @return what it logs from now on
   */
  public static LogRecords of(String name) {
    LogRecords records = new LogRecords(Logger.getLogger(name));
    records.logger.addHandler(records);
    records.logger.setUseParentHandlers(false);
    return records;
  }

  /**
   * The warnings, and what is worse.
   *
   * @return their texts, in order
   */
  public List<String> messages() {
    return List.copyOf(messages);
  }

  @Override
  public void publish(LogRecord entry) {
    if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
      messages.add(entry.getMessage());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
