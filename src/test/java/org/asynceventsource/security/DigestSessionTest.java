package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.security.enterprise.AuthenticationStatus;
import org.asynceventsource.spi.Login;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("In a session, that is with an algorithm in -sess,")
class DigestSessionTest {

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private final DrivenMechanism mechanism =
      DrivenMechanism.of(DrivenMechanism.offering("SHA-256-sess"));

  private void assertPasses(String answer, boolean passes) throws Exception {
    assertThat(mechanism.send(answer) == AuthenticationStatus.SUCCESS).isEqualTo(passes);
  }

  /** Chromium does, and curl for each transfer. */
  @Test
  @DisplayName("a client may begin anew with each request")
  void anew() throws Exception {
    DigestClient client = mechanism.challenged();

    assertPasses(client.withCnonce("one", "one").answer("GET", "/events", 1), true);
    assertPasses(client.withCnonce("two", "two").answer("GET", "/events", 2), true);
  }

  /** As RFC 7616 §3.4.2 says it. */
  @Test
  @DisplayName("a client may go on with the cnonce of its first request")
  void first() throws Exception {
    DigestClient client = mechanism.challenged();

    assertPasses(client.withCnonce("one", "one").answer("GET", "/events", 1), true);
    assertPasses(client.withCnonce("two", "one").answer("GET", "/events", 2), true);
    DigestClient third = client.withCnonce("three", "one");
    assertPasses(third.answer("GET", "/events", 3), true);
    assertThat(mechanism.response().values("Authentication-Info").get(0))
        .contains(third.proof("/events", 3));
  }

  /** Else whoever goes by the letter of RFC 7616 would have to ask for the password again. */
  @Test
  @DisplayName("a client that goes on with its first cnonce is told that only its nonce is too old")
  void expired() throws Exception {
    DigestClient client = mechanism.challenged();
    assertPasses(client.withCnonce("one", "one").answer("GET", "/events", 1), true);
    assertPasses(client.withCnonce("two", "one").answer("GET", "/events", 2), true);

    mechanism.advance(DigestOptions.of(DrivenMechanism.REALM).nonceLifetime().plusMillis(1));

    assertPasses(client.withCnonce("three", "one").answer("GET", "/events", 3), false);
    mechanism.response().assertChallenge(true);
    DigestClient fresh =
        DigestClient.of("admin", "secret", mechanism.response().challenges().get(0));
    assertPasses(fresh.withCnonce("four", "four").answer("GET", "/events", 1), true);
    assertPasses(fresh.withCnonce("five", "four").answer("GET", "/events", 2), true);
  }

  /** The guess is as wrong as before, however old the nonce is. */
  @Test
  @DisplayName("a wrong digest isn't told from another when the nonce is too old")
  void expiredGuess() throws Exception {
    DigestClient client = mechanism.challenged();
    assertPasses(client.withCnonce("one", "one").answer("GET", "/events", 1), true);

    mechanism.advance(DigestOptions.of(DrivenMechanism.REALM).nonceLifetime().plusMillis(1));

    DigestClient attacker = client.as("admin", "guess").withCnonce("two", "one");
    assertPasses(attacker.answer("GET", "/events", 2), false);
    mechanism.response().assertChallenge(false);
  }

  @Test
  @DisplayName("a login can be asked again, whichever cnonce it was made with")
  void again() throws Exception {
    DigestClient client = mechanism.challenged();

    for (int count = 1; count <= 2; count++) {
      String cnonce = "cnonce " + count;
      DigestClient request = client.withCnonce(cnonce, "cnonce 1");
      assertPasses(request.answer("GET", "/events", count), true);
      Login login = (Login) mechanism.request().getAttribute(Login.ATTRIBUTE);
      assertThat(login.holds()).as(cnonce).isTrue();
    }
  }

  /** Attack: a guess with somebody's nonce decides how their session has begun. */
  @Test
  @DisplayName("only a right digest begins it, and only the first")
  void guess() throws Exception {
    DigestClient client = mechanism.challenged();
    DigestClient attacker = client.as("admin", "guess");

    assertPasses(attacker.withCnonce("zero", "zero").answer("GET", "/events", 1), false);
    assertPasses(client.withCnonce("two", "zero").answer("GET", "/events", 1), false);
    assertPasses(client.withCnonce("one", "one").answer("GET", "/events", 1), true);
    assertPasses(client.withCnonce("two", "two").answer("GET", "/events", 2), true);
    assertPasses(client.withCnonce("three", "one").answer("GET", "/events", 3), true);
    assertPasses(client.withCnonce("four", "two").answer("GET", "/events", 4), false);
  }

  /** Attack: memory is filled with what clients make up. */
  @Test
  @DisplayName("a cnonce beyond all measure isn't remembered")
  void longCnonce() throws Exception {
    DigestClient client = mechanism.challenged();
    String most = "c".repeat(256);

    assertPasses(client.withCnonce(most + 'c', most + 'c').answer("GET", "/events", 1), true);
    assertPasses(client.withCnonce("two", most + 'c').answer("GET", "/events", 2), false);
    assertPasses(client.withCnonce(most, most).answer("GET", "/events", 2), true);
    assertPasses(client.withCnonce("two", most).answer("GET", "/events", 3), true);
  }

  /** Attack: the session's hash is taken for the plain one, which an eavesdropper can't tell. */
  @Test
  @DisplayName("a digest without one is wrong")
  void downgrade() throws Exception {
    DigestClient client = mechanism.challenged();
    String plain = client.with("algorithm", "SHA-256").answer("GET", "/events", 1);

    assertPasses(plain.replace("algorithm=SHA-256", "algorithm=SHA-256-sess"), false);
    assertPasses(plain, false);
    mechanism.response().assertChallenge(false);
  }
}
