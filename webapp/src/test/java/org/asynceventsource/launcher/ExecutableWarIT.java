package org.asynceventsource.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts real processes; each has a temporary directory of its own. */
@Timeout(60)
@DisplayName("java -jar eventsource.war")
class ExecutableWarIT {

  private static final Pattern STARTED =
      Pattern.compile(
          "async-event-source \\S+ listens on (http://localhost:\\d+/) \\(started in \\d+\\.\\d s\\)");
  private static final int SIGTERM = 128 + 15;

  @TempDir private Path temporary;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  @DisplayName("serves, tells a user to publish, and leaves no file behind when it is terminated")
  void serves() throws Exception {
    Process process = start("--port", "0");
    BufferedReader output = process.inputReader(UTF_8);
    URI root = root(output.readLine());

    assertThat(output.readLine())
        .matches("nobody is named .* 'publisher' may, with the password '[a-z2-9]{20}' .*");
    HttpResponse<Stream<String>> events = get(root.resolve("events"), BodyHandlers.ofLines());
    assertThat(events.statusCode()).isEqualTo(200);
    assertThat(events.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(events.headers().map()).doesNotContainKey("server");
    events.body().close();

    process.toHandle().destroy();
    assertThat(process.waitFor()).isEqualTo(SIGTERM);
    assertThat(temporary).isEmptyDirectory();
    assertThat(process.errorReader(UTF_8).lines())
        .filteredOn(line -> !line.startsWith("  "))
        .satisfiesExactly(
            line ->
                assertThat(line).endsWith(" INFO org.asynceventsource.boot: event sources are up"),
            line ->
                assertThat(line)
                    .endsWith(" INFO org.asynceventsource.stream: first stream at /events"));
  }

  @Test
  @DisplayName("answers no request while it stops: at a 404 browsers would give up their streams")
  void stops() throws Exception {
    Process process = start("--port", "0");
    URI root = root(process.inputReader(UTF_8).readLine());
    Set<String> answers = new TreeSet<>();
    answers.add(head(root));

    process.toHandle().destroy();
    while (process.isAlive()) {
      answers.add(head(root));
    }

    assertThat(answers).containsExactlyInAnyOrder("", "HTTP/1.1 200 OK");
  }

  @Test
  @DisplayName("sets settings given before and behind -jar, and prints no password it was given")
  void settings() throws Exception {
    Process process =
        start(
            List.of("-Deventsource.path=/early"),
            "--port=0",
            "-Deventsource.realm=Late",
            "-Deventsource.auth=digest",
            "--user=a:b");
    BufferedReader output = process.inputReader(UTF_8);
    URI root = root(output.readLine());

    HttpResponse<String> refused = get(root.resolve("early"), BodyHandlers.ofString());

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("www-authenticate").orElseThrow())
        .contains("realm=\"Late\"");
    process.toHandle().destroy();
    assertThat(output.readLine()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "org/asynceventsource/launcher/Main.class", "WEB-INF/server/", "no-such-page"})
  @DisplayName("lists no directory, gives its classes to nobody, doesn't say what it is made of")
  void closed(String path) throws Exception {
    Process process = start("--port", "0");
    URI root = root(process.inputReader(UTF_8).readLine());

    HttpResponse<String> response = get(root.resolve(path), BodyHandlers.ofString());

    assertThat(response.body()).doesNotContainIgnoringCase("jetty").doesNotContain("Directory:");
    if (!path.isEmpty()) {
      assertThat(response.statusCode()).isIn(403, 404);
    }
  }

  @Test
  @DisplayName("says that the port is taken and ends with 1")
  void portTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process process = start("--port", "" + taken.getLocalPort());

      assertThat(process.errorReader(UTF_8).lines())
          .containsExactly(
              "async-event-source: can't listen on 127.0.0.1 port %d: Address already in use; choose another by --port or --host"
                  .formatted(taken.getLocalPort()));
      assertThat(process.waitFor()).isEqualTo(1);
      assertThat(temporary).isEmptyDirectory();
    }
  }

  @Test
  @DisplayName("tells every wrong setting and ends with 1")
  void wrongSettings() throws Exception {
    Process process =
        start("--port=0", "-Deventsource.heartbeat=soon", "-Deventsource.threads=none");

    String errors = String.join("\n", process.errorReader(UTF_8).lines().toList());

    assertThat(errors)
        .contains("'eventsource.heartbeat' is 'soon'", "'eventsource.threads' is 'none'")
        .doesNotContain("\tat ");
    assertThat(process.waitFor()).isEqualTo(1);
  }

  @Test
  @DisplayName("says what is wrong with an argument and ends with 2")
  void wrongArgument() throws Exception {
    Process process = start("--prot=1");

    assertThat(process.errorReader(UTF_8).lines())
        .containsExactly("async-event-source: unknown argument '--prot'; --help lists them");
    assertThat(process.waitFor()).isEqualTo(2);
  }

  @Test
  @DisplayName("hashes a password from standard input")
  void hashes() throws Exception {
    Process process = start("hash", "--realm", "Orders", "alice");
    try (var input = process.outputWriter(UTF_8)) {
      input.write("secret\n");
    }

    // SHA-256 of "alice:Orders:secret"
    assertThat(process.inputReader(UTF_8).lines())
        .containsExactly(
            "alice:Orders:{SHA-256}e353901e302ff7610269b299a3e896fcb687b6e6e1f8042bb208d7b41e11740d");
    assertThat(process.waitFor()).isZero();
    assertThat(temporary).isEmptyDirectory();
  }

  private Process start(String... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  private Process start(List<String> before, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(before);
    command.addAll(List.of("-jar", System.getProperty("war")));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).start();
    started.add(process);
    return process;
  }

  private static URI root(String line) {
    Matcher matcher = STARTED.matcher(String.valueOf(line));
    assertThat(matcher.matches()).as(line).isTrue();
    return URI.create(matcher.group(1));
  }

  /**
   * The status line for the stream, asked for by a connection of its own; empty if there is none.
   */
  private static String head(URI root) {
    try (Socket connection = new Socket(root.getHost(), root.getPort())) {
      connection
          .getOutputStream()
          .write("HEAD /events HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      return new String(connection.getInputStream().readAllBytes(), UTF_8)
          .lines()
          .findFirst()
          .orElse("");
    } catch (IOException refused) {
      return "";
    }
  }

  private static <T> HttpResponse<T> get(URI uri, HttpResponse.BodyHandler<T> body)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), body);
  }
}
