package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The setting of tokens")
class TokenIdentitiesTest {

  private static final String ONE = "{SHA-256}" + "1".repeat(64);
  private static final String TWO = "{SHA-256}" + "ab".repeat(32);

  private final List<String> mistakes = new ArrayList<>();

  @TempDir private Path directory;

  private TokenIdentities parse(String text) {
    return TokenIdentities.parse(text, mistakes);
  }

  @Test
  @DisplayName("lists users with hashes, groups and files")
  void entries() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("tokens"),
            "# made by hash --token\n\n bob:%s:editors+readers \r\n"
                .formatted(TWO.toUpperCase(Locale.ROOT)));
    TokenIdentities found = parse(" alice:" + ONE + " ,, file:" + file);

    assertThat(mistakes).isEmpty();
    assertThat(found.names()).containsExactlyInAnyOrder("alice", "bob");
    assertThat(found.identities().get(1).groups()).isEqualTo(Set.of("editors", "readers"));
    assertThat(found.identities().get(1).hash()).isEqualTo("ab".repeat(32));
  }

  @Test
  @DisplayName("may be empty")
  void empty() {
    assertThat(parse("").identities()).isEmpty();
    assertThat(mistakes).isEmpty();
  }

  @Test
  @DisplayName("may give a user several tokens, but a token one user only")
  void twice() {
    parse("alice:" + ONE + ",alice:" + TWO);
    assertThat(mistakes).isEmpty();
    parse("alice:" + ONE + ",bob:" + ONE);
    assertThat(mistakes)
        .containsExactly(
            "setting 'eventsource.tokens', entry 2: its token appears twice; remove one");
  }

  @Test
  @DisplayName("tells all that is wrong, and shows nothing that may be a token")
  void mistakes() {
    parse("S3CRET,alice:S3CRET,a:b:c:d:S3CRET,:" + ONE + ",file:/S3CRET\0");

    assertThat(mistakes).hasSize(5).noneMatch(mistake -> mistake.contains("S3CRET"));
    assertThat(mistakes.get(3)).contains("entry 4").contains("user name is empty");
  }
}
