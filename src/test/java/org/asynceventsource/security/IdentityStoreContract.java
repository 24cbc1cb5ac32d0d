package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import jakarta.security.enterprise.identitystore.IdentityStore;
import org.asynceventsource.test.DigestClient;
import org.junit.jupiter.api.Test;

/** What every identity store for digest does. */
abstract class IdentityStoreContract {

  static final String REALM = "My app name";

  /** A store with the user admin, whose password in the realm is "secret", for SHA-256 only. */
  abstract IdentityStore store();

  @Test
  void the_right_password_is_valid() {
    DigestCredential credential = credential("admin", "secret", REALM, "SHA-256");
    CredentialValidationResult result = store().validate(credential);
    assertThat(result.getStatus()).isEqualTo(Status.VALID);
    assertThat(result.getCallerPrincipal().getName()).isEqualTo("admin");
  }

  @Test
  void a_wrong_password_is_invalid_and_was_evaluated() {
    DigestCredential credential = credential("admin", "other", REALM, "SHA-256");
    assertThat(store().validate(credential).getStatus()).isEqualTo(Status.INVALID);
    assertThat(credential.evaluated()).isTrue();
  }

  @Test
  void an_unknown_user_is_invalid_whether_the_mechanism_evaluates_or_the_store() {
    for (String name : new String[] {"", "null", "Admin", "admin ", "bob"}) {
      DigestCredential credential = credential(name, "secret", REALM, "SHA-256");
      assertThat(store().validate(credential).getStatus()).isEqualTo(Status.INVALID);
      assertThat(credential.verified()).isFalse();
    }
  }

  @Test
  void another_realm_is_invalid() {
    DigestCredential credential = credential("admin", "secret", "Other", "SHA-256");
    assertThat(store().validate(credential).getStatus()).isEqualTo(Status.INVALID);
  }

  @Test
  void an_algorithm_without_a_hash_is_invalid() {
    DigestCredential credential = credential("admin", "secret", REALM, "MD5");
    assertThat(store().validate(credential).getStatus()).isEqualTo(Status.INVALID);
    assertThat(credential.evaluated()).isFalse();
  }

  @Test
  void credentials_of_another_kind_are_not_validated() {
    assertThat(store().validate(new UsernamePasswordCredential("admin", "secret")).getStatus())
        .isEqualTo(Status.NOT_VALIDATED);
  }

  static DigestCredential credential(String user, String password, String realm, String algorithm) {
    DigestClient client =
        DigestClient.of(user, password, "Digest nonce=\"n\"")
            .with("realm", realm)
            .with("algorithm", algorithm);
    return new DigestCredential(
        DigestResponse.of(
            AuthorizationHeader.of(client.answer("GET", "/")).parameters(),
            OfferedAlgorithm.parse(algorithm).orElseThrow(),
            DigestOptions.of(realm)),
        "GET");
  }
}
