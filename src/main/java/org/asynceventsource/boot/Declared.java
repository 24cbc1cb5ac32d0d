package org.asynceventsource.boot;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.asynceventsource.middleware.CorsMiddleware;
import org.asynceventsource.security.DigestHash;
import org.asynceventsource.servlet.AddressRange;

/**
 * The declarations of all settings, in the order of the README's table, which is made from them.
 *
 * <p>After a change here, {@code mvn -pl src test -Dtest=SettingsTableTest -Dreadme=write} renews
 * the table.
 */
final class Declared {

  private static final Duration LONGEST_TICKET = Duration.ofMinutes(5);
  private static final Pattern HOST_NAME =
      Pattern.compile("\\[[0-9a-fA-F:.]+]|[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
  private static final Pattern BARE_IPV6 = Pattern.compile("(?=.*:.*:)[0-9a-fA-F:.]+");
  private static final Pattern PATH_TEXT = Pattern.compile("(/[A-Za-z0-9._~-]+)*");

  /** A colon would make H(A1) and htdigest-style files ambiguous; quotes, the challenge. */
  private static final Pattern REALM_TEXT = Pattern.compile("[ !#-9;-\\[\\]-~]+");

  private static final SettingType<List<String>> NAMES =
      SettingType.list(
          "a list of names such as alice, bob",
          name ->
              Optional.of(name).filter(text -> text.chars().noneMatch(Character::isISOControl)));

  static final Setting<String> PATH =
      Setting.of(
          "path",
          SettingType.text(
              "a path such as /events of letters, digits, '.', '_', '~' and '-'",
              text -> PATH_TEXT.matcher(text).matches()),
          "/events",
          "Path of the default event source below the application's; empty for none.");

  static final Setting<Settings.Auth> AUTH =
      Setting.of(
          "auth",
          SettingType.choice(Settings.Auth.class),
          "none",
          "Who may read: `none` lets everybody, `digest` and `basic` ask for a user's password,"
              + " `bearer` for a token, `container` leaves the login to the container, `denied` lets"
              + " nobody.");

  static final Setting<String> REALM =
      Setting.of(
          "realm",
          SettingType.text(
              "printable ASCII without quote, backslash and colon",
              text -> REALM_TEXT.matcher(text).matches()),
          DigestHash.DEFAULT_REALM,
          "Realm that browsers show when they ask for a password; hashes belong to it.");

  static final Setting<Secret> USERS =
      Setting.of(
          "users",
          SettingType.SECRET,
          "",
          "Users, or where they are kept; see the section about users.");

  static final Setting<Secret> TOKENS =
      Setting.of(
          "tokens",
          SettingType.SECRET,
          "",
          "Hashes of the tokens for `bearer`, `NAME:{SHA-256}HASH` or `NAME:{SHA-256}HASH:GROUP`, or"
              + " `file:PATH` with a line for each.");

  static final Setting<Settings.PublishAuth> PUBLISH_AUTH =
      Setting.of(
          "publish.auth",
          SettingType.choice(Settings.PublishAuth.class),
          "auto",
          "How publishers log in: `digest`, `basic`, `bearer` or `container`; `auto` for the same as"
              + " readers, and where they don't, `digest` if there are users, else `bearer`.");

  static final Setting<Boolean> BASIC_INSECURE =
      Setting.of(
          "basic.insecure",
          SettingType.BOOLEAN,
          "false",
          "Whether `basic` takes passwords without TLS, which anybody on the way can read.");

  static final Setting<List<String>> PUBLISHERS =
      Setting.of(
          "publishers",
          NAMES,
          "",
          "Names of the users who may publish over HTTP; nobody else may.");

  static final Setting<List<String>> ROLES =
      Setting.of("roles", NAMES, "", "Roles that the application may ask a client for.");

  static final Setting<Integer> HISTORY_EVENTS =
      Setting.of(
          "history.events",
          SettingType.wholeNumber(1, 100_000_000),
          "10000",
          "Most events kept for clients that reconnect.");

  static final Setting<Long> HISTORY_BYTES =
      Setting.of(
          "history.bytes",
          SettingType.size(1, "1024GB"),
          "16MB",
          "Most memory for the events kept.");

  /**
   * Any age by default: count and bytes bound the memory already, and a quiet event source should
   * not tell a client that slept for a night of a gap where it could resume.
   */
  static final Setting<Duration> HISTORY_AGE =
      Setting.of(
              "history.age",
              SettingType.DURATION,
              "0",
              "How long an event is kept at most; `0` sets no bound.")
          .withHint("0 sets no bound");

  static final Setting<Duration> HEARTBEAT =
      Setting.of(
              "heartbeat",
              SettingType.DURATION,
              "15s",
              "How long a stream may be idle until a comment is sent, which also finds clients"
                  + " that are gone; `0` turns heartbeats off.")
          .withHint("0 turns heartbeats off");

  static final Setting<Settings.Retry> RETRY =
      Setting.of(
          "retry",
          SettingType.RETRY,
          "5s..15s",
          "Range of the reconnect times that clients get at shutdown, each its own; it should"
              + " outlast a redeployment.");

  static final Setting<Duration> LIFETIME =
      Setting.of(
              "lifetime",
              SettingType.DURATION,
              "0",
              "How long a stream lives until it is ended cleanly and resumed by its client; `0`"
                  + " sets no bound.")
          .withHint("0 sets no bound");

  static final Setting<Duration> RECHECK =
      Setting.of(
              "recheck",
              SettingType.DURATION,
              "15s",
              "How long a stream may go on until it is asked again whether its login holds and the"
                  + " application's rules grant it; `0` asks only when access is said to have"
                  + " changed.")
          .withHint("0 asks only when access is said to have changed");

  static final Setting<Duration> TICKETS =
      Setting.of(
              "tickets",
              new SettingType<>(
                  "a duration of at most 5m such as 30s",
                  text ->
                      SettingType.duration(text)
                          .filter(duration -> duration.compareTo(LONGEST_TICKET) <= 0)),
              "0",
              "How long a ticket can be used that the application issues for the query of a URL; `0`"
                  + " issues none.")
          .withHint("0 issues none");

  static final Setting<String> GAP_EVENT =
      Setting.of(
          "gap-event",
          SettingType.text("an event name on one line", text -> !text.isEmpty()),
          "eventsource.gap",
          "Name of the event that tells a client of history that is gone.");

  static final Setting<Boolean> HELLO =
      Setting.of(
          "hello",
          SettingType.BOOLEAN,
          "false",
          "Whether a fresh client gets an event `eventsource.hello` with the current id, for"
              + " clients that ignore an id without data.");

  static final Setting<List<String>> HOSTS =
      Setting.of(
          "hosts",
          SettingType.list(
              "a list of host names without scheme, port and path such as localhost, example.com",
              text -> Optional.of(host(text)).filter(host -> HOST_NAME.matcher(host).matches())),
          "",
          "Host names that requests may name, against DNS rebinding; empty accepts any.");

  static final Setting<List<AddressRange>> TRUSTED_PROXIES =
      Setting.of(
          "trusted-proxies",
          SettingType.list(
              "a list of IP addresses or ranges such as 127.0.0.1, 10.0.0.0/8, ::1",
              AddressRange::parse),
          "",
          "Addresses of proxies whose `Forwarded` and `X-Forwarded-*` headers are believed.");

  static final Setting<List<String>> CORS_ORIGINS =
      Setting.of(
          "cors.origins",
          SettingType.list(
              "a list of origins such as https://app.example, http://localhost:3000, or * alone",
              text ->
                  Optional.of(text)
                      .filter(
                          origin ->
                              origin.equals("*") || CorsMiddleware.parse(origin).isPresent())),
          "",
          "Origins whose pages may read and publish besides this server's own; `*` lets pages from"
              + " everywhere read.");

  static final Setting<Boolean> CORS_CREDENTIALS =
      Setting.of(
          "cors.credentials",
          SettingType.BOOLEAN,
          "false",
          "Whether browsers may send cookies and logins along with requests of such pages.");

  static final Setting<Duration> CORS_MAX_AGE =
      Setting.of(
          "cors.max-age",
          SettingType.DURATION,
          "10m",
          "How long browsers may remember what such pages may do.");

  static final Setting<Duration> LINGER =
      Setting.of(
              "linger",
              SettingType.DURATION,
              "0",
              "How long an event may wait for others, so that they are written together; `0` sends"
                  + " it at once, and still merges what is waiting.")
          .withHint("0 sends every event at once");

  static final Setting<Integer> THREADS =
      Setting.of(
          "threads",
          SettingType.wholeNumber(1, 64),
          "2",
          "Threads that write events to clients; a client belongs to one of them.");

  static final Setting<Boolean> DEMO =
      Setting.of(
          "demo", SettingType.BOOLEAN, "false", "Whether a bean fires an event every second.");

  /** All of them; a test makes sure that none is missing. */
  static final List<Setting<?>> ALL =
      List.of(
          PATH,
          AUTH,
          REALM,
          USERS,
          DeclaredLogin.GROUPS,
          DeclaredLogin.USERS_QUERY,
          DeclaredLogin.USERS_GROUPS_QUERY,
          DeclaredLogin.LOGIN_FAILURES,
          DeclaredLogin.LOGIN_DELAY,
          TOKENS,
          PUBLISH_AUTH,
          BASIC_INSECURE,
          DeclaredJwt.ISSUER,
          DeclaredJwt.AUDIENCE,
          DeclaredJwt.KEYS,
          DeclaredJwt.ALGORITHMS,
          DeclaredJwt.NAME_CLAIM,
          DeclaredJwt.GROUPS_CLAIM,
          DeclaredJwt.SKEW,
          PUBLISHERS,
          ROLES,
          DeclaredDigest.ALGORITHMS,
          DeclaredDigest.OPAQUE,
          DeclaredDigest.DOMAIN,
          DeclaredDigest.CHARSET,
          DeclaredDigest.USERHASH,
          DeclaredDigest.NONCE_LIFETIME,
          DeclaredDigest.NONCES,
          DeclaredDigest.INTEGRITY,
          DeclaredDigest.LIMITS_INTEGRITY,
          HISTORY_EVENTS,
          HISTORY_BYTES,
          HISTORY_AGE,
          HEARTBEAT,
          RETRY,
          LIFETIME,
          RECHECK,
          TICKETS,
          GAP_EVENT,
          HELLO,
          HOSTS,
          TRUSTED_PROXIES,
          CORS_ORIGINS,
          CORS_CREDENTIALS,
          CORS_MAX_AGE,
          DeclaredLimits.CLIENTS,
          DeclaredLimits.CLIENTS_PER_ADDRESS,
          DeclaredLimits.CLIENTS_PER_USER,
          DeclaredLimits.STALLED,
          DeclaredLimits.DIRECT,
          DeclaredLimits.PENDING,
          DeclaredLimits.BODY,
          DeclaredLimits.SILENT,
          DeclaredLimits.SLOW_POLICY,
          DeclaredLimits.SLOW_EVENTS,
          DeclaredLimits.SLOW_BYTES,
          LINGER,
          THREADS,
          DEMO);

  private Declared() {}

  /** A host as the header field {@code Host} has it: lower case, IPv6 in brackets. */
  private static String host(String text) {
    String host = text.toLowerCase(Locale.ROOT);
    return BARE_IPV6.matcher(host).matches() ? '[' + host + ']' : host;
  }
}
