package org.asynceventsource.it.clients;

import com.google.gson.Gson;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.asynceventsource.test.EventStreamParser.Message;

/** An EventSource in a tab of Firefox, whose user types the password once and then gives up. */
final class FirefoxProgram implements ReadingProgram {

  private static final String SCRIPT =
      """
      window.seen = [];
      window.source = new EventSource('%s');
      source.onmessage = e => seen.push({id: e.lastEventId, name: 'message', data: e.data});
      'begun'
      """;

  private final Firefox firefox;
  private final String tab;

  private FirefoxProgram(Firefox firefox, String tab) {
    this.firefox = firefox;
    this.tab = tab;
  }

  /**
   * Begins to read. If its user is asked a second time, the EventSource is closed for good, and it
   * complains.
   *
   * @param user who they are
   * @param password what they type
   */
  static ReadingProgram read(Firefox firefox, URI events, String user, String password) {
    AtomicInteger prompts = new AtomicInteger();
    String tab =
        firefox.open(
            events.resolve("page/page.css"), // which has no stream of its own
            prompt -> firefox.give(prompt, user, prompts.incrementAndGet() == 1 ? password : ""));
    firefox.evaluate(tab, SCRIPT.formatted(events));
    return new FirefoxProgram(firefox, tab);
  }

  @Override
  public List<Message> messages() {
    String seen = firefox.evaluate(tab, "JSON.stringify(seen)");
    return Stream.of(new Gson().fromJson(seen, Seen[].class))
        .map(one -> new Message(one.id, one.name, one.data))
        .toList();
  }

  @Override
  public String complaints() {
    boolean closed = firefox.evaluate(tab, "String(source.readyState)").equals("2");
    return closed ? "the EventSource is closed for good" : "";
  }

  @Override
  public void close() {
    firefox.closeTab(tab);
  }

  /** As the script keeps it. */
  private static final class Seen {
    private String id = "";
    private String name = "";
    private String data = "";
  }
}
