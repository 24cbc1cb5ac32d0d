package org.asynceventsource.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The guard of hosts")
class HostGuardTest {

  private static final String PROXY = "10.0.0.1";
  private static final TrustedProxies PROXIES =
      new TrustedProxies(List.of(AddressRange.parse(PROXY).orElseThrow()));

  private final HostGuard guard =
      new HostGuard(List.of("localhost", "127.0.0.1", "[::1]", "app.example.com"), PROXIES);

  @ParameterizedTest(name = "{0}")
  @DisplayName("lets in what names a host of ours, on any port")
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:8080",
        "localhost:",
        "127.0.0.1:80",
        "[::1]",
        "[::1]:8080",
        "app.example.com"
      })
  void ours(String host) {
    assertThat(guard.check(FakeRequest.get().header("Host", host).request())).isEmpty();
  }

  /** A page of evil.example whose name now points here reads and publishes as "same origin". */
  @ParameterizedTest(name = "[{0}]")
  @DisplayName("refuses foreign and malformed hosts with 421")
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "localhost@evil.example",
        "evil.example#localhost",
        "localhost:80:80",
        "localhost, evil.example",
        "[::2]",
        "::1",
        "[::1"
      })
  void foreign(String host) {
    assertThat(guard.check(FakeRequest.get().header("Host", host).request()))
        .map(Refusal::status)
        .contains(421);
  }

  @Test
  @DisplayName("says what to do")
  void remedy() {
    assertThat(guard.check(FakeRequest.get().header("Host", "evil.example").request()))
        .contains(
            Refusal.of(
                421,
                "foreign host",
                "host 'evil.example' is not served here",
                "use one of this server's names, or add it to 'eventsource.hosts'"));
  }

  @Test
  @DisplayName("takes the container's word where there is no such field, as in HTTP/2")
  void withoutField() {
    assertThat(guard.check(FakeRequest.get().request())).isEmpty();
    assertThat(new HostGuard(List.of("a"), PROXIES).check(FakeRequest.get().request())).isPresent();
  }

  @Test
  @DisplayName("lets everything in where no hosts are configured")
  void unconfigured() {
    HostGuard open = new HostGuard(List.of(), PROXIES);

    assertThat(open.check(FakeRequest.get().header("Host", "evil.example").request())).isEmpty();
  }

  @Test
  @DisplayName("checks what a trusted proxy was asked for as well, and never instead")
  void proxy() {
    assertThat(guard.check(proxied("localhost", "evil.example"))).isPresent();
    assertThat(guard.check(proxied("evil.example", "localhost"))).isPresent();
    assertThat(guard.check(proxied("localhost", "app.example.com"))).isEmpty();
  }

  private HttpServletRequest proxied(String host, String forwarded) {
    return FakeRequest.get()
        .from(PROXY)
        .header("Host", host)
        .header("X-Forwarded-Host", forwarded)
        .request();
  }
}
