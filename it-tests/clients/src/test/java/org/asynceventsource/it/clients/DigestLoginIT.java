package org.asynceventsource.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.asynceventsource.it.support.Publisher;
import org.asynceventsource.it.support.WarProcess;
import org.eclipse.jetty.client.Authentication;
import org.eclipse.jetty.client.DigestAuthentication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Streams end every second and nonces every two, so that each client comes back with a nonce that
 * has expired; then with one of a server that is no more.
 */
@Execution(ExecutionMode.CONCURRENT)
@DisplayName("Clients that have logged in by digest")
class DigestLoginIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PASSWORD = "wonderland";

  /** The quote makes Apache HttpClient write the name as {@code username*}. */
  private static final String QUOTED = "al\"ice";

  private static final Set<String> KNOWN_TO_CURL =
      Set.of("MD5", "MD5-sess", "SHA-256", "SHA-256-sess");
  private static final Set<String> KNOWN_TO_FIREFOX = KNOWN_TO_CURL;
  private static final Set<String> KNOWN_TO_JETTY = Set.of("MD5", "SHA-256");

  private static final Firefox FIREFOX = Firefox.launch();

  @AfterAll
  static void closeBrowser() {
    FIREFOX.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"})
  @DisplayName("stay on when nonces expire and the server restarts, and ask for no password again")
  void stayOn(String algorithm) {
    List<LoggedInReader> readers = new ArrayList<>();
    try (WarProcess server = server(algorithm);
        Publisher publisher = Publisher.of(server.uri().resolve("events"), "alice", PASSWORD)) {
      readers.addAll(readers(algorithm, server.port()));
      publishUntilSeen(publisher, "first", readers);
      for (LoggedInReader reader : readers) {
        await(reader.toString()).atMost(PATIENCE).until(() -> reader.nonces() >= 3);
      }
      publishUntilSeen(publisher, "second", readers);

      server.kill();
      server.startAgain();

      publishUntilSeen(publisher, "third", readers);
      readers.forEach(DigestLoginIT::assertUserAskedOnce);
    } finally {
      readers.forEach(LoggedInReader::close);
    }
  }

  private static void assertUserAskedOnce(LoggedInReader reader) {
    assertThat(reader.refused()).as(reader.toString()).isEqualTo(1);
    assertThat(reader.stale()).as(reader.toString()).isPositive();
  }

  private static WarProcess server(String algorithm) {
    return WarProcess.start(
        "--user",
        "alice:" + PASSWORD,
        "--user",
        QUOTED + ":" + PASSWORD,
        "-Deventsource.auth=digest",
        "-Deventsource.digest.algorithms=" + algorithm,
        "-Deventsource.digest.nonce-lifetime=2s",
        "-Deventsource.lifetime=1s",
        "-Deventsource.retry=50ms..100ms");
  }

  private static List<LoggedInReader> readers(String algorithm, int port) {
    List<LoggedInReader> readers = new ArrayList<>();
    readers.add(new LoggedInReader("Apache HttpClient", port, apache("alice")));
    readers.add(new LoggedInReader("Apache HttpClient, username*", port, apache(QUOTED)));
    if (KNOWN_TO_CURL.contains(algorithm)) {
      readers.add(
          new LoggedInReader(
              "curl",
              port,
              events -> Curl.readOn(events, "--digest", "--user", "alice:" + PASSWORD)));
    }
    if (KNOWN_TO_FIREFOX.contains(algorithm)) {
      readers.add(
          new LoggedInReader(
              "Firefox", port, events -> FirefoxProgram.read(FIREFOX, events, "alice", PASSWORD)));
    }
    if (KNOWN_TO_JETTY.contains(algorithm)) {
      readers.add(new LoggedInReader("Jetty's client", port, DigestLoginIT::jetty));
    }
    return readers;
  }

  private static Function<URI, ReadingProgram> apache(String user) {
    UsernamePasswordCredentials credentials =
        new UsernamePasswordCredentials(user, PASSWORD.toCharArray());
    return events -> ApacheHttpClient.read(events, (scope, context) -> credentials);
  }

  private static ReadingProgram jetty(URI events) {
    return JettyClient.read(
        events, new DigestAuthentication(events, Authentication.ANY_REALM, "alice", PASSWORD));
  }

  private static void publishUntilSeen(
      Publisher publisher, String data, List<LoggedInReader> readers) {
    await(data + " for " + readers)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              publisher.publish(data);
              return readers.stream().allMatch(reader -> reader.hasSeen(data));
            });
  }

  /** Once it can, this fails, and curl joins the others. */
  @ParameterizedTest
  @ValueSource(strings = {"SHA-512-256", "SHA-512-256-sess"})
  @DisplayName("by SHA-512-256 don't include curl 7.88.1, whose digest is another one")
  void curlFails(String algorithm) {
    try (WarProcess server = server(algorithm)) {
      String[] login = {"--digest", "--user", "alice:" + PASSWORD};
      assertThat(Curl.status(server.uri().resolve("events"), login)).isEqualTo(401);
    }
  }
}
