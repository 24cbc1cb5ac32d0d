package org.asynceventsource.boot;

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

  private DeclaredLogin() {}
}
