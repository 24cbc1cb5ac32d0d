package org.asynceventsource.it.support;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The machine's own Chromium, without a window. The system property {@code it.chromium} says where
 * it is. Used by one thread.
 */
public final class Chromium implements AutoCloseable {

  /**
   * The first of the last four lets a page that a test makes up, which comes from no address, open
   * what is on this machine; the others keep it from asking for updates, which tests don't need.
   */
  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-features=LocalNetworkAccessChecks",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /**
   * Starts a browser.
   *
   * @return the browser, without a page
   */
  public static Chromium launch() {
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of(System.getProperty("it.chromium")))
                    .setArgs(FLAGS));
    return new Chromium(playwright, browser);
  }

  /**
   * A window of a visitor who has never been here, and has no password.
   *
   * @return an empty page
   */
  public Page newPage() {
    return newPage(new Browser.NewContextOptions());
  }

  /**
   * A window of a new visitor.
   *
   * @param options whatever else is special about the visitor
   * @return an empty page
   */
  public Page newPage(Browser.NewContextOptions options) {
    return browser.newContext(options).newPage();
  }

  /**
   * An empty page of an origin, which isn't asked for it.
   *
   * @param uri anything there
   * @return the page, which may open what is of the same origin
   */
  public Page emptyPage(URI uri) {
    Page page = newPage();
    String address = uri.resolve("/empty").toString();
    page.route(
        address,
        route -> route.fulfill(new Route.FulfillOptions().setContentType("text/html").setBody("")));
    page.navigate(address);
    page.unrouteAll(); // what is routed would be slower
    return page;
  }

  @Override
  public void close() {
    playwright.close();
  }
}
