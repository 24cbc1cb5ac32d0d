package org.asynceventsource.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.it.browser.EventsPage.Row;
import org.asynceventsource.it.support.Chromium;
import org.asynceventsource.it.support.CuttingProxy;
import org.asynceventsource.it.support.Publisher;
import org.asynceventsource.it.support.WarProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The browser's own EventSource reconnects")
class ReconnectIT {

  private static final int HISTORY = 5;

  /** Short, so that the browser is back soon; it keeps what the last event has said. */
  private static final long RETRY_MILLIS = 100;

  private static final Chromium CHROMIUM = Chromium.launch();

  private final WarProcess server =
      WarProcess.start(
          "--user",
          "alice:wonderland",
          "-Deventsource.retry=100ms..200ms",
          "-Deventsource.history.events=" + HISTORY);
  private final Publisher publisher =
      Publisher.of(server.uri().resolve("events"), "alice", "wonderland");
  private final CuttingProxy proxy = CuttingProxy.to(server.port());
  private final EventsPage page = new EventsPage(CHROMIUM.newPage());
  private final List<Row> published = new ArrayList<>();

  @BeforeEach
  void open() {
    page.open(URI.create("http://localhost:" + proxy.port() + "/"));
    page.assertState("open");
    publish(1);
    page.awaitRow(published.get(0).id());
  }

  @AfterAll
  static void closeBrowser() {
    CHROMIUM.close();
  }

  @AfterEach
  void close() {
    page.close();
    proxy.close();
    publisher.close();
    server.close();
  }

  @Test
  @DisplayName("after a dropped connection with Last-Event-ID; nothing is lost or doubled")
  void dropped() {
    publish(2);
    page.awaitRow(last());

    proxy.interrupt();
    page.assertState("connecting");
    final String seen = last();
    publish(HISTORY);
    proxy.resume();

    page.assertReconnected(1);
    publish(1);
    page.awaitRow(last());
    assertThat(page.rows()).isEqualTo(published);
    assertThat(streamRequests().get(0)).doesNotContainIgnoringCase("Last-Event-ID:");
    assertThat(streamRequests().get(streamRequests().size() - 1))
        .containsIgnoringCase("\r\nLast-Event-ID: " + seen + "\r\n");
  }

  @Test
  @DisplayName("and is told how many events it missed that are no longer kept")
  void trimmed() {
    proxy.interrupt();
    page.assertState("connecting");
    publish(HISTORY + 7);
    proxy.resume();

    Row gap = page.await(row -> row.name().equals("eventsource.gap"));
    page.awaitRow(last());
    assertThat(gap.data()).startsWith("7 events were lost while this page was away");
    List<Row> expected = new ArrayList<>(published.subList(8, published.size()));
    expected.add(0, gap);
    expected.add(0, published.get(0));
    assertThat(page.rows()).isEqualTo(expected);
  }

  @Test
  @DisplayName("after a restart, and is told that the history is another one")
  void restarted() {
    String seen = last();
    server.stop();
    page.assertState("connecting");
    server.startAgain();

    Row gap = page.await(row -> row.name().equals("eventsource.gap"));
    assertThat(gap.data()).startsWith("Events may be lost").contains(seen, "restarted");
    page.assertState("open");
    page.awaitLastId(gap.id());
    publish(2);
    page.awaitRow(last());
    assertThat(page.rows())
        .containsExactly(published.get(0), gap, published.get(1), published.get(2));
  }

  private void publish(int events) {
    for (int i = 0; i < events; i++) {
      String data = "event " + published.size();
      published.add(new Row("message", data, publisher.publish(data, null, RETRY_MILLIS)));
    }
  }

  private String last() {
    return published.get(published.size() - 1).id();
  }

  private List<String> streamRequests() {
    return proxy.requests().stream().filter(head -> head.startsWith("GET /events ")).toList();
  }
}
