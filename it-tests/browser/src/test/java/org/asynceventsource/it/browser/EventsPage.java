package org.asynceventsource.it.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The page as a visitor sees it. Each assertion waits until it holds, for a while. */
final class EventsPage implements AutoCloseable {

  private static final double PATIENCE_MILLIS = 30_000;

  /** Keeps all last event ids that the page has shown; the next event may replace one at once. */
  private static final String KEEP_LAST_IDS =
      "window.lastIds = []; addEventListener('DOMContentLoaded', () => {"
          + " const shown = document.querySelector('#last-id');"
          + " if (shown) new MutationObserver(() => lastIds.push(shown.textContent))"
          + ".observe(shown, {childList: true, characterData: true, subtree: true}); });";

  private final Page page;
  private final List<String> console = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();

  EventsPage(Page page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MILLIS);
    page.onConsoleMessage(
        message -> (message.type().equals("error") ? troubles : console).add(message.text()));
    page.onPageError(troubles::add);
    page.addInitScript(KEEP_LAST_IDS);
    page.onRequest(request -> requests.add(request.url()));
  }

  /** One line of the list. */
  record Row(String name, String data, String id) {}

  void open(URI uri) {
    page.navigate(uri.toString());
  }

  Page playwright() {
    return page;
  }

  /** What scripts have logged. */
  List<String> console() {
    return console;
  }

  /** What the browser has complained about: failed scripts, refused content, failed requests. */
  List<String> troubles() {
    return troubles;
  }

  /** The URLs of all requests. */
  List<String> requests() {
    return requests;
  }

  void assertState(String state) {
    assertThat(page.locator("#state"))
        .hasAttribute(
            "data-state",
            state,
            new LocatorAssertions.HasAttributeOptions().setTimeout(PATIENCE_MILLIS));
  }

  void assertReconnected(int times) {
    assertText("#reconnected", Integer.toString(times));
  }

  void assertText(String selector, String text) {
    assertThat(page.locator(selector))
        .hasText(text, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS));
  }

  /** Waits until the page has shown an id as its last event id. */
  void awaitLastId(String id) {
    await(() -> (boolean) page.evaluate("id => lastIds.includes(id)", id));
  }

  void assertContains(String selector, String text) {
    assertThat(page.locator(selector))
        .containsText(
            text, new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS));
  }

  void assertConsole(String line) {
    await(() -> console.contains(line));
  }

  /** Waits for the row with an id. */
  Row awaitRow(String id) {
    return await(row -> row.id().equals(id));
  }

  /** Waits for a row, and returns the oldest one that fits. */
  Row await(Predicate<Row> wanted) {
    await(() -> rows().stream().anyMatch(wanted));
    return rows().stream().filter(wanted).findFirst().orElseThrow();
  }

  /** All events that the list shows, the oldest first. */
  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    Object cells =
        page.evaluate(
            "() => [...document.querySelectorAll('#events > li')].map(row => ['.name', '.data',"
                + " '.id'].map(cell => row.querySelector(cell).textContent))");
    for (Object row : (List<?>) cells) {
      List<?> texts = (List<?>) row;
      rows.add(new Row((String) texts.get(0), (String) texts.get(1), (String) texts.get(2)));
    }
    Collections.reverse(rows);
    return rows;
  }

  void publish(String data, String name) {
    page.fill("[name=data]", data);
    page.fill("[name=event]", name);
    page.click("#publish button");
  }

  void listenTo(String name) {
    page.fill("[name=name]", name);
    page.click("#listen button");
  }

  Locator find(String selector) {
    return page.locator(selector);
  }

  /**
   * Waits for what the page does in answer to the world; runs the browser's callbacks meanwhile.
   */
  void await(BooleanSupplier condition) {
    page.waitForCondition(
        condition, new Page.WaitForConditionOptions().setTimeout(PATIENCE_MILLIS));
  }

  void screenshot(String name) {
    Path file = Path.of(System.getProperty("it.screenshots"), name + ".png");
    page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
  }

  @Override
  public void close() {
    page.context().close();
  }
}
