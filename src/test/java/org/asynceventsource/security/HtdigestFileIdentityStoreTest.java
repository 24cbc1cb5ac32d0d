package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.test.FakeClock;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class HtdigestFileIdentityStoreTest extends IdentityStoreContract {

  // What Apache's htdigest writes for "secret", and SHA-256 of the same.
  private static final String MD5_LINE = "admin:My app name:" + hash(DigestAlgorithm.MD5);
  private static final String SHA_LINE = "admin:My app name:" + hash(DigestAlgorithm.SHA_256);
  private static final String TAGGED_LINE =
      "admin:My app name:{SHA-256}" + hash(DigestAlgorithm.SHA_256);

  private static final DigestOptions SHA_256 = DigestOptions.of(REALM);
  private static final DigestOptions MD5 = SHA_256.withAlgorithms(List.of(DigestAlgorithm.MD5));
  private static final DigestOptions BOTH =
      SHA_256.withAlgorithms(List.of(DigestAlgorithm.MD5, DigestAlgorithm.SHA_256));

  @TempDir private Path folder;
  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  @Override
  IdentityStore store() {
    return HtdigestFileIdentityStore.of(file(TAGGED_LINE), SHA_256);
  }

  @Test
  void comments_empty_lines_and_other_realms_are_skipped() {
    Path file = file("# who\n\n" + SHA_LINE + "\r\nbob:Other:nonsense\n  \n");
    assertThat(HtdigestFileIdentityStore.of(file, SHA_256).names()).containsExactly("admin");
  }

  @Test
  void a_file_made_by_htdigest_serves_where_md5_alone_is_offered() {
    IdentityStore store = HtdigestFileIdentityStore.of(file(MD5_LINE), MD5);
    assertThat(store.validate(credential("admin", "secret", REALM, "MD5")).getStatus())
        .isEqualTo(Status.VALID);
  }

  @Test
  void a_user_has_a_line_per_algorithm() {
    IdentityStore store = HtdigestFileIdentityStore.of(file(MD5_LINE + "\n" + SHA_LINE), BOTH);
    for (String algorithm : new String[] {"MD5", "SHA-256"}) {
      assertThat(store.validate(credential("admin", "secret", REALM, algorithm)).getStatus())
          .isEqualTo(Status.VALID);
    }
  }

  @Test
  void a_hash_that_is_not_offered_does_no_harm() {
    Path file = file(MD5_LINE + "\n" + SHA_LINE);
    assertThat(HtdigestFileIdentityStore.of(file, SHA_256).names()).containsExactly("admin");
  }

  @Test
  void a_file_with_md5_only_is_a_clear_mistake_where_md5_is_off() {
    assertThat(mistakes(file(MD5_LINE), SHA_256))
        .singleElement()
        .asString()
        .contains(
            "user 'admin' has a hash for MD5 only, but SHA-256 is offered",
            "'eventsource.digest.algorithms'")
        .doesNotContain(hash(DigestAlgorithm.MD5));
  }

  /** Without this a browser chooses SHA-256 and is refused with the right password. */
  @Test
  void a_user_who_lacks_an_algorithm_that_clients_may_choose_is_a_mistake() {
    assertThat(mistakes(file(MD5_LINE), BOTH))
        .singleElement()
        .asString()
        .contains("has a hash for MD5 only, but SHA-256, MD5 is offered");
  }

  @Test
  void every_mistake_is_listed_with_its_line_and_no_hash() {
    Path file =
        file(
            SHA_LINE
                + "\nnonsense\nbob:My app name:0123456789\n:My app name:"
                + hash(DigestAlgorithm.MD5)
                + "\n"
                + TAGGED_LINE
                + "\neve:My app name:{SHA-512}"
                + hash(DigestAlgorithm.SHA_256));
    assertThat(mistakes(file, SHA_256)).hasSize(5);
    assertThat(mistakes(file, SHA_256).get(0)).contains("line 2: ", "user:realm:hash");
    assertThat(mistakes(file, SHA_256).get(1)).contains("line 3: ", "64 hexadecimal digits");
    assertThat(mistakes(file, SHA_256).get(2)).contains("line 4: ", "user name is empty");
    assertThat(mistakes(file, SHA_256).get(3)).contains("line 5: ", "user 'admin' already has");
    assertThat(mistakes(file, SHA_256).get(4)).contains("line 6: ", "{SHA-256}");
    assertThat(mistakes(file, SHA_256)).noneMatch(m -> m.contains("0123456789"));
  }

  @Test
  void a_missing_file_and_one_without_users_are_mistakes() {
    assertThat(mistakes(folder.resolve("none"), SHA_256))
        .singleElement()
        .asString()
        .contains("doesn't exist");
    assertThat(mistakes(folder, SHA_256)).singleElement().asString().contains("can't be read");
    assertThat(mistakes(file("bob:Other:x"), SHA_256))
        .singleElement()
        .asString()
        .contains("has no user of the realm 'My app name'");
  }

  @Test
  void a_file_that_is_not_utf_8_is_a_mistake() throws IOException {
    Path file = folder.resolve("latin");
    Files.write(file, "jürgen:x:y".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(mistakes(file, SHA_256)).singleElement().asString().contains("isn't UTF-8");
  }

  @Test
  void a_user_who_is_taken_out_is_out_within_a_second_and_told_of_like_one_with_another_password() {
    FakeClock clock = new FakeClock();
    List<AccessChanged> changes = new ArrayList<>();
    String carol = "\n" + line("carol", "c");
    Path file = file(TAGGED_LINE + "\n" + line("bob", "old") + carol);
    HtdigestFileIdentityStore store =
        HtdigestFileIdentityStore.of(
            file, SHA_256, changes::add, new WatchedFile.Clocks(clock, clock));
    file("# another order, another form\n" + carol + "\n" + line("bob", "new"));
    clock.advance(WatchedFile.INTERVAL);

    assertThat(status(store, "admin", "secret")).isEqualTo(Status.INVALID);
    assertThat(status(store, "bob", "old")).isEqualTo(Status.INVALID);
    assertThat(status(store, "bob", "new")).isEqualTo(Status.VALID);
    assertThat(status(store, "carol", "c")).isEqualTo(Status.VALID);
    assertThat(store.names()).containsExactlyInAnyOrder("bob", "carol");
    assertThat(changes)
        .containsExactlyInAnyOrder(AccessChanged.of("admin"), AccessChanged.of("bob"));
  }

  @Test
  void a_file_that_is_left_without_users_lets_nobody_in() {
    FakeClock clock = new FakeClock();
    HtdigestFileIdentityStore store =
        HtdigestFileIdentityStore.of(
            file(TAGGED_LINE), SHA_256, change -> {}, new WatchedFile.Clocks(clock, clock));
    file("# nobody any more");
    clock.advance(WatchedFile.INTERVAL);
    assertThat(status(store, "admin", "secret")).isEqualTo(Status.INVALID);
  }

  @Test
  void users_stay_who_they_were_while_any_line_is_wrong() {
    FakeClock clock = new FakeClock();
    HtdigestFileIdentityStore store =
        HtdigestFileIdentityStore.of(
            file(TAGGED_LINE), SHA_256, change -> {}, new WatchedFile.Clocks(clock, clock));
    file(line("bob", "b") + "\neve:My app name:{SHA-256}0123");
    clock.advance(WatchedFile.INTERVAL);
    assertThat(status(store, "admin", "secret")).isEqualTo(Status.VALID);
    assertThat(status(store, "bob", "b")).isEqualTo(Status.INVALID);
    assertThat(log.messages())
        .singleElement()
        .asString()
        .contains("line 2: the hash must be")
        .doesNotContain("0123");
  }

  private static Status status(IdentityStore store, String user, String password) {
    return store.validate(credential(user, password, REALM, "SHA-256")).getStatus();
  }

  private static String line(String user, String password) {
    return DigestHash.generateLine(user, REALM, password, DigestAlgorithm.SHA_256);
  }

  private static List<String> mistakes(Path file, DigestOptions options) {
    return catchThrowableOfType(
            ConfigurationException.class, () -> HtdigestFileIdentityStore.of(file, options))
        .mistakes();
  }

  private static String hash(DigestAlgorithm algorithm) {
    return DigestHash.generateHash("admin", REALM, "secret", algorithm);
  }

  private Path file(String content) {
    try {
      return Files.writeString(folder.resolve("users"), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
