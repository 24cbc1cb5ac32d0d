package org.asynceventsource.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asynceventsource.it.browser.EventsPage.Row;
import org.asynceventsource.it.support.Chromium;
import org.asynceventsource.it.support.CuttingProxy;
import org.asynceventsource.it.support.WarProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Counts how often the browser wants a password from its user.
 *
 * <p>Chromium answers a challenge from its own store where it can, and does so silently when the
 * challenge says {@code stale=true}; only when it would open its dialogue does it report {@code
 * Fetch.authRequired}. So the number of reports is the number of prompts. A test that gives
 * credentials to each challenge by itself would never notice a server without {@code stale=true};
 * that this one does is tested too.
 */
@DisplayName("A browser that has logged in by digest")
class DigestLoginIT {

  private static final Pattern NONCE =
      Pattern.compile("(?i)authorization: Digest .*?nonce=\"(.*?)\"");

  private static final Chromium CHROMIUM = Chromium.launch();

  private WarProcess server;
  private final EventsPage page = new EventsPage(CHROMIUM.newPage());
  private int prompts;

  @AfterAll
  static void closeBrowser() {
    CHROMIUM.close();
  }

  @AfterEach
  void close() {
    page.close();
    server.close();
  }

  private void start(String... settings) {
    List<String> arguments = new ArrayList<>(List.of("--user", "alice:wonderland"));
    arguments.addAll(List.of("-Deventsource.auth=digest", "-Deventsource.retry=100ms..200ms"));
    arguments.addAll(List.of(settings));
    server = WarProcess.start(arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "MD5-sess", "SHA-256", "SHA-256-sess"})
  @DisplayName("resumes after a restart through stale=true, without a second prompt")
  void resumes(String algorithm) {
    start("-Deventsource.digest.algorithms=" + algorithm);
    try (CuttingProxy proxy = CuttingProxy.to(server.port())) {
      String seen = logInAndPublish(proxy);
      int before = streamRequests(proxy).size();

      server.kill();
      page.assertState("connecting");
      server.startAgain();

      Row gap = page.await(row -> row.name().equals("eventsource.gap"));
      assertThat(gap.data()).contains(seen);
      page.assertState("open");
      page.publish("after", "");
      page.await(row -> row.data().equals("after"));
      assertThat(prompts).as("prompts").isEqualTo(1);
      List<String> since = streamRequests(proxy).subList(before, streamRequests(proxy).size());
      assertThat(since)
          .hasSizeGreaterThanOrEqualTo(2)
          .allSatisfy(head -> assertThat(head).containsIgnoringCase("Last-Event-ID: " + seen));
      assertThat(nonce(since.get(since.size() - 1)))
          .as("the old nonce was answered by a new one")
          .isNotEqualTo(nonce(since.get(0)));
    }
  }

  /** Streams end every second, so that the browser comes back with a nonce that is too old. */
  @ParameterizedTest
  @ValueSource(strings = {"MD5", "MD5-sess", "SHA-256", "SHA-256-sess"})
  @DisplayName("stays on while nonces expire, by each algorithm that it knows, without a prompt")
  void outlivesNonces(String algorithm) {
    start(
        "-Deventsource.digest.algorithms=" + algorithm,
        "-Deventsource.digest.nonce-lifetime=1s",
        "-Deventsource.lifetime=1s");
    try (CuttingProxy proxy = CuttingProxy.to(server.port())) {
      logInAndPublish(proxy);

      page.await(() -> nonces(proxy) >= 2);

      page.publish("after", "");
      page.await(row -> row.data().equals("after"));
      assertThat(prompts).as("prompts").isEqualTo(1);
    }
  }

  @Test
  @DisplayName("may send a hash instead of its user's name, if that is offered")
  void hiddenName() {
    start("-Deventsource.digest.userhash=true");
    try (CuttingProxy proxy = CuttingProxy.to(server.port())) {
      logInAndPublish(proxy);

      List<String> requests = streamRequests(proxy);
      assertThat(requests.get(requests.size() - 1))
          .contains("userhash=true")
          .doesNotContain("alice");
    }
  }

  private static long nonces(CuttingProxy proxy) {
    return streamRequests(proxy).stream()
        .flatMap(head -> NONCE.matcher(head).results())
        .map(found -> found.group(1))
        .distinct()
        .count();
  }

  @Test
  @DisplayName("would be asked again by a server that doesn't say stale=true")
  void counterProof() {
    start();
    UnaryOperator<String> forgetful = head -> head.replace("stale=true", "stale=false");
    try (CuttingProxy proxy = CuttingProxy.rewriting(server.port(), forgetful)) {
      logInAndPublish(proxy);

      server.kill();
      page.assertState("connecting");
      server.startAgain();

      page.assertState("closed");
      page.assertContains("#closed", "may you read it?");
      assertThat(prompts).as("prompts").isEqualTo(2);
    }
  }

  /** Leaves the page open, one event shown, one prompt counted; returns the event's id. */
  private String logInAndPublish(CuttingProxy proxy) {
    answerFirstPrompt();
    page.open(URI.create("http://localhost:" + proxy.port() + "/"));
    page.assertState("open");
    page.publish("before", "");
    Row row = page.await(shown -> shown.data().equals("before"));
    assertThat(prompts).as("prompts before the restart").isEqualTo(1);
    return row.id();
  }

  /** The user knows the password, and gives it once. */
  private void answerFirstPrompt() {
    CDPSession devTools = page.playwright().context().newCDPSession(page.playwright());
    devTools.on(
        "Fetch.requestPaused",
        paused -> devTools.send("Fetch.continueRequest", answer(paused, new JsonObject())));
    devTools.on(
        "Fetch.authRequired",
        required -> {
          prompts++;
          JsonObject password = new JsonObject();
          password.addProperty("response", prompts == 1 ? "ProvideCredentials" : "CancelAuth");
          password.addProperty("username", "alice");
          password.addProperty("password", "wonderland");
          JsonObject answer = new JsonObject();
          answer.add("authChallengeResponse", password);
          devTools.send("Fetch.continueWithAuth", answer(required, answer));
        });
    JsonObject options = new JsonObject();
    options.addProperty("handleAuthRequests", true);
    devTools.send("Fetch.enable", options);
  }

  private static JsonObject answer(JsonObject event, JsonObject answer) {
    answer.add("requestId", event.get("requestId"));
    return answer;
  }

  private static List<String> streamRequests(CuttingProxy proxy) {
    return proxy.requests().stream().filter(head -> head.startsWith("GET /events ")).toList();
  }

  private static String nonce(String head) {
    Matcher matcher = NONCE.matcher(head);
    assertThat(matcher.find()).as(head).isTrue();
    return matcher.group(1);
  }
}
