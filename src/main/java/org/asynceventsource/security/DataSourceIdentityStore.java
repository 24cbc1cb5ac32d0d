package org.asynceventsource.security;

import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.spi.WarnOnce;

/**
 * An identity store that asks a database, by two queries that the application chooses.
 *
 * <pre>{@code
 * DataSourceIdentityStore.of(
 *     users, "select digest from account where login = ?", "select role from account_role where login = ?");
 * }</pre>
 *
 * <p>The first answers rows with H(A1), as {@link DigestHash#generateHash} makes it, with or
 * without its algorithm as a tag, in their first column. Its parameters are the user's name, the
 * realm, and the algorithm such as {@code SHA-256}; those at the end may be left out. The second
 * answers a group in each row; its parameters are the user's name and, if there is another, the
 * realm. At most {@value #MOST_ROWS} rows are read.
 *
 * <p>A known user and an unknown one cost the same query; groups are asked for only once the hash
 * is verified. Basic logins need a hash with SHA-256, or a query without an algorithm. Users can't
 * be found by a hash of their name ({@link DigestOptions#userhash()}).
 *
 * <p>The database must compare names exactly, by a binary collation: where upper and lower case are
 * the same to it, one user is several to whatever compares names afterwards.
 *
 * <p>A query may take {@value #SECONDS} seconds. If it fails, logins are refused by an {@link
 * IdentitiesUnavailableException}; if it took long to fail, so are all others for a second, and
 * then until one has tried again: the rest needn't wait for what is away. The log says once for
 * each cause which class of failure it was and which SQLState it had, and never what the driver
 * said, since drivers put parameters there. Any thread.
 */
public final class DataSourceIdentityStore implements IdentityStore {

  /** The query for a table {@code event_source_users(name, realm, algorithm, hash)}. */
  public static final String DEFAULT_QUERY =
      "select hash from event_source_users where name = ? and realm = ? and algorithm = ?";

  /** The query for a table {@code event_source_groups(name, group_name)}. */
  public static final String DEFAULT_GROUPS_QUERY =
      "select group_name from event_source_groups where name = ?";

  /** How long a query may take. */
  static final int SECONDS = 2;

  /** How many rows of an answer are read. */
  static final int MOST_ROWS = 1_000;

  private static final String DATA_EXCEPTION = "22";
  private static final String WRONG_QUERY = "42";

  /** Verified where there is no hash, for the time that it takes. */
  private static final StoredHash NOBODYS =
      new StoredHash(DigestAlgorithm.SHA_256, "0".repeat(DigestAlgorithm.SHA_256.hexDigits()));

  private final DataSource source;
  private final String query;
  private final String groupsQuery;
  private final WarnOnce warnings = SecurityLog.warnings();
  private final LongSupplier clock;
  private final SlowTrouble trouble;

  private DataSourceIdentityStore(
      DataSource source, String query, String groupsQuery, LongSupplier clock) {
    this.source = source;
    this.query = query;
    this.groupsQuery = groupsQuery;
    this.clock = clock;
    this.trouble = new SlowTrouble(clock);
  }

  /**
   * A store for the tables of the default queries.
   *
   * @param source the database
   * @return the store
   */
  public static DataSourceIdentityStore of(DataSource source) {
    return of(source, DEFAULT_QUERY, DEFAULT_GROUPS_QUERY);
  }

  /**
   * A store for tables of the application's.
   *
   * @param source the database
   * @param query what answers hashes, with one to three parameters
   * @param groupsQuery what answers groups, with one or two parameters; blank for no groups
   * @return the store
   * @throws ConfigurationException if a query has another number of parameters
   */
  public static DataSourceIdentityStore of(DataSource source, String query, String groupsQuery) {
    return of(source, query, groupsQuery, System::nanoTime);
  }

  /** The same by another clock, of nanoseconds. */
  static DataSourceIdentityStore of(
      DataSource source, String query, String groupsQuery, LongSupplier clock) {
    List<String> mistakes = new ArrayList<>();
    queryMistake(query).ifPresent(mistakes::add);
    groupsQueryMistake(groupsQuery).ifPresent(mistakes::add);
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    return new DataSourceIdentityStore(source, query, groupsQuery, clock);
  }

  /** What is wrong with a query for hashes, if anything. */
  static Optional<String> queryMistake(String query) {
    return parameters(query) >= 1 && parameters(query) <= 3
        ? Optional.empty()
        : Optional.of(
            "the query for users has %d parameters but must have a '?' each for the name, the realm and the algorithm, of which the last two may be left out"
                .formatted(parameters(query)));
  }

  /** What is wrong with a query for groups, if anything. */
  static Optional<String> groupsQueryMistake(String query) {
    return query.isBlank() || (parameters(query) >= 1 && parameters(query) <= 2)
        ? Optional.empty()
        : Optional.of(
            "the query for groups has %d parameters but must have a '?' each for the name and the realm, of which the latter may be left out"
                .formatted(parameters(query)));
  }

  /** Question marks outside of quotes. */
  private static int parameters(String query) {
    int parameters = 0;
    char quote = 0;
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      if (quote == 0 && c == '?') {
        parameters++;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
    }
    return parameters;
  }

