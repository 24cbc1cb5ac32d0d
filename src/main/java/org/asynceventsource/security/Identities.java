package org.asynceventsource.security;

import jakarta.security.enterprise.identitystore.IdentityStore;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.ConfigurationException;

/**
 * Who can log in, as the settings {@code eventsource.users} and {@code eventsource.groups} say it.
 *
 * <p>The former is a list of entries with commas between them. White space around an entry is
 * dropped; a comma or a backslash that belongs to an entry has a backslash before it ({@link
 * #escape}). An entry is one of
 *
 * <ul>
 *   <li>{@code file:PATH}: a file for {@link HtdigestFileIdentityStore}; best, since settings are
 *       easily shown to others;
 *   <li>{@code jdbc:NAME}: a data source by its JNDI name, such as {@code
 *       java:comp/env/jdbc/users}, for {@link DataSourceIdentityStore};
 *   <li>{@code beans:}: all beans of the application that are identity stores;
 *   <li>{@code NAME:{SHA-256}DIGITS} or {@code NAME:{MD5}DIGITS}: a hash made by {@link
 *       DigestHash}; several entries give a user several hashes;
 *   <li>{@code NAME:PASSWORD}: a password, in which colons are welcome; it is hashed at once and
 *       dropped;
 *   <li>{@code NAME:{plain}PASSWORD}: the same, for passwords that begin with a brace.
 * </ul>
 *
 * <p>A user in two places is reported at the start only, as far as names are known then; whom a
 * changed file repeats, and whom a database or a bean knows as well, goes unnoticed.
 *
 * @param stores the identity stores, but for beans
 * @param names the names of all users that are known beforehand
 * @param open whether there may be others
 * @param beans whether the application's beans are to be asked, too
 */
