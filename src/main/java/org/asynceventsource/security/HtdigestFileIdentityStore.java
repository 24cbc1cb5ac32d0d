package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.asynceventsource.ConfigurationException;

/**
 * An identity store with the users of a file in the style of htdigest, read once.
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
 * algorithm that is offered, because it is the client who chooses. Immutable; any thread.
 */
public final class HtdigestFileIdentityStore implements IdentityStore {

  private final MemoryIdentityStore users;
  private final Set<String> names;

  private HtdigestFileIdentityStore(Map<String, DigestIdentity> users) {
    this.users = MemoryIdentityStore.of(users.values());
    this.names = Set.copyOf(users.keySet());
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
    Reading reading = new Reading(file, options);
    reading.run();
    if (!reading.mistakes.isEmpty()) {
      throw new ConfigurationException(reading.mistakes);
    }
    return new HtdigestFileIdentityStore(reading.users);
  }

  /**
   * The names of the users.
   *
   * @return the names; unmodifiable
   */
  public Set<String> names() {
    return names;
  }

  /**
   * Validates a {@link DigestCredential}.
   *
   * @param credential any credential
   * @return valid, invalid, or not validated for credentials of other types
   */
  @Override
  public CredentialValidationResult validate(Credential credential) {
    return users.validate(credential);
  }

  /** One reading of a file; collects users and mistakes. */
  private static final class Reading {

    private final Path file;
    private final DigestOptions options;
    private final Map<String, DigestIdentity> users = new LinkedHashMap<>();
    private final List<String> mistakes = new ArrayList<>();

    Reading(Path file, DigestOptions options) {
      this.file = file;
      this.options = options;
    }

    void run() {
      List<String> lines = lines();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        if (!line.isEmpty() && !line.startsWith("#")) {
          read(line, i + 1);
        }
      }
      if (mistakes.isEmpty() && users.isEmpty()) {
        mistakes.add(
            "file '%s' has no user of the realm '%s'; add lines made with 'java -jar eventsource.war hash'"
                .formatted(file, options.realm()));
      }
      users.values().forEach(this::requireHashes);
    }

    private List<String> lines() {
      try {
        return Files.readAllLines(file, StandardCharsets.UTF_8);
      } catch (NoSuchFileException e) {
        mistakes.add("file '%s' doesn't exist; create it or name another".formatted(file));
      } catch (CharacterCodingException e) {
        mistakes.add("file '%s' isn't UTF-8; convert it".formatted(file));
      } catch (IOException e) {
        mistakes.add("file '%s' can't be read (%s)".formatted(file, e.getClass().getSimpleName()));
      }
      return List.of();
    }

    private void read(String line, int number) {
      int first = line.indexOf(':');
      int last = line.lastIndexOf(':');
      if (first == last) {
        mistakes.add(at(number) + "the line must be user:realm:hash");
        return;
      }
      String realm = line.substring(first + 1, last);
      if (!realm.equals(options.realm())) {
        return;
      }
      try {
        add(
            DigestIdentity.withHash(line.substring(0, first), realm, line.substring(last + 1)),
            number);
      } catch (ConfigurationException e) {
        e.mistakes().forEach(mistake -> mistakes.add(at(number) + mistake));
      }
    }

    private void add(DigestIdentity user, int number) {
      DigestIdentity known = users.get(user.name());
      if (known == null) {
        users.put(user.name(), user);
      } else if (known.algorithms().containsAll(user.algorithms())) {
        mistakes.add(
            at(number) + "user '%s' already has a hash of this algorithm".formatted(user.name()));
      } else {
        users.put(user.name(), known.and(user));
      }
    }

    private void requireHashes(DigestIdentity user) {
      MissingHashes.of(user, options)
          .ifPresent(mistake -> mistakes.add("file '%s': %s".formatted(file, mistake)));
    }

    private String at(int number) {
      return "file '%s', line %d: ".formatted(file, number);
    }
  }
}
