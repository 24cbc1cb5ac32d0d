package org.asynceventsource.security;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.asynceventsource.test.CountedDataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A database in memory with the tables of the default queries. */
public final class UsersDatabase {

  private final JdbcDataSource database = new JdbcDataSource();
  private final CountedDataSource counted = CountedDataSource.of(database);

  private UsersDatabase() {
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
  }

  /** Makes one of its own. */
  public static UsersDatabase create() {
    UsersDatabase made = new UsersDatabase();
    made.run(
        "create table event_source_users (name varchar(100), realm varchar(100),"
            + " algorithm varchar(20), hash varchar(100), primary key (name, realm, algorithm));"
            + "create table event_source_groups (name varchar(100), group_name varchar(100))");
    return made;
  }

  /** Adds a user, for SHA-256. */
  public UsersDatabase with(String name, String realm, String password) {
    String hash = DigestHash.generateHash(name, realm, password, DigestAlgorithm.SHA_256);
    return run(
        "insert into event_source_users values ('%s', '%s', 'SHA-256', '%s')"
            .formatted(name, realm, hash));
  }

  /** Runs any statement. */
  public UsersDatabase run(String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return this;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What code under test gets, and what counts. */
  public CountedDataSource counted() {
    return counted;
  }
}
