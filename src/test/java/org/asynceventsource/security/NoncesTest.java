package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.asynceventsource.test.DigestClient;
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

  /** Attack on ourselves: a clock that is set back makes every login stale until it caught up. */
  @Test
  void without_a_clock_of_its_own_digest_knows_no_date_that_could_be_set_back() throws Exception {
    RecordedResponse response = new RecordedResponse();
    AuthenticationMiddleware.digest()
        .username("a")
        .password("b")
        .build()
        .doFilter(FakeRequest.get().build(), response.asResponse(), (request, answer) -> {});
    String nonce = DigestClient.of("a", "b", response.challenges().get(0)).nonce();
    long madeAt = ByteBuffer.wrap(Base64.getUrlDecoder().decode(nonce)).getLong();
    assertThat(Duration.ofMillis(madeAt)).isBetween(Duration.ZERO, Duration.ofHours(1));
  }

  @Test
  void time_that_elapses_goes_on_by_itself_and_never_back() {
    ElapsedTime time = new ElapsedTime();
    Instant before = time.instant();
    await().until(() -> time.instant().isAfter(before.plusMillis(1)));
    assertThat(before).isAfterOrEqualTo(Instant.EPOCH);
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
