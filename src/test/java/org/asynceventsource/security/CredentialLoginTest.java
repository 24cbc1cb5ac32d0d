package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A login that is asked again")
class CredentialLoginTest {

  private static final TokenCredential TOKEN = new TokenCredential("0123456789abcdef");
  private static final CredentialValidationResult ALICE =
      new CredentialValidationResult("alice", Set.of("editors"));

  private final AtomicReference<CredentialValidationResult> answer = new AtomicReference<>(ALICE);
  private final CredentialLogin login =
      new CredentialLogin(credential -> answer.get(), TOKEN, ALICE);

  @Test
  @DisplayName("holds while the stores say the same of it")
  void holds() {
    assertThat(login.holds()).isTrue();
    assertThat(login.expiresAt()).isEmpty();
    assertThat(login).hasToString("CredentialLogin");
  }

  @Test
  @DisplayName("doesn't hold when it is refused, somebody else's, or in other groups")
  void changed() {
    answer.set(CredentialValidationResult.INVALID_RESULT);
    assertThat(login.holds()).isFalse();
    answer.set(new CredentialValidationResult("bob", Set.of("editors")));
    assertThat(login.holds()).isFalse();
    answer.set(new CredentialValidationResult("alice", Set.of("readers")));
    assertThat(login.holds()).isFalse();
  }

  @Test
  @DisplayName("ends with the token")
  void expires() {
    Instant end = Instant.parse("2026-11-23T07:00:00Z");
    CredentialValidationResult result =
        new CredentialValidationResult(new ExpiringPrincipal("alice", end), Set.of());

    assertThat(new CredentialLogin(credential -> result, TOKEN, result).expiresAt()).contains(end);
  }
}
