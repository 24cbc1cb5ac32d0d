package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.test.CountedDataSource;
import org.asynceventsource.test.LogRecords;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSourceIdentityStoreTest extends IdentityStoreContract {

  private static final String USERS = DataSourceIdentityStore.DEFAULT_QUERY;
  private static final String GROUPS = DataSourceIdentityStore.DEFAULT_GROUPS_QUERY;

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private final UsersDatabase database =
      UsersDatabase.create()
          .with("admin", REALM, "secret")
          .run("insert into event_source_groups values ('admin', 'staff'), ('admin', 'editors')");
  private final CountedDataSource counted = database.counted();

  @Override
  IdentityStore store() {
    return DataSourceIdentityStore.of(counted.source());
  }

  private IdentityStore store(String query) {
    return DataSourceIdentityStore.of(counted.source(), query, "");
  }

  private static Status digest(IdentityStore store, String user, String password) {
    return store.validate(credential(user, password, REALM, "SHA-256")).getStatus();
  }

  private static Status basic(IdentityStore store, String user, String password) {
    return store.validate(new BasicCredential(user, REALM, password)).getStatus();
  }

  @Test
  void the_default_queries_are_for_the_tables_of_the_readme() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    int begin = readme.indexOf("```sql") + "```sql".length();
    String sql = readme.substring(begin, readme.indexOf("```", begin));
    database.run("drop all objects").run(sql);
    CredentialValidationResult result =
        store().validate(credential("alice", "secret", "eventsource", "SHA-256"));
    assertThat(result.getStatus()).isEqualTo(Status.VALID);
    assertThat(result.getCallerGroups()).containsExactly("editors");
  }

  @Test
  void groups_are_the_second_querys() {
    assertThat(store().validate(credential("admin", "secret", REALM, "SHA-256")).getCallerGroups())
        .containsExactlyInAnyOrder("staff", "editors");
    assertThat(
            DataSourceIdentityStore.of(counted.source(), USERS, " ")
                .validate(credential("admin", "secret", REALM, "SHA-256"))
                .getCallerGroups())
        .isEmpty();
  }

  /** The attack: how long it takes, or what a database logs, tells which users there are. */
  @Test
  void known_and_unknown_users_cost_the_same_query_and_groups_wait_for_the_password() {
    for (String user : new String[] {"admin", "nobody"}) {
      digest(store(), user, "wrong");
      assertThat(counted.queries()).as(user).containsExactly(USERS);
      basic(store(), user, "wrong");
      assertThat(counted.queries()).as(user).containsExactly(USERS);
    }
    digest(store(), "admin", "secret");
    assertThat(counted.queries()).containsExactly(USERS, GROUPS);
    assertThat(counted.timeouts()).hasSize(6).containsOnly(2);
  }

  @Test
  void passwords_that_are_sent_themselves_are_verified_by_the_same_hash() {
    assertThat(basic(store(), "admin", "secret")).isEqualTo(Status.VALID);
    assertThat(basic(store(), "admin", "wrong")).isEqualTo(Status.INVALID);
    assertThat(basic(store(), "nobody", "secret")).isEqualTo(Status.INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select hash from event_source_users where name = ?",
        "select hash from event_source_users where name = ? and realm = ?",
        "select hash from event_source_users where name = ? and realm = ? and algorithm = ?",
        "select hash, '?' as \"?\" from event_source_users where name = ?",
      })
  void a_query_takes_the_name_and_if_it_likes_the_realm_and_the_algorithm(String query) {
    assertThat(digest(store(query), "admin", "secret")).isEqualTo(Status.VALID);
    assertThat(digest(store(query), "admin", "wrong")).isEqualTo(Status.INVALID);
  }

  @Test
  void a_query_without_an_algorithm_may_answer_a_hash_for_each_with_its_tag() {
    String md5 = DigestHash.generateHash("bob", REALM, "b", DigestAlgorithm.MD5);
    String longest = DigestHash.generateHash("bob", REALM, "b", DigestAlgorithm.SHA_512_256);
    database.run(
        "insert into event_source_users values ('bob', '', 'a', '%s'), ('bob', '', 'b', null), ('bob', '', 'c', '{SHA-512-256}%s')"
            .formatted(md5, longest));
    IdentityStore store = store("select hash from event_source_users where name = ?");
    for (String algorithm : new String[] {"MD5", "SHA-512-256"}) {
      assertThat(store.validate(credential("bob", "b", REALM, algorithm)).getStatus())
          .isEqualTo(Status.VALID);
    }
    assertThat(digest(store, "bob", "b")).isEqualTo(Status.INVALID);
    assertThat(basic(store, "bob", "b")).isEqualTo(Status.VALID);
  }

  @Test
  void a_query_with_an_algorithm_needs_no_tag_though_hashes_are_equally_long() {
    String hash = DigestHash.generateHash("bob", REALM, "b", DigestAlgorithm.SHA_512_256);
    database.run(
        "insert into event_source_users values ('bob', '%s', 'SHA-512-256', '%s')"
            .formatted(REALM, hash));
    assertThat(store().validate(credential("bob", "b", REALM, "SHA-512-256")).getStatus())
        .isEqualTo(Status.VALID);
  }

  @Test
  void what_is_no_hash_is_logged_once_without_it_and_lets_nobody_in() {
    database.run(
        "insert into event_source_users values ('bob', '%s', 'SHA-256', 'hunter2')"
            .formatted(REALM));
    IdentityStore store = store();
    assertThat(digest(store, "bob", "hunter2")).isEqualTo(Status.INVALID);
    assertThat(basic(store, "bob", "hunter2")).isEqualTo(Status.INVALID);
    assertThat(log.messages())
        .singleElement()
        .asString()
        .contains("64 hexadecimal digits")
        .doesNotContain("hunter2");
  }

  @Test
  void names_are_never_part_of_the_query() {
    String query = "select hash from event_source_users where name = ?";
    assertThat(digest(store(query), "admin' or '1'='1", "secret")).isEqualTo(Status.INVALID);
    assertThat(counted.queries()).containsExactly(query);
  }

  /** The attack: names that a database can't take, so that the log says the database is down. */
  @Test
  void a_name_that_the_database_can_not_have_is_an_unknown_one() {
    IdentityStore store = store("select hash from event_source_users where ? = 7");
    for (int i = 0; i < 3; i++) {
      assertThat(digest(store, "admin", "secret")).isEqualTo(Status.INVALID);
    }
    assertThat(log.messages())
        .singleElement()
        .asString()
        .contains("if that user exists, mend the query", "SQLState 22018")
        .doesNotContain("503", "admin");
  }

  @Test
  void groups_that_a_wrong_cast_loses_are_logged_once() {
    IdentityStore store =
        DataSourceIdentityStore.of(counted.source(), USERS, "select 'x' where ? = 7");
    for (int i = 0; i < 3; i++) {
      assertThat(digest(store, "admin", "secret")).isEqualTo(Status.VALID);
    }
    assertThat(log.messages()).singleElement().asString().contains("SQLState 22018");
  }

  @Test
  void a_pool_that_throws_what_it_likes_is_away_by_its_class_and_at_the_start_too() {
    DataSource pool =
        Stub.delegating(DataSource.class, counted.source())
            .before(
                "getConnection",
                () -> {
                  throw new IllegalStateException("hunter2");
                })
            .build();
    DataSourceIdentityStore store = DataSourceIdentityStore.of(pool);
    assertThat(store.mistake()).isEmpty();
    assertThatThrownBy(() -> digest(store, "admin", "secret"))
        .isInstanceOf(IdentitiesUnavailableException.class)
        .hasNoCause()
        .hasMessage("the database of users failed: java.lang.IllegalStateException");
    assertThat(log.messages()).hasSize(2);
    assertThat(log.text()).doesNotContain("hunter2");
  }

  /** The attack: names and passwords in the log; drivers write parameters into messages. */
  @Test
  void a_database_that_is_away_makes_identities_unavailable_and_is_logged_once_by_its_code() {
    counted.setAway(true);
    IdentityStore store = store();
    for (int i = 0; i < 3; i++) {
      Throwable failure = catchThrowable(() -> digest(store, "admin", "secret"));
      assertThat(failure)
          .isInstanceOf(IdentitiesUnavailableException.class)
          .hasNoCause()
          .hasMessage("the database of users failed: java.sql.SQLException, SQLState 08001");
    }
    assertThat(log.messages())
        .containsExactly(
            "users can't be looked up in the database, and logins are answered 503:"
                + " java.sql.SQLException, SQLState 08001; is it up, and are the queries right?");
    assertThat(log.text()).doesNotContain("hunter2").doesNotContain("alice");
    counted.setAway(false);
    assertThat(digest(store, "admin", "secret")).isEqualTo(Status.VALID);
  }

  /** The trouble: each thread that asks waits for seconds, one stream after the other. */
  @Test
  void a_database_that_takes_long_to_fail_is_not_asked_again_for_a_second() {
    AtomicLong clock = new AtomicLong();
    AtomicInteger asked = new AtomicInteger();
    DataSource slow =
        Stub.delegating(DataSource.class, counted.source())
            .before(
                "getConnection",
                () -> {
                  asked.incrementAndGet();
                  clock.addAndGet(Duration.ofSeconds(2).toNanos());
                })
            .build();
    IdentityStore store = DataSourceIdentityStore.of(slow, USERS, "", clock::get);

    counted.setAway(true);
    assertAway(store, "SQLState 08001");
    assertAway(store, "didn't answer a moment ago");
    counted.setAway(false);
    assertAway(store, "didn't answer a moment ago");
    assertThat(asked).hasValue(1);

    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(digest(store, "admin", "secret")).isEqualTo(Status.VALID);
    assertThat(digest(store, "admin", "secret")).isEqualTo(Status.VALID); // slow, but there
    assertThat(asked).hasValue(3);
  }

  /** The trouble: all threads wait for what one could find out. */
  @Test
  void of_those_who_ask_after_that_second_one_tries_and_the_others_do_not_wait_for_it() {
    AtomicLong clock = new AtomicLong();
    AtomicInteger asked = new AtomicInteger();
    IdentityStore[] store = new IdentityStore[1];
    DataSource slow =
        Stub.delegating(DataSource.class, counted.source())
            .before(
                "getConnection",
                () -> {
                  clock.addAndGet(Duration.ofSeconds(2).toNanos());
                  if (asked.incrementAndGet() > 1) { // as another thread meanwhile
                    assertAway(store[0], "didn't answer a moment ago");
                  }
                })
            .build();
    store[0] = DataSourceIdentityStore.of(slow, USERS, "", clock::get);

    counted.setAway(true);
    assertAway(store[0], "SQLState 08001");
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    assertAway(store[0], "SQLState 08001");
    assertThat(asked).hasValue(2);
  }

  private static void assertAway(IdentityStore store, String message) {
    assertThatThrownBy(() -> digest(store, "admin", "secret"))
        .isInstanceOf(IdentitiesUnavailableException.class)
        .hasMessageContaining(message);
  }

  @Test
  void groups_that_can_not_be_asked_for_let_nobody_in() {
    database.run("drop table event_source_groups");
    IdentityStore store = store();
    assertThatThrownBy(() -> digest(store, "admin", "secret"))
        .isInstanceOf(IdentitiesUnavailableException.class)
        .hasMessageContaining("SQLState 42S02");
    assertThat(digest(store, "admin", "wrong")).isEqualTo(Status.INVALID);
  }

  @Test
  void a_query_that_takes_too_long_is_given_up() {
    IdentityStore store =
        store(
            "select hash from event_source_users where name = ? and"
                + " (select sum(sqrt(x)) from system_range(1, 1000000000000)) < 0");
    assertThatThrownBy(() -> digest(store, "admin", "secret"))
        .isInstanceOf(IdentitiesUnavailableException.class)
        .hasMessageContaining("SQLState 57014"); // query cancelled
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select 1|select 1 where 'a' = ?|the query for users has 0 parameters",
        "select ? + ? + ? + ?|''|the query for users has 4 parameters",
        "select ?|select 1|the query for groups has 0 parameters",
        "select ?|select ? + ? + ?|the query for groups has 3 parameters",
        "select '?'|''|the query for users has 0 parameters",
      })
  void queries_with_other_parameters_are_refused(String query, String groups, String mistake) {
    assertThatThrownBy(() -> DataSourceIdentityStore.of(counted.source(), query, groups))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(mistake);
  }

  @Test
  void a_query_that_the_database_does_not_understand_is_a_mistake_and_one_that_is_away_is_not() {
    assertThat(DataSourceIdentityStore.of(counted.source()).mistake()).isEmpty();
    for (List<String> queries :
        List.of(
            List.of("select hash from accounts where name = ?", GROUPS),
            List.of(USERS, "select nothing from event_source_groups where name = ?"))) {
      assertThat(
              DataSourceIdentityStore.of(counted.source(), queries.get(0), queries.get(1))
                  .mistake())
          .get()
          .asString()
          .contains("are table and columns there?", "SQLState 42S");
    }
    counted.setAway(true);
    assertThat(DataSourceIdentityStore.of(counted.source()).mistake()).isEmpty();
  }
}
