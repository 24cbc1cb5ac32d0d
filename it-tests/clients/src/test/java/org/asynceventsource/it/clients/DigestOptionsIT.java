package org.asynceventsource.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.asynceventsource.it.support.CuttingProxy;
import org.asynceventsource.it.support.Publisher;
import org.asynceventsource.it.support.WarProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README says of clients and those parts of RFC 7616 that are off unless one asks. */
@DisplayName("Beyond the defaults of digest")
class DigestOptionsIT {

  private static final String PASSWORD = "wonderland";

  private static WarProcess server(String... settings) {
    List<String> arguments = new ArrayList<>(List.of("--user", "alice:" + PASSWORD));
    arguments.add("-Deventsource.auth=digest");
    arguments.addAll(List.of(settings));
    return WarProcess.start(arguments.toArray(String[]::new));
  }

  private static URI events(CuttingProxy proxy) {
    return URI.create("http://localhost:" + proxy.port() + "/events");
  }

  @Test
  @DisplayName("Apache HttpClient covers the bodies that it publishes")
  void bodies() {
    try (WarProcess server = server("-Deventsource.digest.integrity=true");
        CuttingProxy proxy = CuttingProxy.to(server.port());
        Publisher publisher = Publisher.of(events(proxy), "alice", PASSWORD)) {
      assertThat(publisher.publish("covered")).isNotEmpty();

      assertThat(lastOf(proxy)).startsWith("POST /events ").contains("qop=auth-int");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "MD5-sess", "SHA-256", "SHA-256-sess"})
  @DisplayName("curl publishes with a hash instead of its user's name")
  void hiddenName(String algorithm) {
    try (WarProcess server =
            server(
                "-Deventsource.digest.userhash=true",
                "-Deventsource.digest.algorithms=" + algorithm);
        CuttingProxy proxy = CuttingProxy.to(server.port())) {
      String[] publishing = {"--digest", "--user", "alice:" + PASSWORD, "--data", "data=hello"};
      assertThat(Curl.status(events(proxy), publishing)).isEqualTo(200);

      assertThat(lastOf(proxy))
          .startsWith("POST /events ")
          .contains("userhash=true")
          .doesNotContain("alice");
    }
  }

  /** Once it can, this fails, and hidden names might be offered to all. */
  @Test
  @DisplayName("Apache HttpClient 5.6 computes another digest where names are hidden")
  void apacheFails() {
    UsernamePasswordCredentials alice =
        new UsernamePasswordCredentials("alice", PASSWORD.toCharArray());
    try (WarProcess server = server("-Deventsource.digest.userhash=true");
        ReadingProgram apache =
            ApacheHttpClient.read(server.uri().resolve("events"), (scope, context) -> alice)) {
      await().until(() -> !apache.complaints().isEmpty());
      assertThat(apache.complaints()).contains("answered 401");
    }
  }

  private static String lastOf(CuttingProxy proxy) {
    List<String> requests = proxy.requests();
    return requests.get(requests.size() - 1);
  }
}
