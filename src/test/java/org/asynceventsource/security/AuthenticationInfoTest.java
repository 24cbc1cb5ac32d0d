package org.asynceventsource.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.security.enterprise.AuthenticationStatus;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The answer to a right digest")
class AuthenticationInfoTest {

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private static final Pattern NEXT_NONCE = Pattern.compile("nextnonce=\"([\\w-]{75})\"");
  private static final Duration HALF = Duration.ofSeconds(150);

  private DrivenMechanism mechanism = DrivenMechanism.of(DrivenMechanism.offering("SHA-256"));

  @ParameterizedTest
  @ValueSource(
      strings = {"MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"})
  @DisplayName("proves that the server knows the password's hash too")
  void proof(String algorithm) throws Exception {
    mechanism = DrivenMechanism.of(DrivenMechanism.offering(algorithm));
    DigestClient client = mechanism.challenged();
    mechanism.send(client.answer("GET", "/events"));

    assertThat(info())
        .contains(
            "rspauth=\"%s\", qop=auth, nc=00000001, cnonce=\"c0ffee\""
                .formatted(client.proof("/events", 1)));
  }

  @Test
  @DisplayName("is the only one that does")
  void refusals() throws Exception {
    DigestClient client = mechanism.challenged();
    assertThat(info()).isEmpty();
    String answer = client.answer("GET", "/events");
    for (String refused :
        new String[] {client.as("admin", "guess").answer("GET", "/events"), answer, answer, "x"}) {
      boolean right = mechanism.send(refused) == AuthenticationStatus.SUCCESS;
      assertThat(info().isPresent()).isEqualTo(right);
    }
    mechanism.send(client.withNonce("foreign").answer("GET", "/events"));
    mechanism.response().assertChallenge(true);
    assertThat(info()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"a\"b, a\\\"b", "a\\b, a\\\\b", "~ !, ~ !"})
  @DisplayName("sends back what the client made up, with its quotes escaped")
  void escapes(String cnonce, String written) throws Exception {
    DigestClient client = mechanism.challenged().withCnonce(cnonce, cnonce);
    assertThat(mechanism.send(client.answer("GET", "/events")))
        .isEqualTo(AuthenticationStatus.SUCCESS);

    assertThat(info().orElseThrow()).endsWith("cnonce=\"" + written + '"');
  }

  /** Attack: a client is made to send what becomes a header field of the answer. */
  @ParameterizedTest
  @ValueSource(ints = {257, 0xE9, 0x20AC})
  @DisplayName("sends back nothing that is long or not ASCII, and then proves nothing")
  void unfit(int lengthOrLetter) throws Exception {
    String cnonce = lengthOrLetter == 257 ? "c".repeat(257) : String.valueOf((char) lengthOrLetter);
    String answer = mechanism.challenged().withCnonce(cnonce, cnonce).answer("GET", "/events");

    assertThat(mechanism.send(new String(answer.getBytes(UTF_8), ISO_8859_1)))
        .isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(info()).isEmpty();
  }

  @Test
  @DisplayName("has the count in the very digits that were sent")
  void count() {
    Map<String, String> parameters =
        AuthorizationHeader.of(
                "Digest username=a, realm=r, nonce=n, uri=\"/\", qop=auth, nc=0000000A, cnonce=c,"
                    + " response="
                    + "0".repeat(32))
            .parameters();
    DigestResponse answer =
        DigestResponse.of(
            parameters, OfferedAlgorithm.of(DigestAlgorithm.MD5), DigestOptions.of("r"));

    assertThat(AuthenticationInfo.of(answer, Optional.of("f"), Optional.of("next")))
        .contains("rspauth=\"f\", qop=auth, nc=0000000A, cnonce=\"c\", nextnonce=\"next\"");
    assertThat(answer.count()).isEqualTo(10);
  }

  @Test
  @DisplayName("names another nonce once the present one is past the half of its life")
  void nextNonce() throws Exception {
    DigestClient client = mechanism.challenged();
    mechanism.advance(HALF);
    mechanism.send(client.answer("GET", "/events"));
    assertThat(offered()).isEmpty();

    mechanism.advance(Duration.ofMillis(1));
    mechanism.send(client.answer("GET", "/events"));
    DigestClient next = client.withNonce(offered().orElseThrow());
    assertThat(mechanism.send(next.answer("GET", "/events")))
        .isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(offered()).isEmpty();
    assertThat(mechanism.send(client.answer("GET", "/events")))
        .as("those on their way may still use the one before")
        .isEqualTo(AuthenticationStatus.SUCCESS);
  }

  @Test
  @DisplayName("names another nonce while there are still counts for the present one")
  void counts() throws Exception {
    DigestClient client = mechanism.challenged();
    mechanism.send(client.answer("GET", "/events", 1L << 31));
    assertThat(offered()).isEmpty();
    mechanism.send(client.answer("GET", "/events", (1L << 31) + 1));
    assertThat(offered()).isPresent();
  }

  @Test
  @DisplayName("names no other nonce in a session, which can't go on with one")
  void sessions() throws Exception {
    mechanism = DrivenMechanism.of(DrivenMechanism.offering("SHA-256-sess"));
    DigestClient client = mechanism.challenged();
    mechanism.advance(HALF.plusMillis(1));
    mechanism.send(client.answer("GET", "/events", 0xffff_ffffL));

    assertThat(info()).isPresent();
    assertThat(offered()).isEmpty();
  }

  private Optional<String> info() {
    return mechanism.response().values("Authentication-Info").stream().findFirst();
  }

  private Optional<String> offered() {
    Matcher next = NEXT_NONCE.matcher(info().orElseThrow());
    return next.find() ? Optional.of(next.group(1)) : Optional.empty();
  }
}
