package org.asynceventsource.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.asynceventsource.ConfigurationException;

/**
 * Whose tokens are good, as the setting {@code eventsource.tokens} says it.
 *
 * <p>The setting is a list of entries with commas between them, each {@code NAME:{SHA-256}DIGITS},
 * {@code NAME:{SHA-256}DIGITS:GROUP+GROUP}, or {@code file:PATH} for a file with such an entry on
 * each line; empty lines and those that begin with {@code #} are skipped.
 *
 * @param identities the users; one may have several tokens
 */
public record TokenIdentities(List<TokenIdentity> identities) {

  private static final String FILE = "file:";

  /**
   * Copies the users.
   *
   * @param identities the users
   */
  public TokenIdentities {
    identities = List.copyOf(identities);
  }

  /**
   * Reads the setting, and the files that it names.
   *
   * @param tokens the setting's value; blank for nobody
   * @param mistakes takes a sentence for everything that is wrong; none of them shows an entry,
   *     because what is misread may be a token
   * @return the users, as far as they could be read
   */
  public static TokenIdentities parse(String tokens, List<String> mistakes) {
    List<TokenIdentity> identities = new ArrayList<>();
    Set<String> hashes = new HashSet<>();
    int number = 0;
    for (String entry : tokens.split(",", -1)) {
      number++;
      for (String one : entries(entry.strip(), number, mistakes)) {
        try {
          TokenIdentity identity = identity(one);
          identities.add(identity);
          if (!hashes.add(identity.hash())) {
            mistakes.add(at(number) + "its token appears twice; remove one");
          }
        } catch (ConfigurationException e) {
          int at = number;
          e.mistakes().forEach(mistake -> mistakes.add(at(at) + mistake));
        }
      }
    }
    return new TokenIdentities(identities);
  }

  /**
   * The names of all users.
   *
   * @return the names; unmodifiable
   */
  public Set<String> names() {
    return identities.stream().map(TokenIdentity::name).collect(Collectors.toUnmodifiableSet());
  }

  private static List<String> entries(String entry, int number, List<String> mistakes) {
    if (entry.isEmpty()) {
      return List.of();
    }
    if (!entry.startsWith(FILE)) {
      return List.of(entry);
    }
    try {
      return Files.readAllLines(Path.of(entry.substring(FILE.length())), StandardCharsets.UTF_8)
          .stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException | InvalidPathException e) {
      mistakes.add(
          at(number) + "the file can't be read (%s)".formatted(e.getClass().getSimpleName()));
      return List.of();
    }
  }

  private static TokenIdentity identity(String entry) {
    String[] parts = entry.split(":", -1);
    if (parts.length < 2 || parts.length > 3) {
      throw new ConfigurationException(
          List.of("it must be NAME:{SHA-256}DIGITS or NAME:{SHA-256}DIGITS:GROUP+GROUP"));
    }
    TokenIdentity identity = TokenIdentity.withHash(parts[0], parts[1]);
    return parts.length == 2 ? identity : identity.inGroups(Set.of(parts[2].split("\\+")));
  }

  private static String at(int number) {
    return "setting 'eventsource.tokens', entry %d: ".formatted(number);
  }
}
