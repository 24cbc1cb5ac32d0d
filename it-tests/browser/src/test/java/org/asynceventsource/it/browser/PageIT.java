package org.asynceventsource.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import org.asynceventsource.it.browser.EventsPage.Row;
import org.asynceventsource.it.support.Chromium;
import org.asynceventsource.it.support.Publisher;
import org.asynceventsource.it.support.WarProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("The page")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageIT {

  /** The listener as its inventor published it. */
  private static final String SEED =
      """
      if (!!window.EventSource) {
        var source = new EventSource("/events");

        source.addEventListener(
          "open",
          function (e) {
            console.log("Events Connected");
          },
          false,
        );

        source.addEventListener(
          "error",
          function (e) {
            if (e.target.readyState != EventSource.OPEN) {
              console.log("Events Disconnected");
            }
          },
          false,
        );

        source.addEventListener(
          "message",
          function (e) {
            console.log("message", e.data);
          },
          false,
        );

        source.addEventListener(
          "myevent",
          function (e) {
            console.log("myevent", e.data);
          },
          false,
        );
      }
      """;

  private final WarProcess server =
      WarProcess.start("--user", "alice:wonderland", "-Deventsource.demo=true");
  private final Publisher publisher =
      Publisher.of(server.uri().resolve("events"), "alice", "wonderland");
  private final Chromium chromium = Chromium.launch();
  private EventsPage page = new EventsPage(chromium.newPage());

  @BeforeAll
  void publishersAreLetIn() {
    publisher.publish("nobody listens yet");
  }

  @BeforeEach
  void open() {
    page.open(server.uri());
    page.assertState("open");
  }

  @AfterEach
  void renew() {
    page.close();
    page = new EventsPage(chromium.newPage());
  }

  @AfterAll
  void close() {
    chromium.close();
    publisher.close();
    server.close();
  }

  @Test
  @DisplayName("opens the stream by the seed's own code, and shows that code")
  void seed() {
    page.assertConsole("Events Connected");
    page.await(() -> !page.find("#code").textContent().isEmpty());

    assertThat(page.find("#code").textContent())
        .isEqualTo(SEED.replace("\"/events\"", "\"events\""));
  }

  @Test
  @DisplayName("asks nobody but its own server, and gives the browser nothing to complain about")
  void selfContained() {
    page.await(row -> row.name().equals("myevent"));

    assertThat(page.requests()).allMatch(url -> url.startsWith(server.uri().toString()));
    assertThat(page.troubles()).isEmpty();
  }

  @Test
  @DisplayName("shows a message with its id, and remembers the id")
  void message() {
    String id = publisher.publish("grüß dich ☂\nzweite Zeile");

    assertThat(page.awaitRow(id)).isEqualTo(new Row("message", "grüß dich ☂\nzweite Zeile", id));
    page.assertConsole("message grüß dich ☂\nzweite Zeile");
  }

  @Test
  @DisplayName("shows what business code fires as 'myevent'")
  void myevent() {
    Row row = page.await(shown -> shown.name().equals("myevent"));

    assertThat(row.data()).contains("celsius");
    page.assertConsole("myevent " + row.data());
  }

  @Test
  @DisplayName("shows events of a name that the visitor has added")
  void addedName() {
    page.listenTo("order");
    String id = publisher.publish("42 tulips", "order");

    assertThat(page.awaitRow(id)).isEqualTo(new Row("order", "42 tulips", id));
  }

  @Test
  @DisplayName("publishes by its form and shows the id")
  void publish() {
    openAs("alice", "wonderland");

    page.publish("from the form", "order");

    Row row = page.await(shown -> shown.data().equals("from the form"));
    assertThat(row.name()).isEqualTo("order");
    page.assertText("#outcome", "Published as " + row.id());
  }

  @Test
  @DisplayName("shows why the server refuses to publish")
  void refused() {
    openAs("alice", "wonderland");

    page.publish("from the form", "eventsource.mine");

    page.assertContains("#outcome", "400 event name 'eventsource.mine' begins with");
  }

  @Test
  @DisplayName("shows that a wrong password is refused")
  void unauthorized() {
    openAs("alice", "in chains");

    page.publish("from the form", "");

    page.assertContains("#outcome", "401");
  }

  /** An attacker publishes markup in the hope that the page takes it for its own. */
  @Test
  @DisplayName("shows markup in events as text")
  void markup() {
    String markup =
        "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
    page.listenTo("<b>bold</b>");
    String id = publisher.publish(markup, "<b>bold</b>");

    assertThat(page.awaitRow(id)).isEqualTo(new Row("<b>bold</b>", markup, id));
    assertThat(page.find("#events img, #events script, #events b, #names b").count()).isZero();
    assertThat(page.find("title").textContent()).isEqualTo("Async Event Source");
  }

  @Test
  @DisplayName("publishes an event with an id of its own, and remembers the id")
  void ownId() {
    openAs("alice", "wonderland");
    String id = "form-" + System.nanoTime();

    page.find("[name=id]").fill(id);
    page.publish("with an id of its own", "");

    assertThat(page.awaitRow(id).data()).isEqualTo("with an id of its own");
    page.awaitLastId(id);
  }

  @Test
  @DisplayName("is photographed for those who look: by day, by night, on a telephone")
  void photographs() {
    for (Look look :
        List.of(
            new Look("day", ColorScheme.LIGHT, 1280, 900),
            new Look("night", ColorScheme.DARK, 1280, 900),
            new Look("telephone", ColorScheme.LIGHT, 390, 844))) {
      page.close();
      page =
          new EventsPage(
              chromium.newPage(
                  new Browser.NewContextOptions()
                      .setHttpCredentials("alice", "wonderland")
                      .setColorScheme(look.scheme())
                      .setViewportSize(look.width(), look.height())));
      open();
      page.publish("an order of two lines:\n42 tulips, 7 roses", "order");
      page.await(shown -> shown.name().equals("order"));
      page.await(() -> page.rows().size() > 2);

      page.screenshot(look.name());
    }
  }

  /** As a visitor who gives this name and password when asked. */
  private void openAs(String name, String password) {
    page.close();
    page =
        new EventsPage(
            chromium.newPage(new Browser.NewContextOptions().setHttpCredentials(name, password)));
    open();
  }

  private record Look(String name, ColorScheme scheme, int width, int height) {}
}
