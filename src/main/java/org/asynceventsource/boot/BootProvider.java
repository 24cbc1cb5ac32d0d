package org.asynceventsource.boot;

import jakarta.servlet.ServletContext;
import org.asynceventsource.EventSources;

/** Finds or makes the event sources of a web application. */
public final class BootProvider implements EventSources.Provider {

  /** Made by {@link java.util.ServiceLoader}. */
  public BootProvider() {}

  @Override
  public EventSources eventSources(ServletContext context) {
    return Application.of(context);
  }
}
