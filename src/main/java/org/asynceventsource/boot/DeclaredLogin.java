package org.asynceventsource.boot;

import org.asynceventsource.security.DataSourceIdentityStore;

/** The declarations of the settings of users and their logins; the others are {@link Declared}. */
final class DeclaredLogin {

  static final Setting<String> GROUPS =
      Setting.of(
          "groups",
          SettingType.text(
              "file:PATH, of a file with lines such as 'editors: alice bob'",
              text -> text.isEmpty() || (text.startsWith("file:") && text.length() > 5)),
          "",
          "Groups of users, which are their roles: `file:PATH` of a file with lines such as"
              + " `editors: alice bob`.");

  static final Setting<String> USERS_QUERY =
      Setting.of(
          "users.query",
          SettingType.text("an SQL query on one line", text -> !text.isEmpty()),
          DataSourceIdentityStore.DEFAULT_QUERY,
          "Query for the hashes of a user in a database, by name, realm and algorithm.");

  static final Setting<String> USERS_GROUPS_QUERY =
      Setting.of(
          "users.groups-query",
          SettingType.text("an SQL query on one line", text -> true),
          DataSourceIdentityStore.DEFAULT_GROUPS_QUERY,
          "Query for the groups of a user in a database, by name and realm; empty for no groups.");

  static final Setting<Integer> LOGIN_FAILURES =
      Setting.of(
          "login.failures",
          SettingType.wholeNumber(1, 1_000_000),
          "5",
          "How many failed logins of one name from one address cost nothing.");

  static final Setting<Settings.Retry> LOGIN_DELAY =
      Setting.of(
          "login.delay",
          SettingType.RETRY,
          "1s..5m",
          "How long logins of that name from that address are refused after the next failure, and,"
              + " doubled with each further one, at most.");

  private DeclaredLogin() {}
}
