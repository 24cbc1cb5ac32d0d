package org.asynceventsource.bench.peer;

import jakarta.servlet.ServletContext;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.EventSources;
import org.asynceventsource.SendResult;
import org.jspecify.annotations.Nullable;

/** This library as applications without CDI use it: its public API, as shipped. */
final class AsyncEventSources implements Broadcast {

  private final ServletContext context;
  private @Nullable AsyncEventSource events; // the control port's lock

  AsyncEventSources(ServletContext context) {
    this.context = context;
  }

  @Override
  public String send(String data) {
    if (events == null) {
      events = EventSources.of(context).at(Peers.PATH);
    }
    return events.send(data).toCompletableFuture().thenApply(SendResult::id).join();
  }
}
