package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Who tries to log in while a store is away")
class UnjudgedLoginsTest {

  private final AtomicLong clock = new AtomicLong();
  private int asked;

  @Test
  @DisplayName("is held up ever longer, but not for long once the store is back")
  void heldUp() {
    UnjudgedLogins logins = new UnjudgedLogins(LoginLimits.DEFAULT, clock::get);
    for (int second = 0; second < 3_600; second++) {
      assertThatThrownBy(() -> logins.ask("alice", "192.0.2.1", this::away))
          .isInstanceOf(IdentitiesUnavailableException.class);
      clock.addAndGet(Duration.ofSeconds(1).toNanos());
    }
    assertThat(asked).isBetween(100, 200);

    clock.addAndGet(UnjudgedLogins.LONGEST.toNanos());
    assertThat(logins.ask("alice", "192.0.2.1", () -> new CredentialValidationResult("alice")))
        .isNotNull();
    assertThat(UnjudgedLogins.LONGEST).isLessThan(LoginLimits.DEFAULT.longest());
  }

  /** The attack: to wait until the failures are forgotten. */
  @Test
  @DisplayName("has no more attempts for nothing after a pause")
  void pauses() {
    UnjudgedLogins logins = new UnjudgedLogins(LoginLimits.DEFAULT, clock::get);
    for (int attempt = 0; attempt < 100; attempt++) {
      assertThatThrownBy(() -> logins.ask("alice", "192.0.2.1", this::away))
          .isInstanceOf(IdentitiesUnavailableException.class);
      if (attempt % 5 == 4) {
        clock.addAndGet(UnjudgedLogins.LONGEST.plusSeconds(1).toNanos());
      }
    }
    assertThat(asked).isLessThan(40);
  }

  @Test
  @DisplayName("is held up no longer than limits allow that are tighter")
  void tighter() {
    LoginLimits limits = new LoginLimits(1, Duration.ofSeconds(1), Duration.ofSeconds(2));
    UnjudgedLogins logins = new UnjudgedLogins(limits, clock::get);
    for (int second = 0; second < 20; second++) {
      assertThatThrownBy(() -> logins.ask("alice", "192.0.2.1", this::away))
          .isInstanceOf(IdentitiesUnavailableException.class);
      clock.addAndGet(Duration.ofSeconds(1).toNanos());
    }
    assertThat(asked).isBetween(10, 12);
  }

  private CredentialValidationResult away() {
    asked++;
    throw new IdentitiesUnavailableException("away");
  }
}
