package org.asynceventsource.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.asynceventsource.RecordingLogger;
import org.asynceventsource.spi.WarnOnce;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A refusal")
class RefusalTest {

  private final RecordingLogger logger = new RecordingLogger();
  private final WarnOnce warnings = new WarnOnce(logger);
  private final FakeResponse response = new FakeResponse();

  @Test
  @DisplayName("answers what is wrong and what to do")
  void answer() throws IOException {
    Refusal.methodNotAllowed("DELETE", "GET, HEAD, OPTIONS, POST")
        .send(response.response(), warnings);

    assertThat(response.status()).isEqualTo(405);
    assertThat(response.header("Allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
    assertThat(response.header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
    assertThat(response.header("Cache-Control")).isEqualTo("no-store");
    assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(response.body())
        .isEqualTo("method DELETE is not possible here; use one of GET, HEAD, OPTIONS, POST\n");
  }

  @Test
  @DisplayName("varies by Accept where that was the cause")
  void notAcceptable() throws IOException {
    Refusal.notAcceptable().send(response.response(), warnings);

    assertThat(response.status()).isEqualTo(406);
    assertThat(response.header("Vary")).isEqualTo("Accept");
    assertThat(response.body())
        .isEqualTo(
            "the header field Accept excludes text/event-stream; send 'Accept: text/event-stream'"
                + " or none\n");
  }

  /** A client tries endless methods to fill the disk with log lines, or to forge one. */
  @Test
  @DisplayName("is logged once per cause, on one line")
  void loggedOnce() throws IOException {
    for (int i = 0; i < 100; i++) {
      Refusal.methodNotAllowed("A\r\nB" + i, "GET").send(response.response(), warnings);
    }

    assertThat(logger.lines())
        .containsExactly(
            "WARNING a request was refused with 405: method A\uFFFD\uFFFDB0 is not possible here;"
                + " use one of GET (told once per cause)");
    assertThat(warnings.occurrences()).isEqualTo(100);
  }

  @Test
  @DisplayName("leaves a response alone that is on its way")
  void committed() throws IOException {
    Refusal.notAcceptable().send(response.committed().response(), warnings);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }
}