  /**
   * Validates a {@link DigestCredential} or a {@link BasicCredential}.
   *
   * @param credential any credential
   * @return valid, invalid, or not validated for credentials of other types
   * @throws IdentitiesUnavailableException if the database can't be asked
   */
  @Override
  public CredentialValidationResult validate(Credential credential) {
    if (credential instanceof DigestCredential digest) {
      boolean verified =
          hash(digest.callerName(), digest.realm(), digest.algorithm())
              .filter(hash -> hash.algorithm() == digest.algorithm())
              .filter(hash -> digest.verify(hash.hex()))
              .isPresent();
      return result(verified, digest.callerName(), digest.realm());
    }
    if (credential instanceof BasicCredential basic) {
      String name = basic.getCaller();
      Optional<StoredHash> known = hash(name, basic.realm(), DigestAlgorithm.SHA_256);
      StoredHash hash = known.orElse(NOBODYS);
      boolean verified = basic.verify(hash.hex(), hash.algorithm()) && known.isPresent();
      return result(verified, name, basic.realm());
    }
    return CredentialValidationResult.NOT_VALIDATED_RESULT;
  }

  private CredentialValidationResult result(boolean verified, String name, String realm) {
    return verified
        ? new CredentialValidationResult(name, groups(name, realm))
        : CredentialValidationResult.INVALID_RESULT;
  }

  /** A user's hash: of this algorithm if there is one, else any. */
  private Optional<StoredHash> hash(String name, String realm, DigestAlgorithm algorithm) {
    List<StoredHash> hashes =
        ask(query, name, realm, algorithm.token()).stream()
            .flatMap(text -> stored(text.strip(), algorithm).stream())
            .toList();
    return hashes.stream()
        .filter(hash -> hash.algorithm() == algorithm)
        .findFirst()
        .or(() -> hashes.stream().findFirst());
  }

  /** Where the query names the algorithm, a hash needs no tag, though others are as long. */
  private Optional<StoredHash> stored(String text, DigestAlgorithm algorithm) {
    boolean bare = parameters(query) == 3 && !text.startsWith("{");
    Optional<StoredHash> hash =
        StoredHash.parse(bare ? '{' + algorithm.token() + '}' + text : text);
    if (hash.isEmpty()) {
      warnings.warn("hash", "a user of the database can't log in: " + StoredHash.EXPECTED);
    }
    return hash;
  }

  private Set<String> groups(String name, String realm) {
    return groupsQuery.isBlank() ? Set.of() : Set.copyOf(ask(groupsQuery, name, realm));
  }

  private List<String> ask(String sql, String... values) {
    boolean probing = trouble.enter();
    long begin = clock.getAsLong();
    try {
      List<String> answer = run(sql, values);
      trouble.isOver();
      return answer;
    } catch (SQLException e) {
      if (state(e).startsWith(DATA_EXCEPTION)) {
        warnings.warn(
            sql + state(e),
            "the query '%s' failed for a user, to whom it now answers nothing: %s; if that user exists, mend the query"
                .formatted(sql, description(e)));
        return List.of(); // no name that this database could have
      }
      throw away(description(e), begin);
    } catch (RuntimeException e) { // of a pool of connections
      throw away(e.getClass().getName(), begin);
    } finally {
      trouble.leave(probing);
    }
  }

  private IdentitiesUnavailableException away(String failure, long begin) {
    trouble.failed(begin);
    warnings.warn(
        failure,
        "users can't be looked up in the database, and logins are answered 503: %s; is it up, and are the queries right?"
            .formatted(failure));
    return new IdentitiesUnavailableException("the database of users failed: " + failure);
  }

  /**
   * Tries both queries with a name that nobody has, which is how mistakes in them are found early.
   *
   * @return what is wrong with the queries; empty also if the database is away, which may pass
   */
  Optional<String> mistake() {
    for (String sql : groupsQuery.isBlank() ? List.of(query) : List.of(query, groupsQuery)) {
      try {
        run(sql, "", "", "");
      } catch (SQLException e) {
        if (state(e).startsWith(WRONG_QUERY)) {
          return Optional.of(
              "the database doesn't understand the query '%s': %s; are table and columns there?"
                  .formatted(sql, description(e)));
        }
      } catch (RuntimeException e) { // of a pool of connections
        warnings.warn(
            "start " + e.getClass().getName(),
            "the database of users can't be asked at the start: " + e.getClass().getName());
      }
    }
    return Optional.empty();
  }

  private List<String> run(String sql, String... values) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setQueryTimeout(SECONDS);
      statement.setMaxRows(MOST_ROWS);
      int parameters = parameters(sql);
      for (int i = 0; i < parameters; i++) {
        statement.setString(i + 1, values[i]);
      }
      return firstColumn(statement);
    }
  }

  private static List<String> firstColumn(PreparedStatement statement) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        Optional.ofNullable(rows.getString(1)).ifPresent(texts::add);
      }
    }
    return texts;
  }

  private static String state(SQLException e) {
    return Optional.ofNullable(e.getSQLState()).orElse("none");
  }

  private static String description(SQLException e) {
    return "%s, SQLState %s".formatted(e.getClass().getName(), state(e));
  }
}
