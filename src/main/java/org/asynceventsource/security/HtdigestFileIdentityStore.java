package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.security.WatchedFile.Clocks;
import org.asynceventsource.security.WatchedFile.Line;

/**
 * An identity store with the users of a file in the style of htdigest, which is read again when it
 * has changed.
 *
 * <pre>{@code
 * # user:realm:{ALGORITHM}H(A1)        made by: java -jar eventsource.war hash --realm "My app name" admin
 * admin:My app name:{SHA-256}3ba6…
 * admin:My app name:{MD5}9f1c…
 * }</pre>
 *
 * <p>UTF-8; empty lines and those that begin with {@code #} are skipped, as are users of other
 * realms. A user has a line per algorithm. The tag may be left out: 64 digits are then SHA-256 and
 * 32 are MD5, which is all that Apache's {@code htdigest} writes. Every user needs a hash for every
 * algorithm that is offered, because it is the client who chooses.
 *
 * <p>Whenever somebody logs in, or a stream is asked again whether its login holds, the file is
 * looked at, once a second at most. A changed file counts as a whole or not at all: while it has a
 * mistake, or isn't there, the users stay who they were, and the log says so once for each cause. A
 * file without users lets nobody in. Groups come from elsewhere, such as {@link
 * GroupFileIdentityStore}. Safe for use by several threads.
 */
public final class HtdigestFileIdentityStore implements IdentityStore {

  private final WatchedFile<Users> file;

  private HtdigestFileIdentityStore(WatchedFile<Users> file) {
    this.file = file;
  }

  /**
   * Reads a file of users.
   *
   * @param file the file
   * @param options the realm whose users are read, and the algorithms that each user needs
   * @return the store
   * @throws ConfigurationException if the file can't be read, has no user of the realm, has lines
   *     that aren't understood, or lacks hashes; it lists all that is wrong
   */
  public static HtdigestFileIdentityStore of(Path file, DigestOptions options) {
    return of(file, options, change -> {});
  }

  /**
   * Reads a file of users, and tells of those who are later taken out of it or get other hashes.
   *
   * @param file the file
   * @param options the realm whose users are read, and the algorithms that each user needs
   * @param changes is told of each such user, such as {@code sources::changed} of {@link
   *     org.asynceventsource.EventSources}, so that open streams are asked again at once; called by
   *     the thread that noticed, which may be one that checks a login
   * @return the store
   * @throws ConfigurationException if the file can't be read, has no user of the realm, has lines
   *     that aren't understood, or lacks hashes; it lists all that is wrong
   */
  public static HtdigestFileIdentityStore of(
      Path file, DigestOptions options, Consumer<? super AccessChanged> changes) {
    return of(file, options, changes, Clocks.SYSTEM);
  }

  static HtdigestFileIdentityStore of(
      Path file, DigestOptions options, Consumer<? super AccessChanged> changes, Clocks clocks) {
    HtdigestFileIdentityStore store =
        new HtdigestFileIdentityStore(
            new WatchedFile<>(
                file,
                (lines, mistakes) -> new Reading(file, options, mistakes).read(lines),
                (before, now) -> before.changedIn(now).forEach(changes),
                clocks));
    if (store.names().isEmpty()) {
      throw new ConfigurationException(
          List.of(
              "file '%s' has no user of the realm '%s'; add lines made with 'java -jar eventsource.war hash'"
                  .formatted(file, options.realm())));
    }
    return store;
  }

  /**
   * The names of the users at present.
   *
   * @return the names; unmodifiable
   */
  public Set<String> names() {
    return file.content().byName().keySet();
  }

  /**
   * Validates a {@link DigestCredential} or a {@link BasicCredential}.
   *
   * @param credential any credential
   * @return valid, invalid, or not validated for credentials of other types
   */
  @Override
  public CredentialValidationResult validate(Credential credential) {
    return file.content().store().validate(credential);
  }

  /** The users of one reading. */
  private record Users(Map<String, DigestIdentity> byName, MemoryIdentityStore store) {

    static Users of(Map<String, DigestIdentity> byName) {
      return new Users(Map.copyOf(byName), MemoryIdentityStore.of(byName.values()));
    }

    List<AccessChanged> changedIn(Users now) {
      return byName.values().stream()
          .filter(user -> !user.hasHashesOf(now.byName.get(user.name())))
          .map(user -> AccessChanged.of(user.name()))
          .toList();
    }
  }

  /** One reading of the file; collects users and mistakes. */
  private static final class Reading {

    private final Path file;
    private final DigestOptions options;
    private final List<String> mistakes;
    private final Map<String, DigestIdentity> users = new LinkedHashMap<>();

    Reading(Path file, DigestOptions options, List<String> mistakes) {
      this.file = file;
      this.options = options;
      this.mistakes = mistakes;
    }

    Users read(List<Line> lines) {
      lines.forEach(this::read);
      users.values().forEach(this::requireHashes);
      return Users.of(users);
    }

    private void read(Line line) {
      String text = line.text();
      int first = text.indexOf(':');
      int last = text.lastIndexOf(':');
      if (first == last) {
        mistakes.add(line.place() + "the line must be user:realm:hash");
        return;
      }
      String realm = text.substring(first + 1, last);
      if (!realm.equals(options.realm())) {
        return;
      }
      try {
        add(
            DigestIdentity.withHash(text.substring(0, first), realm, text.substring(last + 1)),
            line);
      } catch (ConfigurationException e) {
        e.mistakes().forEach(mistake -> mistakes.add(line.place() + mistake));
      }
    }

    private void add(DigestIdentity user, Line line) {
      DigestIdentity known = users.get(user.name());
      if (known == null) {
        users.put(user.name(), user);
      } else if (known.algorithms().containsAll(user.algorithms())) {
        mistakes.add(
            line.place() + "user '%s' already has a hash of this algorithm".formatted(user.name()));
      } else {
        users.put(user.name(), known.and(user));
      }
    }

    private void requireHashes(DigestIdentity user) {
      MissingHashes.of(user, options)
          .ifPresent(mistake -> mistakes.add("file '%s': %s".formatted(file, mistake)));
    }
  }
}
