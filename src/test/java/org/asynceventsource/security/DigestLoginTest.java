package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.asynceventsource.spi.Login;
import org.asynceventsource.test.DigestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A stream's user whose account is locked, or whose password was stolen and changed, reads on. */
@DisplayName("A login by digest that is asked again")
class DigestLoginTest {

  private static final String REALM = "eventsource";

  private final Accounts accounts = new Accounts();
  private Login login;

  @BeforeEach
  void logIn() throws Exception {
    DigestAuthenticationMechanism mechanism =
        DigestAuthenticationMechanism.of(DigestOptions.of(REALM), IdentityStores.of(accounts));
    RecordedResponse response = new RecordedResponse();
    validate(mechanism, FakeRequest.get().build(), response);
    DigestClient client = DigestClient.of("alice", "secret", response.challenges().get(0));
    HttpServletRequest request =
        FakeRequest.get().authorization(client.answer("GET", "/events")).build();
    validate(mechanism, request, response);
    login = (Login) request.getAttribute(Login.ATTRIBUTE);
  }

  private static void validate(
      DigestAuthenticationMechanism mechanism,
      HttpServletRequest request,
      RecordedResponse response)
      throws Exception {
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
