package org.asynceventsource;

import java.text.MessageFormat;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;

/** A logger that remembers what it was told. */
public final class RecordingLogger implements System.Logger {

  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** The lines so far, as {@code LEVEL message}. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public String getName() {
    return "recording";
  }

  @Override
  public boolean isLoggable(Level level) {
    return true;
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String message, Throwable failure) {
    lines.add(level + " " + message);
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
    lines.add(
        level
            + " "
            + (parameters == null || parameters.length == 0
                ? format
                : MessageFormat.format(format, parameters)));
  }
}
