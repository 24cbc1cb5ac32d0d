package org.asynceventsource.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Negotiation by Accept (RFC 9110 §12.5.1)")
class NegotiationTest {

  private static final String STREAM = "text/event-stream";

  @Test
  @DisplayName("takes everything where there is no Accept")
  void absent() {
    assertThat(Negotiation.of(FakeRequest.get().request()).accepts(STREAM)).isTrue();
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("takes an event stream for")
  @ValueSource(
      strings = {
        "text/event-stream",
        "TEXT/Event-Stream",
        " text/event-stream ; charset=utf-8",
        "text/event-stream;q=0.001",
        "text/event-stream;Q=1.0",
        "text/event-stream; x=\"a,b;q=0\"; q=1",
        "text/event-stream;q=abc",
        "text/event-stream;q=",
        "text/event-stream;q=-1",
        "text/*",
        "*/*",
        "*",
        "text/html, image/gif, *; q=.2, */*; q=.2",
        "application/json, text/event-stream",
        "text/*;q=0, text/event-stream",
        "*/*;q=0, text/*;q=0.1",
        "text/event-stream;q=0, text/event-stream",
        "",
        " , ,",
        "garbage",
        "text/",
        "/",
        "a/b/c",
        "text/event-stream;;;",
        "\"text/event-stream"
      })
  void accepted(String accept) {
    assertThat(accepts(accept)).isTrue();
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("refuses an event stream for")
  @ValueSource(
      strings = {
        "application/json",
        "text/html",
        "text/plain, application/*",
        "text/event-stream;q=0",
        "text/event-stream; q=0.000",
        "text/event-stream;charset=utf-8;q=0.0",
        "*/*;q=0",
        "text/event-stream;q=0, */*",
        "text/*;q=0, */*",
        "text/event-streams",
        "text/event-stream+json",
        "garbage, text/html"
      })
  void refused(String accept) {
    assertThat(accepts(accept)).isFalse();
  }

  @Test
  @DisplayName("joins several fields")
  void severalFields() {
    FakeRequest request =
        FakeRequest.get().header("Accept", "text/html").header("Accept", "text/event-stream");

    assertThat(Negotiation.of(request.request()).accepts(STREAM)).isTrue();
  }

  @Test
  @DisplayName("weighs types by the most specific range")
  void weights() {
    Negotiation negotiation =
        Negotiation.of(
            FakeRequest.get()
                .header("Accept", "text/*;q=0.3, text/plain;q=0.7, */*;q=0.5, text/html;q=7")
                .request());

    assertThat(negotiation.weight("text/html")).isEqualTo(1);
    assertThat(negotiation.weight("text/plain")).isEqualTo(0.7);
    assertThat(negotiation.weight("text/css")).isEqualTo(0.3);
    assertThat(negotiation.weight("image/png")).isEqualTo(0.5);
    assertThat(negotiation.prefers("text/plain", "image/png")).isTrue();
    assertThat(negotiation.prefers("image/png", "image/gif")).isFalse();
  }

  private static boolean accepts(String accept) {
    return Negotiation.of(FakeRequest.get().header("Accept", accept).request()).accepts(STREAM);
  }
}
