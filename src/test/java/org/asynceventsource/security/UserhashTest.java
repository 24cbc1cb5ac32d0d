package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Map;
import java.util.stream.Stream;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Where user names may be hashed")
class UserhashTest {

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private DrivenMechanism mechanism =
      DrivenMechanism.of(DrivenMechanism.offering("SHA-256").withUserhash(true));

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "SHA-256-sess", "SHA-512-256"})
  @DisplayName("a client may hash the name, and the caller has the plain one")
  void hashed(String algorithm) throws Exception {
    mechanism = DrivenMechanism.of(DrivenMechanism.offering(algorithm).withUserhash(true));
    DigestClient client = mechanism.challenged();
    String answer = client.answer("GET", "/events");

    assertThat(answer).contains("userhash=true").doesNotContain("admin");
    assertThat(mechanism.send(answer)).isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(mechanism.caller()).isEqualTo("admin");
  }

  @Test
  @DisplayName("a client may send the plain name all the same")
  void plain() throws Exception {
    DigestClient client = mechanism.challenged().with("userhash", "false");

    assertThat(mechanism.send(client.answer("GET", "/events")))
        .isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(mechanism.caller()).isEqualTo("admin");
  }

  @Test
  @DisplayName("the hash of nobody's name is a wrong login, as is a right one without its mark")
  void unknown() throws Exception {
    DigestClient client = mechanism.challenged();

    mechanism.send(client.as("nobody", "secret").answer("GET", "/events"));
    mechanism.response().assertChallenge(false);
    mechanism.send(client.answer("GET", "/events").replace("userhash=true", "userhash=false"));
    mechanism.response().assertChallenge(false);
  }

  @ParameterizedTest
  @CsvSource({"username, admin", "username, 00", "username*, UTF-8''admin"})
  @DisplayName("what is no hash is malformed")
  void malformed(String name, String value) throws Exception {
    Map<String, String> parameters = mechanism.challenged().parameters("GET", "/events", 1);
    parameters.put(name, value);

    mechanism.send(DigestClient.header(parameters));
    mechanism.response().assertRefused(400, "Authorization");
  }

  @Test
  @DisplayName("that has to be said: elsewhere the hash of a name is malformed")
  void unoffered() throws Exception {
    mechanism = DrivenMechanism.of(DrivenMechanism.offering("SHA-256"));
    DigestClient client = mechanism.challenged().with("userhash", "true");

    mechanism.send(client.answer("GET", "/events"));
    mechanism.response().assertRefused(400, "not offered");
  }

  @Test
  @DisplayName("a store may find the user by trying all names")
  void iterating() throws Exception {
    IdentityStore store =
        new IdentityStore() {
          @Override
          public CredentialValidationResult validate(Credential credential) {
            DigestCredential digest = (DigestCredential) credential;
            return Stream.of("bob", "admin")
                .filter(digest::names)
                .filter(name -> digest.verify(hash(name, digest)))
                .map(CredentialValidationResult::new)
                .findFirst()
                .orElse(CredentialValidationResult.INVALID_RESULT);
          }
        };
    mechanism = DrivenMechanism.of(DrivenMechanism.offering("SHA-256").withUserhash(true), store);
    DigestClient client = mechanism.challenged();

    assertThat(mechanism.send(client.answer("GET", "/events")))
        .isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(mechanism.caller()).isEqualTo("admin");
  }

  private static String hash(String name, DigestCredential digest) {
    return DigestHash.generateHash(name, DrivenMechanism.REALM, "secret", digest.algorithm());
  }
}
