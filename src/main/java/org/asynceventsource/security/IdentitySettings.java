package org.asynceventsource.security;

/**
 * What the settings say about users, unread.
 *
 * @param users who they are, or where they are kept: {@code eventsource.users}, see {@link
 *     Identities}
 * @param groups where their groups are kept, {@code file:PATH} for a {@link
 *     GroupFileIdentityStore}: {@code eventsource.groups}; empty for nowhere
 * @param query what answers the hashes of users in a database, see {@link DataSourceIdentityStore}:
 *     {@code eventsource.users.query}
 * @param groupsQuery what answers their groups: {@code eventsource.users.groups-query}
 */
public record IdentitySettings(String users, String groups, String query, String groupsQuery) {

  /** A description without passwords. */
  @Override
  public String toString() {
    return "IdentitySettings[groups=%s]".formatted(groups);
  }
}
