package org.asynceventsource.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.asynceventsource.spi.Origin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Trusted proxies")
class TrustedProxiesTest {

  private static final String PROXY = "10.0.0.1";

  private final TrustedProxies proxies =
      new TrustedProxies(
          Stream.of("10.0.0.0/8", "::1")
              .map(text -> AddressRange.parse(text).orElseThrow())
              .toList());

  @Test
  @DisplayName("are nobody by default, whatever a client claims")
  void nobody() {
    FakeRequest request =
        FakeRequest.get()
            .from(PROXY)
            .header("X-Forwarded-For", "203.0.113.7")
            .header("X-Forwarded-Host", "evil.example")
            .header("Host", "localhost:8080");
    TrustedProxies none = new TrustedProxies(List.of());

    assertThat(none.clientAddress(request.request())).isEqualTo(PROXY);
    assertThat(none.origin(request.request())).contains(new Origin("http", "localhost", 8080));
  }

  @Test
  @DisplayName("are not believed through a peer that isn't one of them")
  void foreignPeer() {
    FakeRequest request =
        FakeRequest.get().from("203.0.113.99").header("X-Forwarded-For", "203.0.113.7");

    assertThat(proxies.clientAddress(request.request())).isEqualTo("203.0.113.99");
  }

  @ParameterizedTest(name = "{0} is {1}")
  @DisplayName("tell the client's address: the last that is none of theirs")
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.7 | 203.0.113.7",
        "198.51.100.1, 203.0.113.7 | 203.0.113.7",
        "203.0.113.7, 10.1.1.1, 10.2.2.2 | 203.0.113.7",
        "10.3.3.3, 10.1.1.1 | 10.3.3.3",
        "203.0.113.7:51234 | 203.0.113.7",
        "[2001:db8::7]:51234 | 2001:db8::7",
        "2001:db8::7 | 2001:db8::7",
        "fe80::7%eth0 | fe80::7",
        "203.0.113.7, unknown | 10.0.0.1",
        "203.0.113.7, unknown, 10.1.1.1 | 10.1.1.1",
        "<script> | 10.0.0.1",
        "'' | 10.0.0.1"
      })
  void customary(String forwardedFor, String client) {
    FakeRequest request = FakeRequest.get().from(PROXY).header("X-Forwarded-For", forwardedFor);

    assertThat(proxies.clientAddress(request.request())).isEqualTo(client);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @DisplayName("tell the client's address in the standard's way too")
  @CsvSource(
      delimiter = '|',
      value = {
        "for=203.0.113.7;proto=https | 203.0.113.7",
        "For=\"[2001:db8::7]:4711\" | 2001:db8::7",
        "for=198.51.100.1, for=203.0.113.7, for=10.1.1.1 | 203.0.113.7",
        "for=\"203.0.113.7:80\";by=\"a,b\" | 203.0.113.7",
        "for=_hidden | 10.0.0.1",
        "proto=https | 10.0.0.1"
      })
  void standard(String forwarded, String client) {
    FakeRequest request = FakeRequest.get().from(PROXY).header("Forwarded", forwarded);

    assertThat(proxies.clientAddress(request.request())).isEqualTo(client);
  }

  @Test
  @DisplayName("join several fields")
  void severalFields() {
    FakeRequest request =
        FakeRequest.get()
            .from(PROXY)
            .header("X-Forwarded-For", "203.0.113.7")
            .header("X-Forwarded-For", "10.1.1.1");

    assertThat(proxies.clientAddress(request.request())).isEqualTo("203.0.113.7");
  }

  /** A client sends the kind of field that its proxy doesn't know and so lets pass. */
  @Test
  @DisplayName("are not believed where the two kinds of fields contradict each other")
  void contradiction() {
    FakeRequest request =
        FakeRequest.get()
            .from(PROXY)
            .header("Forwarded", "for=198.51.100.1")
            .header("X-Forwarded-For", "203.0.113.7");
    assertThat(proxies.clientAddress(request.request())).isEqualTo(PROXY);

    FakeRequest agreeing =
        FakeRequest.get()
            .from(PROXY)
            .header("Forwarded", "for=203.0.113.7")
            .header("X-Forwarded-For", "203.0.113.7");
    assertThat(proxies.clientAddress(agreeing.request())).isEqualTo("203.0.113.7");
  }

  @Test
  @DisplayName("tell scheme and host of the URL")
  void origin() {
    FakeRequest customary =
        FakeRequest.post()
            .from("[0:0:0:0:0:0:0:1]")
            .header("Host", "backend:8080")
            .header("X-Forwarded-Proto", "https, http")
            .header("X-Forwarded-Host", "App.Example.com");
    FakeRequest standard =
        FakeRequest.post()
            .from(PROXY)
            .header("Host", "backend:8080")
            .header("Forwarded", "for=203.0.113.7;host=\"app.example.com:444\";proto=HTTPS");

    assertThat(proxies.origin(customary.request()))
        .contains(new Origin("https", "app.example.com", 443));
    assertThat(proxies.origin(standard.request()))
        .contains(new Origin("https", "app.example.com", 444));
  }

  @Test
  @DisplayName("leave the host alone if they tell the scheme only")
  void schemeOnly() {
    FakeRequest request =
        FakeRequest.post()
            .from(PROXY)
            .header("Host", "app.example.com")
            .header("X-Forwarded-Proto", "https");

    assertThat(proxies.origin(request.request()))
        .contains(new Origin("https", "app.example.com", 443));
  }

  @Test
  @DisplayName("may name a host that is none")
  void noHost() {
    FakeRequest request =
        FakeRequest.post().from(PROXY).header("Host", "a").header("X-Forwarded-Host", "a b/c");

    assertThat(proxies.origin(request.request())).isEqualTo(Optional.empty());
  }

  @ParameterizedTest(name = "{0} says {2} of {1}: {3}")
  @CsvSource({
    "10.0.0.1, http, https, true",
    "10.0.0.1, https, http, false",
    "10.0.0.1, https, , true",
    "192.0.2.1, http, https, false",
    "192.0.2.1, https, http, true",
  })
  @DisplayName("knows whether the client used TLS from the proxies, or else from the container")
  void secure(String peer, String scheme, String forwarded, boolean secure) {
    FakeRequest request = FakeRequest.get().from(peer).scheme(scheme);
    if (forwarded != null) {
      request.header("X-Forwarded-Proto", forwarded);
    }
    TrustedProxies proxies =
        new TrustedProxies(List.of(AddressRange.parse("10.0.0.0/8").orElseThrow()));
    assertThat(proxies.isSecure(request.request())).isEqualTo(secure);
  }
}
