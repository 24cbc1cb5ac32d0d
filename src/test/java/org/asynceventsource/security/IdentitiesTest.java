package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitiesTest {

  private static final String REALM = "My app name";
  private static final DigestOptions SHA_256 = DigestOptions.of(REALM);
  private static final DigestOptions BOTH =
      SHA_256.withAlgorithms(List.of(DigestAlgorithm.SHA_256, DigestAlgorithm.MD5));

  private final List<String> mistakes = new ArrayList<>();

  private static Identities parse(String users, DigestOptions options, List<String> mistakes) {
    IdentitySettings settings =
        new IdentitySettings(
            users,
            "",
            DataSourceIdentityStore.DEFAULT_QUERY,
            DataSourceIdentityStore.DEFAULT_GROUPS_QUERY);
    return Identities.parse(settings, options, change -> {}, mistakes);
  }

  @Test
  void a_blank_setting_names_nobody() {
    Identities identities = parse(" , ", SHA_256, mistakes);
    assertThat(identities.stores()).isEmpty();
    assertThat(identities.names()).isEmpty();
    assertThat(mistakes).isEmpty();
  }

  @Test
  void passwords_may_have_colons_and_escaped_commas_and_backslashes() {
    Identities identities =
        parse(" admin:a:b , bob:c\\,d\\\\e,eve:{plain}{MD5}", SHA_256, mistakes);
    assertThat(mistakes).isEmpty();
    assertThat(identities.names()).containsExactlyInAnyOrder("admin", "bob", "eve");
    assertLogsIn(identities, "admin", "a:b", "SHA-256");
    assertLogsIn(identities, "bob", "c,d\\e", "SHA-256");
    assertLogsIn(identities, "eve", "{MD5}", "SHA-256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a,b", "\\", "a\\,b\\", ",,", "a\\\\,b:c", "ä€😀"})
  void an_escaped_entry_is_read_back(String password) {
    String setting = Identities.escape("x:" + password) + ',' + Identities.escape("y:" + password);
    Identities identities = parse(setting, SHA_256, mistakes);
    assertThat(mistakes).isEmpty();
    assertLogsIn(identities, "x", password, "SHA-256");
    assertLogsIn(identities, "y", password, "SHA-256");
  }

  @Test
  void a_password_serves_every_algorithm_offered() {
    Identities identities = parse("admin:secret", BOTH, mistakes);
    assertLogsIn(identities, "admin", "secret", "SHA-256");
    assertLogsIn(identities, "admin", "secret", "MD5");
  }

  @Test
  void a_user_may_have_a_hash_per_algorithm() {
    String setting =
        "admin:{SHA-256}%s,admin:{MD5}%s"
            .formatted(hash(DigestAlgorithm.SHA_256), hash(DigestAlgorithm.MD5));
    Identities identities = parse(setting, BOTH, mistakes);
    assertThat(mistakes).isEmpty();
    assertLogsIn(identities, "admin", "secret", "SHA-256");
    assertLogsIn(identities, "admin", "secret", "MD5");
  }

  @Test
  void a_file_may_stand_beside_users(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("users,1");
    Files.writeString(
        file, DigestHash.generateLine("admin", REALM, "secret", DigestAlgorithm.SHA_256));
    Identities identities =
        parse("bob:pass," + Identities.escape("file:" + file), SHA_256, mistakes);
    assertThat(mistakes).isEmpty();
    assertThat(identities.names()).containsExactlyInAnyOrder("admin", "bob");
    assertLogsIn(identities, "admin", "secret", "SHA-256");
    assertLogsIn(identities, "bob", "pass", "SHA-256");
  }

  @Test
  void a_user_in_file_and_setting_would_have_two_passwords(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("users");
    Files.writeString(
        file, DigestHash.generateLine("admin", REALM, "secret", DigestAlgorithm.SHA_256));
    parse("admin:other,file:" + file, SHA_256, mistakes);
    assertThat(mistakes)
        .containsExactly(
            "setting 'eventsource.users': a user appears here and in another entry or file; remove"
                + " one of them");
  }

  /** Attack: a start-up log that repeats a misread setting holds the password. */
  @Test
  void every_mistake_is_listed_and_none_shows_what_was_misread() {
    parse(
        "hunter2,:hunter2,admin:,a:hunter2,a:hunter2,b:{SHA-256}hunter2,file:/hunter2\0,"
            + "c:{MD5}"
            + hash(DigestAlgorithm.MD5),
        SHA_256,
        mistakes);
    assertThat(mistakes).hasSize(7);
    assertThat(mistakes).allMatch(mistake -> mistake.startsWith("setting 'eventsource.users'"));
    assertThat(mistakes).noneMatch(mistake -> mistake.contains("hunter2"));
    assertThat(mistakes.get(0)).contains("entry 1: it lacks a colon", "'\\,' for a comma");
    assertThat(mistakes.get(1)).contains("entry 2: the user name is empty");
    assertThat(mistakes.get(2)).contains("entry 3: the password is empty");
    assertThat(mistakes.get(3)).contains("entry 5: a user appears here and in another");
    assertThat(mistakes.get(4)).contains("entry 6: the hash must be");
    assertThat(mistakes.get(5)).contains("entry 7: it is no path");
    assertThat(mistakes.get(6)).contains("user 'c' has a hash for MD5 only");
  }

  @Test
  void what_is_wrong_with_a_file_names_the_entry() {
    parse("file:/does/not/exist", SHA_256, mistakes);
    assertThat(mistakes)
        .containsExactly(
            "setting 'eventsource.users', entry 1: file '/does/not/exist' doesn't exist; create it"
                + " or name another");
  }

  private static void assertLogsIn(
      Identities identities, String user, String password, String algorithm) {
    DigestCredential credential =
        IdentityStoreContract.credential(user, password, REALM, algorithm);
    assertThat(IdentityStores.of(identities.stores()).validate(credential).getStatus())
        .as(user)
        .isEqualTo(Status.VALID);
  }

  private static String hash(DigestAlgorithm algorithm) {
    return DigestHash.generateHash("admin", REALM, "secret", algorithm);
  }
}
