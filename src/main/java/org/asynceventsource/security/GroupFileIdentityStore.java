package org.asynceventsource.security;

import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.security.WatchedFile.Clocks;
import org.asynceventsource.security.WatchedFile.Line;

/**
 * An identity store that validates nobody and provides the groups of users whom others validate,
 * from a file in the style of Apache's {@code AuthGroupFile}, which is read again when it has
 * changed.
 *
 * <pre>{@code
 * # group: user user
 * editors: alice bob
 * editors: carol
 * auditors: alice
 * }</pre>
 *
 * <p>UTF-8; empty lines and those that begin with {@code #} are skipped; a group may have several
 * lines. Names that nobody logs in by do no harm, but names with white space can't be written. When
 * the file is looked at, and what a broken one does, is as with {@link HtdigestFileIdentityStore}.
 * Safe for use by several threads.
 */
public final class GroupFileIdentityStore implements IdentityStore {

  private final WatchedFile<Map<String, Set<String>>> groups; // by user

  private GroupFileIdentityStore(WatchedFile<Map<String, Set<String>>> groups) {
    this.groups = groups;
  }

  /**
   * Reads a file of groups.
   *
   * @param file the file
   * @param changes is told of each user whose groups are others later; called by the thread that
   *     noticed, which may be one that checks a login
   * @return the store
   * @throws ConfigurationException if the file can't be read or has lines that aren't understood;
   *     it lists all that is wrong
   */
  public static GroupFileIdentityStore of(Path file, Consumer<? super AccessChanged> changes) {
    return of(file, changes, Clocks.SYSTEM);
  }

  static GroupFileIdentityStore of(
      Path file, Consumer<? super AccessChanged> changes, Clocks clocks) {
    return new GroupFileIdentityStore(
        new WatchedFile<>(
            file,
            GroupFileIdentityStore::read,
            (before, now) -> changed(before, now).forEach(changes),
            clocks));
  }

  @Override
  public Set<ValidationType> validationTypes() {
    return Set.of(ValidationType.PROVIDE_GROUPS);
  }

  @Override
  public Set<String> getCallerGroups(CredentialValidationResult validated) {
    String name = validated.getCallerPrincipal().getName();
    return groups.content().getOrDefault(name, Set.of());
  }

  private static Map<String, Set<String>> read(List<Line> lines, List<String> mistakes) {
    Map<String, Set<String>> groups = new HashMap<>();
    for (Line line : lines) {
      int colon = line.text().indexOf(':');
      String group = line.text().substring(0, Math.max(colon, 0)).strip();
      if (group.isEmpty()) {
        mistakes.add(line.place() + "the line must be 'group: user user'");
        continue;
      }
      for (String user : line.text().substring(colon + 1).strip().split("\\s+", -1)) {
        if (!user.isEmpty()) {
          groups.computeIfAbsent(user, name -> new HashSet<>()).add(group);
        }
      }
    }
    groups.replaceAll((user, of) -> Set.copyOf(of));
    return Map.copyOf(groups);
  }

  private static Stream<AccessChanged> changed(
      Map<String, Set<String>> before, Map<String, Set<String>> now) {
    return Stream.concat(before.keySet().stream(), now.keySet().stream())
        .distinct()
        .filter(user -> !Objects.equals(before.get(user), now.get(user)))
        .map(AccessChanged::of);
  }
}
