package org.asynceventsource.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.asynceventsource.spi.Origin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The guard of origins")
class OriginGuardTest {

  private static final String PROXY = "10.0.0.1";
  private static final TrustedProxies PROXIES =
      new TrustedProxies(List.of(AddressRange.parse(PROXY).orElseThrow()));

  private final OriginGuard guard = new OriginGuard(List.of("friend.example"), PROXIES);

  @Test
  @DisplayName("lets in clients that aren't browsers")
  void noBrowser() {
    assertThat(guard.check(post().request())).isEmpty();
  }

  @ParameterizedTest(name = "{0} at {1}://{2}")
  @DisplayName("lets in pages of the same origin")
  @CsvSource({
    "http://localhost:8080, http, localhost:8080",
    "http://localhost, http, localhost:80",
    "http://localhost:80, http, localhost",
    "https://app.example.com, https, App.Example.com",
    "https://app.example.com:443, https, app.example.com",
    "http://[::1]:8080, http, [::1]:8080"
  })
  void same(String origin, String scheme, String host) {
    FakeRequest request = FakeRequest.post().scheme(scheme).header("Host", host);

    assertThat(guard.check(request.header("Origin", origin).request())).isEmpty();
  }

  /** A foreign page posts a form, and the browser adds its visitor's credentials. */
  @ParameterizedTest(name = "[{0}]")
  @DisplayName("refuses pages of other and of hidden origins")
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://localhost:8081",
        "https://localhost:8080",
        "http://localhost",
        "http://localhost:8080.evil.example",
        "http://evil.example#localhost:8080",
        "http://localhost:8080@evil.example",
        "http://localhost:8080 http://evil.example",
        "localhost:8080",
        "null",
        "",
        "file://",
        "http://"
      })
  void foreign(String origin) {
    assertThat(guard.check(post().header("Origin", origin).request()))
        .map(Refusal::status)
        .contains(403);
  }

  @Test
  @DisplayName("lets in pages of configured hosts, whatever the browser calls them")
  void friend() {
    FakeRequest request =
        post()
            .header("Origin", "https://friend.example:8443")
            .header("Sec-Fetch-Site", "cross-site");

    assertThat(guard.check(request.request())).isEmpty();
  }

  @Test
  @DisplayName("lets in pages of the origin that a filter has welcomed, and of no other")
  void welcome() {
    Origin welcome = Origin.parse("https://app.example").orElseThrow();
    FakeRequest request =
        post().attribute(Origin.WELCOME, welcome).header("Sec-Fetch-Site", "cross-site");

    assertThat(guard.check(request.header("Origin", "https://app.example").request())).isEmpty();
    FakeRequest other = post().attribute(Origin.WELCOME, welcome);
    assertThat(guard.check(other.header("Origin", "https://app.example:444").request()))
        .isPresent();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("refuses what the browser calls foreign, even if it hides the origin")
  @ValueSource(strings = {"cross-site", "same-site"})
  void hidden(String site) {
    assertThat(guard.check(post().header("Sec-Fetch-Site", site).request())).isPresent();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("lets in what the visitor or the same page does")
  @ValueSource(strings = {"none", "same-origin"})
  void own(String site) {
    assertThat(guard.check(post().header("Sec-Fetch-Site", site).request())).isEmpty();
  }

  @Test
  @DisplayName("believes the browser that a page is of the same origin behind a proxy with TLS")
  void behindTls() {
    FakeRequest request =
        FakeRequest.post()
            .header("Host", "app.example.com")
            .header("Origin", "https://app.example.com");
    assertThat(guard.check(request.request())).isPresent();

    assertThat(guard.check(request.header("Sec-Fetch-Site", "same-origin").request())).isEmpty();
  }

  @Test
  @DisplayName("refuses a page that the browser calls foreign although it claims our name")
  void claimed() {
    FakeRequest request =
        post().header("Origin", "http://localhost:8080").header("Sec-Fetch-Site", "cross-site");

    assertThat(guard.check(request.request())).isPresent();
  }

  @Test
  @DisplayName("believes a trusted proxy, and nobody else, what the URL was")
  void proxy() {
    assertThat(guard.check(forwarded(PROXY))).isEmpty();
    assertThat(guard.check(forwarded("203.0.113.9"))).isPresent();
  }

  private HttpServletRequest forwarded(String peer) {
    return FakeRequest.post()
        .from(peer)
        .header("Host", "backend:8080")
        .header("X-Forwarded-Proto", "https")
        .header("X-Forwarded-Host", "app.example.com")
        .header("Origin", "https://app.example.com")
        .request();
  }

  private FakeRequest post() {
    return FakeRequest.post().header("Host", "localhost:8080");
  }
}