public record Identities(
    List<IdentityStore> stores, Set<String> names, boolean open, boolean beans) {

  private static final String FILE = "file:";
  private static final String JDBC = "jdbc:";
  private static final String BEANS = "beans:";
  private static final String PLAIN = "{plain}";
  private static final String TWICE =
      "a user appears here and in another entry or file; remove one of them";
  private static final String FORMS =
      "file:PATH, jdbc:JNDI-NAME, beans:, NAME:{SHA-256}HASH or NAME:PASSWORD";

  /**
   * Copies the lists.
   *
   * @param stores the identity stores, but for beans
   * @param names the names of all users that are known beforehand
   * @param open whether there may be others
   * @param beans whether the application's beans are to be asked, too
   */
  public Identities {
    stores = List.copyOf(stores);
    names = Set.copyOf(names);
  }

  /**
   * Reads the settings, and the files that they name.
   *
   * @param settings the settings' values
   * @param options the realm, and the algorithms that each user needs
   * @param changes is told later of users whose entries in files have changed
   * @param mistakes takes a sentence for everything that is wrong; none of them shows an entry,
   *     because what is misread may be a password
   * @return the users, as far as they could be read
   */
  public static Identities parse(
      IdentitySettings settings,
      DigestOptions options,
      Consumer<? super AccessChanged> changes,
      List<String> mistakes) {
    Reading reading = new Reading(settings, options, changes, mistakes);
    List<String> entries = split(settings.users());
    for (int i = 0; i < entries.size(); i++) {
      if (!entries.get(i).isEmpty()) {
        reading.read(entries.get(i), i + 1);
      }
    }
    reading.readGroups();
    return reading.finish();
  }

  /**
   * Writes an entry so that it can stand in the setting.
   *
   * @param entry an entry such as {@code NAME:PASSWORD}
   * @return the entry with a backslash before every comma and backslash
   */
  public static String escape(String entry) {
    return entry.replace("\\", "\\\\").replace(",", "\\,");
  }

  /** The entries without escapes and outer white space; nothing between two commas is empty. */
  private static List<String> split(String users) {
    List<String> entries = new ArrayList<>();
    StringBuilder entry = new StringBuilder();
    for (int i = 0; i < users.length(); i++) {
      char c = users.charAt(i);
      if (c == ',') {
        entries.add(entry.toString().strip());
        entry.setLength(0);
      } else {
        boolean escaped = c == '\\' && i + 1 < users.length();
        entry.append(escaped ? users.charAt(++i) : c);
      }
    }
    entries.add(entry.toString().strip());
    return entries;
  }

  /** One reading of the setting; collects users, stores and mistakes. */
  private static final class Reading {

    private final IdentitySettings settings;
    private final DigestOptions options;
    private final Consumer<? super AccessChanged> changes;
    private final List<String> mistakes;
    private final Map<String, DigestIdentity> users = new LinkedHashMap<>();
    private final Set<String> names = new HashSet<>();
    private final List<IdentityStore> stores = new ArrayList<>();
    private boolean databases;
    private boolean beans;

    Reading(
        IdentitySettings settings,
        DigestOptions options,
        Consumer<? super AccessChanged> changes,
        List<String> mistakes) {
      this.settings = settings;
      this.options = options;
      this.changes = changes;
      this.mistakes = mistakes;
    }

    void read(String entry, int number) {
      int colon = entry.indexOf(':');
      if (colon < 0) {
        mistakes.add(
            at(number)
                + "it lacks a colon; write %s, and '\\,' for a comma inside a password"
                    .formatted(FORMS));
        return;
      }
      try {
        if (entry.startsWith(FILE)) {
          readFile(entry.substring(FILE.length()), number);
        } else if (entry.startsWith(JDBC)) {
          readDatabase(entry.substring(JDBC.length()));
        } else if (entry.startsWith(BEANS)) {
          readBeans(entry, number);
        } else {
          add(identity(entry.substring(0, colon), entry.substring(colon + 1)), number);
        }
      } catch (ConfigurationException e) {
        e.mistakes().forEach(mistake -> mistakes.add(at(number) + mistake));
      }
    }

    Identities finish() {
      for (DigestIdentity user : users.values()) {
        MissingHashes.of(user, options)
            .ifPresent(mistake -> mistakes.add("setting 'eventsource.users': " + mistake));
      }
      if (!Collections.disjoint(names, users.keySet())) {
        mistakes.add("setting 'eventsource.users': " + TWICE);
      }
      if (!users.isEmpty()) {
        stores.add(MemoryIdentityStore.of(users.values()));
        names.addAll(users.keySet());
      }
      return new Identities(stores, names, databases || beans, beans);
    }

    private void readFile(String path, int number) {
      try {
        HtdigestFileIdentityStore store =
            HtdigestFileIdentityStore.of(Path.of(path), options, changes);
        if (!Collections.disjoint(names, store.names())) {
          mistakes.add(at(number) + TWICE);
        }
        stores.add(store);
        names.addAll(store.names());
      } catch (InvalidPathException e) {
        mistakes.add(at(number) + "it is no path of a file");
      }
    }

    private void readDatabase(String name) {
      databases = true;
      if (options.userhash()) {
        throw mistake(
            "a database can't be asked for users by the hash of their name; set 'eventsource.digest.userhash' to false");
      }
      DataSourceIdentityStore store =
          DataSourceIdentityStore.of(
              NamedDataSource.of(name), settings.query(), settings.groupsQuery());
      store
          .mistake()
          .ifPresent(
              mistake -> {
                throw mistake(mistake);
              });
      stores.add(store);
    }

    private void readBeans(String entry, int number) {
      beans = true;
      if (!entry.equals(BEANS)) {
        mistakes.add(at(number) + "nothing may follow 'beans:', which stands for all of them");
      }
    }

    private static ConfigurationException mistake(String mistake) {
      return new ConfigurationException(List.of(mistake));
    }

    void readGroups() {
      String groups = settings.groups();
      if (groups.isEmpty()) {
        return;
      }
      try {
        stores.add(GroupFileIdentityStore.of(Path.of(groups.substring(FILE.length())), changes));
      } catch (InvalidPathException e) {
        mistakes.add("setting 'eventsource.groups': it is no path of a file");
      } catch (ConfigurationException e) {
        e.mistakes().forEach(mistake -> mistakes.add("setting 'eventsource.groups': " + mistake));
      }
    }

    private DigestIdentity identity(String name, String secret) {
      if (secret.startsWith(PLAIN)) {
        return password(name, secret.substring(PLAIN.length()));
      }
      return secret.startsWith("{")
          ? DigestIdentity.withHash(name, options.realm(), secret)
          : password(name, secret);
    }

    private DigestIdentity password(String name, String password) {
      return DigestIdentity.withPassword(name, options.realm(), password, options.algorithms());
    }

    private void add(DigestIdentity user, int number) {
      DigestIdentity known = users.get(user.name());
      if (known == null) {
        users.put(user.name(), user);
      } else if (known.algorithms().stream().anyMatch(user.algorithms()::contains)) {
        mistakes.add(at(number) + TWICE);
      } else {
        users.put(user.name(), known.and(user));
      }
    }

    private static String at(int number) {
      return "setting 'eventsource.users', entry %d: ".formatted(number);
    }
  }
}
