package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.test.FakeClock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The attack: passwords are tried one after the other, thousands a second. */
@DisplayName("Attempts to log in")
class LoginAttemptsTest {

  private static final String HOME = "192.0.2.1";
  private static final String ELSEWHERE = "198.51.100.7";

  private static final int FREE = LoginLimits.DEFAULT.failures();

  private final FakeClock clock = new FakeClock();
  private final LoginAttempts attempts = new LoginAttempts(LoginLimits.DEFAULT, clock);

  @Test
  @DisplayName("may fail five times; then each failure doubles the wait, up to five minutes")
  void doubles() {
    fail("alice", FREE);
    assertThat(attempts.isDelayed("alice", ELSEWHERE)).isFalse();

    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
      fail("alice", 1);
      clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
      assertThat(attempts.isDelayed("alice", ELSEWHERE)).as("%d s", seconds).isTrue();
      clock.advance(Duration.ofMillis(1));
      assertThat(attempts.isDelayed("alice", ELSEWHERE)).as("%d s", seconds).isFalse();
    }
  }

  @Test
  @DisplayName("of one pair of name and source hold up no other pair")
  void pairs() {
    fail("alice", 10);

    assertThat(attempts.isDelayed("alice", HOME)).isFalse();
    assertThat(attempts.isDelayed("bob", ELSEWHERE)).isFalse();
  }

  @Test
  @DisplayName("are counted for a name however it is written")
  void spelling() {
    fail("\u00c9MILE", 3);
    fail("\u00e9mile", 2);
    fail("e\u0301mile", 1);

    assertThat(attempts.isDelayed("\u00c9mile", ELSEWHERE)).isTrue();
  }

  @Test
  @DisplayName("are forgiven by a success, and from there may fail more often")
  void success() {
    fail("alice", FREE);
    attempts.succeeded("alice", ELSEWHERE);

    fail("alice", LoginAttempts.FREE_AFTER_SUCCESS);
    assertThat(attempts.isDelayed("alice", ELSEWHERE)).isFalse();
    fail("alice", 1);
    assertThat(attempts.isDelayed("alice", ELSEWHERE)).isTrue();
  }

  @Test
  @DisplayName("are forgotten after a while")
  void forgotten() {
    fail("alice", 8);
    clock.advance(Duration.ofMinutes(10));

    fail("alice", FREE);
    assertThat(attempts.isDelayed("alice", ELSEWHERE)).isFalse();
  }

  @Test
  @DisplayName("with made-up names take no more memory than is set aside")
  void bounded() {
    fail("alice", 20);
    for (int i = 0; i < 2 * LoginAttempts.PAIRS; i++) {
      attempts.failed("x".repeat(1_000) + i, ELSEWHERE);
      attempts.failed("nobody" + i, ELSEWHERE);
      assertThat(attempts.isDelayed("alice", ELSEWHERE)).isTrue(); // it was asked for meanwhile
    }
    assertThat(attempts.size()).isEqualTo(LoginAttempts.PAIRS);
  }

  /**
   * The price of bounded memory, and what {@code RateLimitMiddleware} is for: whoever doesn't ask
   * for the name meanwhile, and so sends as many requests as there are places, gets it undelayed.
   */
  @Test
  @DisplayName("are forgotten, too, when as many made-up names have failed as can be remembered")
  void forgottenForOthers() {
    fail("alice", 20);
    fail("bob", 20);
    for (int i = 0; i < LoginAttempts.PAIRS - 2; i++) {
      attempts.failed("nobody" + i, ELSEWHERE);
    }
    assertThat(attempts.isDelayed("bob", ELSEWHERE)).isTrue(); // now the one heard of last

    attempts.failed("one more", ELSEWHERE);

    assertThat(attempts.isDelayed("bob", ELSEWHERE)).isTrue();
    assertThat(attempts.isDelayed("alice", ELSEWHERE)).isFalse();
    fail("alice", FREE);
    assertThat(attempts.isDelayed("alice", ELSEWHERE)).as("who begins anew").isFalse();
    fail("alice", 1);
    assertThat(attempts.isDelayed("alice", ELSEWHERE)).isTrue();
  }

  /** What a success has earned is kept apart: strangers can't take it away by failing. */
  @Test
  @DisplayName("of made-up names leave it to who logged in lately to fail more often")
  void earned() {
    attempts.succeeded("alice", ELSEWHERE);
    for (int i = 0; i < 2 * LoginAttempts.PAIRS; i++) {
      attempts.failed("nobody" + i, ELSEWHERE);
    }
    fail("alice", LoginAttempts.FREE_AFTER_SUCCESS);
    assertThat(attempts.isDelayed("alice", ELSEWHERE)).isFalse();
  }

  @Test
  @DisplayName("are held up after as many failures, and for as long, as is said")
  void limits() {
    LoginAttempts strict =
        new LoginAttempts(
            new LoginLimits(1, Duration.ofMillis(100), Duration.ofMillis(300)), clock);
    strict.failed("alice", HOME);
    assertThat(strict.isDelayed("alice", HOME)).isFalse();
    for (int millis : new int[] {100, 200, 300, 300}) {
      strict.failed("alice", HOME);
      clock.advance(Duration.ofMillis(millis - 1));
      assertThat(strict.isDelayed("alice", HOME)).as("%d ms", millis).isTrue();
      clock.advance(Duration.ofMillis(1));
      assertThat(strict.isDelayed("alice", HOME)).as("%d ms", millis).isFalse();
    }
    LoginAttempts longest =
        new LoginAttempts(new LoginLimits(1, Duration.ofMillis(1), Duration.ofDays(365)), clock);
    for (int i = 0; i < 200; i++) { // doubling never overflows
      longest.failed("alice", HOME);
    }
    clock.advance(Duration.ofDays(364));
    assertThat(longest.isDelayed("alice", HOME)).isTrue();
  }

  @Test
  @DisplayName("can't be limited to what would let nobody in, or hold nobody up")
  void mistakes() {
    Duration second = Duration.ofSeconds(1);
    for (Executable wrong :
        List.<Executable>of(
            () -> new LoginLimits(0, second, second),
            () -> new LoginLimits(5, Duration.ZERO, second),
            () -> new LoginLimits(5, second.plusNanos(1), second),
            () -> new LoginLimits(5, second, Duration.ofDays(366)))) {
      assertThatThrownBy(wrong::execute)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("at least a millisecond");
    }
  }

  private void fail(String name, int times) {
    for (int i = 0; i < times; i++) {
      attempts.failed(name, ELSEWHERE);
    }
  }
}
