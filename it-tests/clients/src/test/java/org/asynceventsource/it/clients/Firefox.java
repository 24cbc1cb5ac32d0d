package org.asynceventsource.it.clients;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The machine's own Firefox without a window, driven by WebDriver BiDi, which it speaks by itself.
 * The system property {@code it.firefox} says where it is. Safe for use by several threads.
 */
final class Firefox implements AutoCloseable {

  private static final String LISTENS = "WebDriver BiDi listening on ";
  private static final long PATIENCE_SECONDS = 60;
  private static final Gson JSON = new Gson();

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final AtomicInteger commands = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> pending = new ConcurrentHashMap<>();
  private final Map<String, Consumer<String>> tabs = new ConcurrentHashMap<>();
  private CompletableFuture<?> sent = CompletableFuture.completedFuture(null); // guarded by this

  private Firefox(Process process, Path profile, URI address) {
    this.process = process;
    this.profile = profile;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address.resolve("/session"), new Listener())
            .join();
    call("session.new", Map.of("capabilities", Map.of()));
    call("session.subscribe", Map.of("events", List.of("network.authRequired")));
    call("network.addIntercept", Map.of("phases", List.of("authRequired")));
  }

  /** Starts a browser with an empty profile. */
  static Firefox launch() {
    try {
      Path profile = Files.createTempDirectory("firefox");
      Process process =
          new ProcessBuilder(
                  System.getProperty("it.firefox"),
                  "--headless",
                  "--no-remote",
                  "--remote-debugging-port",
                  "0",
                  "--profile",
                  profile.toString())
              .redirectErrorStream(true)
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      BufferedReader output = process.inputReader();
      String line = output.readLine();
      while (line != null && !line.contains(LISTENS)) {
        line = output.readLine();
      }
      if (line == null) {
        throw new AssertionError("Firefox ended at once");
      }
      Thread drain = new Thread(() -> skip(output), "firefox-output");
      drain.setDaemon(true);
      drain.start();
      return new Firefox(process, profile, URI.create(line.replaceFirst(".*" + LISTENS, "")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** So that it can go on talking. */
  private static void skip(BufferedReader output) {
    try {
      output.transferTo(Writer.nullWriter());
    } catch (IOException closed) {
      // With the browser.
    }
  }

  /**
   * Opens a tab.
   *
   * @param page what it shows
   * @param prompt called when the browser would ask its user for a password, with what {@link
   *     #give} wants to know; by the thread that reads from the browser
   * @return what {@link #evaluate} wants to know
   */
  String open(URI page, Consumer<String> prompt) {
    JsonObject tab = call("browsingContext.create", Map.of("type", "tab"));
    String context = tab.get("context").getAsString();
    tabs.put(context, prompt);
    call(
        "browsingContext.navigate",
        Map.of("context", context, "url", page.toString(), "wait", "complete"));
    return context;
  }

  void closeTab(String context) {
    call("browsingContext.close", Map.of("context", context));
  }

  /** The user types a password, or gives up. */
  void give(String prompt, String user, String password) {
    Map<String, Object> credentials =
        Map.of("type", "password", "username", user, "password", password);
    send(
        "network.continueWithAuth",
        password.isEmpty()
            ? Map.of("request", prompt, "action", "cancel")
            : Map.of("request", prompt, "action", "provideCredentials", "credentials", credentials),
        new CompletableFuture<>());
  }

  /** What an expression of JavaScript, whose value is text, gives in a tab. */
  String evaluate(String context, String expression) {
    JsonObject result =
        call(
            "script.evaluate",
            Map.of(
                "expression",
                expression,
                "target",
                Map.of("context", context),
                "awaitPromise",
                false));
    return result.getAsJsonObject("result").get("value").getAsString();
  }

  private JsonObject call(String method, Map<String, Object> parameters) {
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    send(method, parameters, answer);
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(method + " " + parameters, e);
    }
  }

  private void send(
      String method, Map<String, Object> parameters, CompletableFuture<JsonObject> answer) {
    int id = commands.incrementAndGet();
    pending.put(id, answer);
    String text = JSON.toJson(Map.of("id", id, "method", method, "params", parameters));
    synchronized (this) {
      sent = sent.thenCompose(before -> socket.sendText(text, true)); // one at a time
    }
  }

  private void receive(JsonObject message) {
    JsonObject parameters = message.getAsJsonObject("params");
    if (message.has("id")) {
      CompletableFuture<JsonObject> answer = pending.remove(message.get("id").getAsInt());
      if (message.has("error")) {
        answer.completeExceptionally(new IllegalStateException(message.toString()));
      } else {
        answer.complete(message.getAsJsonObject("result"));
      }
    } else if (message.get("method").getAsString().equals("network.authRequired")) {
      tabs.get(parameters.get("context").getAsString())
          .accept(parameters.getAsJsonObject("request").get("request").getAsString());
    }
  }

  @Override
  public void close() {
    socket.abort();
    process.destroy();
    try (Stream<Path> files = Files.walk(profile)) {
      process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Listener implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        receive(JSON.fromJson(whole, JsonObject.class));
      }
      from.request(1);
      return null;
    }
  }
}
