package org.asynceventsource.middleware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.asynceventsource.ConfigurationException;
import org.asynceventsource.GuardedEvents;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Authorization")
class AuthorizationMiddlewareTest {

  private static final AuthorizationMiddleware ACME =
      AuthorizationMiddleware.require(request -> "acme".equals(request.getHeader("X-Tenant")));

  @Test
  @DisplayName("lets those pass for whom the condition holds, and answers 403 to others")
  void condition() throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(ACME);
        HttpReply refused = events.send(GuardedEvents.get().with("X-Tenant", "other"));
        EventStreamRecorder stream = events.open(GuardedEvents.get().with("X-Tenant", "acme"))) {
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text()).isEqualTo("this is not for you\n");
      assertThat(refused.field("Cache-Control")).isEqualTo("no-store");
      events.source().send("hello");
      stream.assertEvent(null, "message", "hello");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"204, ''", "401, this is not for you", "404, this is not for you"})
  @DisplayName("answers the status that is named")
  void status(int status, String text) throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(ACME.orStatus(status));
        HttpReply refused = events.send(GuardedEvents.get())) {
      assertThat(refused.status()).isEqualTo(status);
      assertThat(refused.text().strip()).isEqualTo(text);
      assertThat(refused.field("WWW-Authenticate"))
          .isEqualTo(status == 401 ? "Denied realm=\"eventsource\"" : "");
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(ints = {0, 200, 302, 399, 500})
  @DisplayName("refuses to answer what is no refusal")
  void noRefusal(int status) {
    assertThatThrownBy(() -> ACME.orStatus(status))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("status %d is no refusal".formatted(status));
  }

  /** The attack: a request that makes the condition fail, to be let in by the failure. */
  @Test
  @DisplayName("refuses what the condition fails on, and logs it once")
  void failsClosed() throws Exception {
    AuthorizationMiddleware failing =
        AuthorizationMiddleware.require(request -> Integer.parseInt(request.getHeader("N")) > 0);
    try (LogRecords log = LogRecords.of("org.asynceventsource.middleware");
        GuardedEvents events = GuardedEvents.behind(failing)) {
      assertThat(events.status(GuardedEvents.get().with("N", "x"))).isEqualTo(403);
      assertThat(events.status(GuardedEvents.get().with("N", "y"))).isEqualTo(403);
      assertThat(log.messages()).hasSizeLessThanOrEqualTo(1);
    }
  }
}
