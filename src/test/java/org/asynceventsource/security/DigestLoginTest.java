package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.asynceventsource.spi.Login;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.FakeClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A stream's user whose account is locked, or whose password was stolen and changed, reads on. */
@DisplayName("A login by digest that is asked again")
class DigestLoginTest {

  private static final String REALM = "eventsource";

  private final Accounts accounts = new Accounts();
  private final FakeClock clock = new FakeClock();
  private final DigestAuthenticationMechanism mechanism =
      DigestAuthenticationMechanism.of(DigestOptions.of(REALM), IdentityStores.of(accounts), clock);
  private DigestClient client;
  private Login login;

  @BeforeEach
  void logIn() throws Exception {
    client = challenged();
    login = (Login) answer().getAttribute(Login.ATTRIBUTE);
  }

  private DigestClient challenged() throws Exception {
    RecordedResponse response = new RecordedResponse();
    validate(FakeRequest.get().build(), response);
    return DigestClient.of("alice", "secret", response.challenges().get(0));
  }

  private HttpServletRequest answer() throws Exception {
    return answer(new RecordedResponse());
  }

  private HttpServletRequest answer(RecordedResponse response) throws Exception {
    HttpServletRequest request =
        FakeRequest.get().authorization(client.answer("GET", "/events")).build();
    validate(request, response);
    return request;
  }

  private void validate(HttpServletRequest request, RecordedResponse response) throws Exception {
    mechanism.validateRequest(
        request,
        response.asResponse(),
        new FilterMessageContext(request, response.asResponse(), true, "no"));
  }

  @Test
  @DisplayName("holds as long as nothing has changed")
  void holds() {
    assertThat(login.holds()).isTrue();
    assertThat(login.holds()).isTrue();
    assertThat(login.expiresAt()).isEmpty();
  }

  @Test
  @DisplayName("no longer holds with another password")
  void otherPassword() {
    accounts.password = "changed";
    assertThat(login.holds()).isFalse();
  }

  @Test
  @DisplayName("no longer holds in other groups")
  void otherGroups() {
    accounts.groups = Set.of("traders", "auditors");
    assertThat(login.holds()).isFalse();
  }

  @Test
  @DisplayName("no longer holds if the account is gone or locked")
  void locked() {
    accounts.locked = true;
    assertThat(login.holds()).isFalse();
  }

  @Test
  @DisplayName("no longer holds once the user has logged out anywhere in the application")
  void loggedOut() {
    logOut();
    assertThat(login.holds()).isFalse();
  }

  private static void logOut() {
    LogOutListeners.of(FakeRequest.APPLICATION).loggedOut(Optional.of("alice"));
  }

  private void assertAskedAgain() throws Exception {
    RecordedResponse response = new RecordedResponse();
    assertThat(answer(response).getAttribute(Login.ATTRIBUTE)).isNull();
    assertThat(response.challenges().get(0)).doesNotContain("stale=true");
  }

  @Test
  @DisplayName(
      "and has ended can't be repeated with what the client remembers, until it is forgotten")
  void ended() throws Exception {
    logOut();

    assertAskedAgain();
    clock.advance(Duration.ofHours(23)); // the nonce has expired long ago
    assertAskedAgain();

    clock.advance(Duration.ofHours(1));
    RecordedResponse response = new RecordedResponse();
    answer(response);
    assertThat(response.challenges().get(0)).contains("stale=true");
  }

  @Test
  @DisplayName("and has ended can't be repeated with another process's nonce either")
  void foreignNonce() throws Exception {
    client = client.withNonce("A".repeat(75));
    RecordedResponse response = new RecordedResponse();
    answer(response);
    assertThat(response.challenges().get(0)).contains("stale=true");

    logOut();

    assertAskedAgain();
  }

  @Test
  @DisplayName("and has ended can be made anew, by whoever types in the password")
  void anew() throws Exception {
    logOut();
    clock.advance(Duration.ofMillis(1));

    client = challenged();

    assertThat(answer().getAttribute(Login.ATTRIBUTE)).isNotNull();
  }

  private static final class Accounts implements IdentityStore {

    private String password = "secret";
    private Set<String> groups = Set.of("traders");
    private boolean locked;

    @Override
    public CredentialValidationResult validate(Credential credential) {
      DigestCredential digest = (DigestCredential) credential;
      String hash = DigestHash.generateHash("alice", REALM, password, digest.algorithm());
      return digest.verify(hash) && !locked
          ? new CredentialValidationResult("alice", groups)
          : CredentialValidationResult.INVALID_RESULT;
    }
  }
}
