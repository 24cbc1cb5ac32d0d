package org.asynceventsource.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.security.enterprise.AuthenticationStatus;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** By the container and by a filter behind it, or by {@code authenticate}. */
@DisplayName("A request whose login is driven twice")
class DrivenTwiceTest {

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private final DrivenMechanism mechanism =
      DrivenMechanism.of(DrivenMechanism.offering("SHA-256").withProtectedBodies(100, 150));

  private DigestClient client;

  @BeforeEach
  void challenge() throws Exception {
    client = mechanism.challenged();
  }

  private FakeRequest right() {
    return FakeRequest.get().authorization(client.answer("GET", "/events"));
  }

  @Test
  @DisplayName("is logged in twice, with the same proof, and counted once")
  void loggedIn() throws Exception {
    FakeRequest request = right();
    assertThat(mechanism.send(request)).isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(mechanism.caller()).isEqualTo("admin");
    var proof = mechanism.response().values("Authentication-Info");

    assertThat(mechanism.send(request)).isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(mechanism.caller()).isEqualTo("admin");
    assertThat(mechanism.response().values("Authentication-Info")).isEqualTo(proof).hasSize(1);
    assertThat(mechanism.send(right())).isEqualTo(AuthenticationStatus.SUCCESS);
  }

  /** The attack: somebody who has overheard a digest sends it in a request of their own. */
  @Test
  @DisplayName("is another one than a request with the same digest")
  void replayed() throws Exception {
    String answer = client.answer("GET", "/events");
    assertThat(mechanism.send(answer)).isEqualTo(AuthenticationStatus.SUCCESS);
    mechanism.send(answer);
    mechanism.response().assertChallenge(true);
  }

  /**
   * The attack: a digest that was good for reading is turned on the way into one for publishing.
   */
  @Test
  @DisplayName("is judged anew if its method has changed")
  void otherMethod() throws Exception {
    FakeRequest request = right();
    mechanism.send(request);
    mechanism.send(request.as("POST"));
    mechanism.response().assertChallenge(false);
  }

  @Test
  @DisplayName("is refused twice, and counted once among those who guess passwords")
  void refused() throws Exception {
    for (int i = 1; i < LoginLimits.DEFAULT.failures(); i++) {
      FakeRequest wrong =
          FakeRequest.get().authorization(client.as("admin", "wrong").answer("GET", "/events", i));
      mechanism.send(wrong);
      mechanism.send(wrong);
      mechanism.response().assertChallenge(false);
    }
    assertThat(mechanism.send(right())).isEqualTo(AuthenticationStatus.SUCCESS);
  }

  @Test
  @DisplayName("is stale twice if it is stale")
  void stale() throws Exception {
    FakeRequest old =
        FakeRequest.get()
            .authorization(client.withNonce("A".repeat(75)).answer("GET", "/events", 1));
    mechanism.send(old);
    mechanism.send(old);
    mechanism.response().assertChallenge(true);
  }

  @Test
  @DisplayName("has its body all the same, if the digest covers that")
  void body() throws Exception {
    FakeRequest post =
        FakeRequest.of("POST", "/events")
            .authorization(client.covering("hello").answer("POST", "/events"))
            .body("text/plain", "hello");
    mechanism.send(post);
    assertThat(mechanism.send(post)).isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(mechanism.request().getInputStream().readAllBytes())
        .asString(UTF_8)
        .isEqualTo("hello");
  }
}
