package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.List;
import java.util.Set;
import org.asynceventsource.ConfigurationException;
import org.junit.jupiter.api.Test;

class MemoryIdentityStoreTest extends IdentityStoreContract {

  private static final List<DigestAlgorithm> SHA_256 = List.of(DigestAlgorithm.SHA_256);

  @Override
  IdentityStore store() {
    return MemoryIdentityStore.of(DigestIdentity.withPassword("admin", REALM, "secret", SHA_256));
  }

  /** Attack: the time of fetching a hash, or of not fetching any, tells who is a user. */
  @Test
  void for_an_unknown_user_a_hash_is_fetched_and_verified_too() {
    DigestCredential credential = credential("bob", "secret", REALM, "SHA-256");
    assertThat(store().validate(credential).getStatus()).isEqualTo(Status.INVALID);
    assertThat(credential.evaluated()).isTrue();
  }

  @Test
  void groups_come_with_the_user() {
    IdentityStore store =
        MemoryIdentityStore.of(
            DigestIdentity.withPassword("admin", REALM, "secret", SHA_256)
                .inGroups(Set.of("a", "b")));
    assertThat(store.validate(credential("admin", "secret", REALM, "SHA-256")).getCallerGroups())
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void a_hash_does_as_well_as_a_password() {
    String hash = DigestHash.generateHash("admin", REALM, "secret", DigestAlgorithm.SHA_256);
    IdentityStore store = MemoryIdentityStore.of(DigestIdentity.withHash("admin", REALM, hash));
    assertThat(store.validate(credential("admin", "secret", REALM, "SHA-256")).getCallerGroups())
        .isEmpty();
  }

  @Test
  void a_hash_belongs_to_its_algorithm_also_where_another_makes_as_many_digits() {
    String hash = DigestHash.generateHash("admin", REALM, "secret", DigestAlgorithm.SHA_512_256);
    IdentityStore tagged =
        MemoryIdentityStore.of(DigestIdentity.withHash("admin", REALM, "{SHA-512-256}" + hash));
    IdentityStore untagged = MemoryIdentityStore.of(DigestIdentity.withHash("admin", REALM, hash));
    for (String algorithm : new String[] {"SHA-512-256", "SHA-512-256-sess"}) {
      DigestCredential credential = credential("admin", "secret", REALM, algorithm);
      assertThat(untagged.validate(credential).getStatus()).isEqualTo(Status.INVALID);
      assertThat(tagged.validate(credential).getStatus()).isEqualTo(Status.VALID);
    }
    DigestCredential other = credential("admin", "secret", REALM, "SHA-256");
    assertThat(tagged.validate(other).getStatus()).isEqualTo(Status.INVALID);
  }

  @Test
  void a_user_may_appear_in_several_realms_but_once_in_each() {
    DigestIdentity admin = DigestIdentity.withPassword("admin", REALM, "secret", SHA_256);
    MemoryIdentityStore.of(admin, DigestIdentity.withPassword("admin", "Other", "s", SHA_256));
    assertThatThrownBy(() -> MemoryIdentityStore.of(admin, admin))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("user 'admin' appears twice");
  }

  @Test
  void users_that_could_never_log_in_are_refused() {
    assertThatThrownBy(() -> DigestIdentity.withPassword("a:b", REALM, "secret", SHA_256))
        .hasMessageContaining("colon");
    assertThatThrownBy(() -> DigestIdentity.withPassword("", REALM, "secret", SHA_256))
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> DigestIdentity.withPassword("admin", REALM, "", SHA_256))
        .hasMessageContaining("password is empty");
    assertThatThrownBy(() -> DigestIdentity.withPassword("admin", "a\"b", "secret", SHA_256))
        .hasMessageContaining("realm");
    assertThatThrownBy(() -> DigestIdentity.withHash("admin", REALM, "secret"))
        .hasMessageContaining("hash")
        .hasMessageNotContaining("'secret'");
  }

  @Test
  void a_description_shows_no_hash() {
    assertThat(DigestIdentity.withPassword("admin", REALM, "secret", SHA_256))
        .hasToString("DigestIdentity[name=admin, realm=My app name, groups=[]]");
    assertThat(StoredHash.parse("{MD5}8ca523f5e9506fed4657c9700eebdbec").orElseThrow())
        .hasToString("StoredHash[algorithm=MD5]");
  }
}
