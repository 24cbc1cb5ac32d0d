package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.asynceventsource.test.FakeClock;
import org.junit.jupiter.api.Test;

class NoncesTest {

  private final FakeClock clock = new FakeClock();
  private final Nonces nonces = new Nonces(new SecureRandom(), clock, Duration.ofMinutes(5));

  @Test
  void a_nonce_is_recognised_until_its_lifetime_ends() {
    String nonce = nonces.create();
    assertThat(nonces.recognise(nonce)).isPresent();
    clock.advance(Duration.ofMinutes(5));
    assertThat(nonces.recognise(nonce)).isPresent();
    clock.advance(Duration.ofMillis(1));
    assertThat(nonces.recognise(nonce)).isEmpty();
  }

  @Test
  void a_nonce_from_the_future_is_not_recognised_so_that_a_clock_set_back_prolongs_none() {
    String nonce = nonces.create();
    clock.advance(Duration.ofMillis(-1));
    assertThat(nonces.recognise(nonce)).isEmpty();
  }

  @Test
  void a_nonce_of_another_incarnation_is_not_recognised() {
    Nonces other = new Nonces(new SecureRandom(), clock, Duration.ofMinutes(5));
    assertThat(nonces.recognise(other.create())).isEmpty();
  }

  @Test
  void nonces_are_tokens_and_never_repeat() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      String nonce = nonces.create();
      assertThat(nonce).matches("[A-Za-z0-9_-]{75}");
      assertThat(seen.add(nonce)).isTrue();
    }
  }

  /** Attack: a nonce is forged by changing one made here, its time above all. */
  @Test
  void a_nonce_changed_anywhere_is_not_recognised() {
    String nonce = nonces.create();
    for (int i = 0; i < nonce.length() - 1; i++) {
      char changed = nonce.charAt(i) == 'A' ? 'B' : 'A';
      assertThat(nonces.recognise(nonce.substring(0, i) + changed + nonce.substring(i + 1)))
          .as("changed at " + i)
          .isEmpty();
    }
    assertThat(nonces.recognise("")).isEmpty();
    assertThat(nonces.recognise("no base64!")).isEmpty();
    assertThat(nonces.recognise(nonce.substring(4))).isEmpty();
    assertThat(nonces.recognise(nonce + "AAAA")).isEmpty();
  }

  /** Attack: base64 leaves bits unused, so that one nonce has several spellings to replay with. */
  @Test
  void every_spelling_of_a_nonce_is_the_same_nonce() {
    String nonce = nonces.create();
    char last = nonce.charAt(nonce.length() - 1);
    String respelled = nonce.substring(0, nonce.length() - 1) + (char) (last + 1);
    assertThat(nonces.recognise(respelled)).isPresent().isEqualTo(nonces.recognise(nonce));
  }
}
