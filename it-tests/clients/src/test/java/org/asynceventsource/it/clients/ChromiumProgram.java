package org.asynceventsource.it.clients;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.asynceventsource.it.support.Chromium;
import org.asynceventsource.test.EventStreamParser.Message;

/** Chromium's own {@code EventSource}, in a page that does nothing else. */
final class ChromiumProgram implements ReadingProgram {

  private static final String LISTEN =
      """
      ([url, names]) => {
        window.received = [];
        window.source = new EventSource(url);
        for (const name of names) {
          source.addEventListener(name, (event) =>
            received.push([event.lastEventId, event.type, event.data]));
        }
      }
      """;

  /** What has come since the last time; in a moment, since asking all the time slows it down. */
  private static final String TAKE =
      """
      () => new Promise((taken) => setTimeout(taken, 50)).then(() => {
        if (source.readyState === EventSource.CLOSED) {
          throw new Error("closed for good");
        }
        return received.splice(0);
      })
      """;

  private final URI events;
  private final List<String> names;
  private final List<Message> messages = new CopyOnWriteArrayList<>();

  /** The only one that speaks with the browser, which knows one thread only. */
  private final Thread thread = new Thread(this::read, "chromium");

  private volatile String complaint = "";
  private volatile boolean closed;

  private ChromiumProgram(URI events, List<String> names) {
    this.events = events;
    this.names = names;
  }

  static ReadingProgram read(URI events, String... names) {
    ChromiumProgram program = new ChromiumProgram(events, List.of(names));
    program.thread.setDaemon(true);
    program.thread.start();
    return program;
  }

  private void read() {
    try (Chromium chromium = Chromium.launch()) {
      Page page = chromium.emptyPage(events);
      page.evaluate(LISTEN, List.of(events.toString(), names));
      while (!closed) {
        take(page);
      }
    } catch (PlaywrightException e) {
      complaint = e.toString();
    }
  }

  private void take(Page page) {
    for (Object message : (List<?>) page.evaluate(TAKE)) {
      List<?> fields = (List<?>) message;
      messages.add(
          new Message((String) fields.get(0), (String) fields.get(1), (String) fields.get(2)));
    }
  }

  @Override
  public List<Message> messages() {
    return messages;
  }

  @Override
  public String complaints() {
    return complaint;
  }

  /** Waits until the browser is gone. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
