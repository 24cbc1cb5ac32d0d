package org.asynceventsource.it;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.Closed;
import org.asynceventsource.EventSource;
import org.asynceventsource.Opened;

/** A bean of an application that counts its clients, and writes the numbers down as CDI stops. */
@ApplicationScoped
class Guestbook {

  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  void opened(@Observes @Opened @EventSource("/events") AsyncEventSourceClient client) {
    opened.incrementAndGet();
  }

  void closed(@Observes @Closed @EventSource("/events") AsyncEventSourceClient client) {
    closed.incrementAndGet();
  }

  String numbers() {
    return opened + " opened, " + closed + " closed";
  }

  @PreDestroy
  void writeDown() {
    try {
      Files.writeString(file(), numbers());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path file() {
    return Path.of(System.getProperty("it.guestbook"));
  }
}
