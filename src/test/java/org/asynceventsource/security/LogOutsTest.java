package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.asynceventsource.security.Nonces.Nonce;
import org.asynceventsource.test.FakeClock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Who has logged out")
class LogOutsTest {

  private final FakeClock clock = new FakeClock();
  private final LogOuts logOuts = new LogOuts(clock);

  private Optional<Nonce> nonce() {
    return Optional.of(new Nonce(clock.millis(), 0, 0));
  }

  @Test
  @DisplayName("is out for nonces from before, and in again for those from after")
  void before() {
    Optional<Nonce> before = nonce();
    logOuts.add(Optional.of("alice"));
    clock.advance(Duration.ofMillis(1));

    assertThat(logOuts.isOut("alice", before)).isTrue();
    assertThat(logOuts.isOut("alice", nonce())).isFalse();
    assertThat(logOuts.isOut("bob", before)).isFalse();
  }

  @Test
  @DisplayName("is everybody, where nobody is named")
  void everybody() {
    Optional<Nonce> before = nonce();
    logOuts.add(Optional.empty());
    clock.advance(Duration.ofMillis(1));

    assertThat(logOuts.isOut("alice", before)).isTrue();
    assertThat(logOuts.isOut("alice", nonce())).isFalse();
  }

  @Test
  @DisplayName("is forgotten when too many others log out later, and only then")
  void bounded() {
    logOuts.add(Optional.of("alice"));
    logOuts.add(Optional.of("bob"));
    logOuts.add(Optional.of("alice"));
    for (int i = 0; i < LogOuts.MOST - 1; i++) {
      logOuts.add(Optional.of("user " + i));
    }

    assertThat(logOuts.isOut("bob", nonce())).isFalse();
    assertThat(logOuts.isOut("alice", nonce())).isTrue();
    logOuts.add(Optional.of("one more"));
    assertThat(logOuts.isOut("alice", nonce())).isFalse();
  }
}
