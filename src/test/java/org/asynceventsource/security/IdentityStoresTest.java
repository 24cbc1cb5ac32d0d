package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Jakarta Security 3.0 §3.2: the order in which identity stores are asked. */
class IdentityStoresTest {

  private static final Credential ANY = new UsernamePasswordCredential("admin", "secret");

  private final List<String> asked = new ArrayList<>();

  @Test
  void the_first_store_by_priority_that_validates_decides() {
    IdentityStores stores =
        IdentityStores.of(
            new Store("late", 300, valid("late")),
            new Store("none", 100, CredentialValidationResult.NOT_VALIDATED_RESULT),
            new Store("invalid", 150, CredentialValidationResult.INVALID_RESULT),
            new Store("right", 200, valid("right")));
    assertThat(stores.validate(ANY).getCallerGroups()).containsExactly("right");
    assertThat(asked).containsExactly("none", "invalid", "right");
  }

  @Test
  void invalid_outweighs_not_validated() {
    IdentityStores stores =
        IdentityStores.of(
            new Store("invalid", 1, CredentialValidationResult.INVALID_RESULT),
            new Store("none", 2, CredentialValidationResult.NOT_VALIDATED_RESULT));
    assertThat(stores.validate(ANY).getStatus()).isEqualTo(Status.INVALID);
  }

  @Test
  void without_stores_nobody_is_valid() {
    assertThat(IdentityStores.of().validate(ANY).getStatus()).isEqualTo(Status.NOT_VALIDATED);
  }

  @Test
  void stores_that_only_provide_groups_add_theirs_and_validate_nobody() {
    IdentityStores stores =
        IdentityStores.of(
            new Store("groups", 1, valid("x"), IdentityStore.ValidationType.PROVIDE_GROUPS),
            new Store("right", 2, valid("right")));
    assertThat(stores.validate(ANY).getCallerGroups())
        .containsExactlyInAnyOrder("right", "of groups");
    assertThat(asked).containsExactly("right");
  }

  @Test
  void the_groups_of_a_store_that_only_validates_are_dropped() {
    IdentityStores stores =
        IdentityStores.of(new Store("right", 1, valid("x"), IdentityStore.ValidationType.VALIDATE));
    assertThat(stores.validate(ANY).getStatus()).isEqualTo(Status.VALID);
    assertThat(stores.validate(ANY).getCallerGroups()).isEmpty();
  }

  @Test
  void a_store_without_an_answer_is_an_error_and_no_login() {
    IdentityStores stores = IdentityStores.of(new Store("broken", 1, null));
    assertThatThrownBy(() -> stores.validate(ANY)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void a_store_that_is_away_shuts_out_nobody_whom_another_knows() {
    IdentityStore away = new Away();
    assertThat(IdentityStores.of(away, new Store("right", 200, valid("right"))).validate(ANY))
        .returns(Status.VALID, CredentialValidationResult::getStatus);
    for (CredentialValidationResult other :
        List.of(
            CredentialValidationResult.INVALID_RESULT,
            CredentialValidationResult.NOT_VALIDATED_RESULT)) {
      IdentityStores stores = IdentityStores.of(away, new Store("other", 200, other));
      assertThatThrownBy(() -> stores.validate(ANY))
          .isInstanceOf(IdentitiesUnavailableException.class);
    }
  }

  @Test
  void a_store_that_knows_passwords_alone_is_asked_with_what_it_knows() {
    Credential sent = new BasicCredential("admin", "My app name", "secret");
    for (IdentityStore store : List.of(new ByMethod(), new ByInstance())) {
      assertThat(IdentityStores.of(store).validate(sent).getStatus()).isEqualTo(Status.VALID);
    }
    assertThat(
            IdentityStores.of(new ByMethod())
                .validate(new BasicCredential("admin", "My app name", "wrong"))
                .getStatus())
        .isEqualTo(Status.INVALID);
  }

  /** As Jakarta Security's documentation has it. */
  public static class ByMethod implements IdentityStore {

    public CredentialValidationResult validate(UsernamePasswordCredential credential) {
      return credential.compareTo("admin", "secret")
          ? new CredentialValidationResult("admin")
          : CredentialValidationResult.INVALID_RESULT;
    }
  }

  private static final class ByInstance implements IdentityStore {

    @Override
    public CredentialValidationResult validate(Credential credential) {
      return credential instanceof UsernamePasswordCredential password
              && password.compareTo("admin", "secret")
          ? new CredentialValidationResult("admin")
          : CredentialValidationResult.NOT_VALIDATED_RESULT;
    }
  }

  private static final class Away implements IdentityStore {

    @Override
    public CredentialValidationResult validate(Credential credential) {
      throw new IdentitiesUnavailableException("gone fishing");
    }
  }

  private static CredentialValidationResult valid(String group) {
    return new CredentialValidationResult("admin", Set.of(group));
  }

  private final class Store implements IdentityStore {

    private final String name;
    private final int priority;
    private final CredentialValidationResult result;
    private final Set<ValidationType> types;

    Store(String name, int priority, CredentialValidationResult result, ValidationType... types) {
      this.name = name;
      this.priority = priority;
      this.result = result;
      this.types =
          types.length == 0 ? EnumSet.allOf(ValidationType.class) : EnumSet.of(types[0], types);
    }

    @Override
    public CredentialValidationResult validate(Credential credential) {
      asked.add(name);
      return result;
    }

    @Override
    public Set<String> getCallerGroups(CredentialValidationResult validated) {
      return Set.of("of " + name);
    }

    @Override
    public int priority() {
      return priority;
    }

    @Override
    public Set<ValidationType> validationTypes() {
      return types;
    }
  }
}
