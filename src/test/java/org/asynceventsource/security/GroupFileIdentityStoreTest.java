package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.test.FakeClock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A file of groups")
class GroupFileIdentityStoreTest {

  @TempDir private Path folder;

  private final FakeClock clock = new FakeClock();
  private final List<AccessChanged> changes = new ArrayList<>();

  private GroupFileIdentityStore store(String text) throws IOException {
    return GroupFileIdentityStore.of(
        write(text), changes::add, new WatchedFile.Clocks(clock, clock));
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("groups"), text);
  }

  private static Set<String> groups(IdentityStore store, String user) {
    return store.getCallerGroups(new CredentialValidationResult(user, Set.of("other")));
  }

  @Test
  @DisplayName("has a line or more for each group, with its users")
  void format() throws IOException {
    IdentityStore store =
        store("# who\neditors: alice  bob\n\n auditors :alice\neditors:\tjörg\nempty:\n");
    assertThat(groups(store, "alice")).containsExactlyInAnyOrder("editors", "auditors");
    assertThat(groups(store, "bob")).containsExactly("editors");
    assertThat(groups(store, "jörg")).containsExactly("editors");
    assertThat(groups(store, "carol")).isEmpty();
    assertThat(groups(store, "Alice")).isEmpty();
  }

  @Test
  @DisplayName("adds to the groups of users whom another store validates, and validates nobody")
  void chain() throws IOException {
    IdentityStore groups = store("editors: admin");
    assertThat(groups.validationTypes())
        .containsExactly(IdentityStore.ValidationType.PROVIDE_GROUPS);
    DigestIdentity admin =
        DigestIdentity.withPassword(
            "admin", IdentityStoreContract.REALM, "secret", List.of(DigestAlgorithm.SHA_256));
    IdentityStores stores =
        IdentityStores.of(groups, MemoryIdentityStore.of(admin.inGroups(Set.of("staff"))));
    CredentialValidationResult result =
        stores.validate(
            IdentityStoreContract.credential(
                "admin", "secret", IdentityStoreContract.REALM, "SHA-256"));
    assertThat(result.getCallerGroups()).containsExactlyInAnyOrder("editors", "staff");
    assertThat(stores.validate(new UsernamePasswordCredential("admin", "secret")).getStatus())
        .isEqualTo(CredentialValidationResult.Status.NOT_VALIDATED);
  }

  @Test
  @DisplayName("that has changed tells of those whose groups are others")
  void changed() throws IOException {
    IdentityStore store = store("editors: alice bob\nauditors: alice carol");
    write("auditors: alice carol dave\neditors: alice\n");
    clock.advance(WatchedFile.INTERVAL);
    assertThat(groups(store, "dave")).containsExactly("auditors");
    assertThat(groups(store, "bob")).isEmpty();
    assertThat(changes)
        .containsExactlyInAnyOrder(AccessChanged.of("bob"), AccessChanged.of("dave"));
  }

  @Test
  @DisplayName("with lines that aren't understood is refused, with all of them")
  void mistakes() throws IOException {
    Path file = write("editors alice\neditors: alice\n: bob");
    assertThat(
            catchThrowableOfType(
                    ConfigurationException.class,
                    () -> GroupFileIdentityStore.of(file, changes::add))
                .mistakes())
        .containsExactly(
            "file '%s', line 1: the line must be 'group: user user'".formatted(file),
            "file '%s', line 3: the line must be 'group: user user'".formatted(file));
  }
}
