package org.asynceventsource.boot;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.SlowClients;
import org.asynceventsource.servlet.AddressRange;

/**
 * Every setting of the event sources, read once at start-up; nothing else reads configuration.
 *
 * <p>For each setting the first of these that has it wins: the system property {@code
 * eventsource.history.events}, the environment variable {@code EVENTSOURCE_HISTORY_EVENTS},
 * MicroProfile Config where there is one, the servlet context's {@code context-param}. Text is
 * trimmed; lists are separated by commas.
 *
 * @param path the default event source's path, or empty for none
 * @param auth who may read
 * @param realm the realm that browsers show when they ask for a password
 * @param users the identities as configured, for the security package to parse; dropped as soon as
 *     that is done
 * @param stores where groups, and users who aren't named, are
 * @param login how whoever guesses is held up
 * @param tokens the identities known by tokens, likewise
 * @param publishAuth how publishers log in
 * @param basicInsecure whether passwords may be sent without TLS
 * @param jwt which signed tokens are good
 * @param publishers the names of users who may publish over HTTP
 * @param roles the roles that an application may ask a client for
 * @param digest how digest authentication is offered
 * @param history how much is kept for clients that resume
 * @param heartbeat how long a stream may be idle until a comment is sent; zero for never
 * @param retry the range of reconnect times that clients get when the event source stops
 * @param lifetime how long a stream lives at most; zero for ever
 * @param recheck how long a client may go unasked whether it may still read; zero for ever
 * @param tickets how long a ticket can be used; zero if none are issued
 * @param gapEvent the name of the event that tells of lost history
 * @param hello whether a fresh client gets an event with the current id
 * @param hosts the host names that requests may name; empty if that is not checked
 * @param trustedProxies the addresses whose forwarding headers are believed
 * @param cors which pages of other origins are let in
 * @param limits what bounds clients and requests
 * @param slow what becomes of clients that are too slow
 * @param linger how long an event may wait for others to be written with
 * @param threads how many threads fan events out
 * @param demo whether a bean fires an event every second
 */
public record Settings(
    String path,
    Auth auth,
    String realm,
    Secret users,
    Stores stores,
    Login login,
    Secret tokens,
    PublishAuth publishAuth,
    boolean basicInsecure,
    Jwt jwt,
    List<String> publishers,
    List<String> roles,
    Digest digest,
    History history,
    Duration heartbeat,
    Retry retry,
    Duration lifetime,
    Duration recheck,
    Duration tickets,
    String gapEvent,
    boolean hello,
    List<String> hosts,
    List<AddressRange> trustedProxies,
    Cors cors,
    Limits limits,
    SlowClients slow,
    Duration linger,
    int threads,
    boolean demo) {

  /** How those who read or publish are to log in. */
  public enum Auth {
    /** Everybody. */
    NONE,
    /** Users who prove by HTTP digest that they know their password. */
    DIGEST,
    /** Users who send their password, over TLS. */
    BASIC,
    /** Whoever bears a token. */
    BEARER,
    /** Those whom the container logs in, by whatever the application has told it. */
    CONTAINER,
    /** Nobody. */
    DENIED
  }

  /** How those who publish are to log in. */
  public enum PublishAuth {
    /** As readers do, or else by what there is. */
    AUTO,
    /** By HTTP digest. */
    DIGEST,
    /** By their password, over TLS. */
    BASIC,
    /** By a token. */
    BEARER,
    /** As the container does it. */
    CONTAINER
  }

  /**
   * Which signed tokens are good.
   *
   * @param issuer who signs them; empty if none is good
   * @param audience whom they must be for
   * @param keys where the issuer's public keys are
   * @param algorithms what they may be signed by; at least one
   * @param nameClaim which claim has the user's name
   * @param groupsClaim which claim has the user's roles
   * @param skew how far the issuer's clock may be off
   */
  public record Jwt(
      String issuer,
      String audience,
      String keys,
      List<String> algorithms,
      String nameClaim,
      String groupsClaim,
      Duration skew) {

    /** Whether any are asked for. */
    boolean isUsed() {
      return !(issuer.isEmpty() && audience.isEmpty() && keys.isEmpty());
    }
  }

  /**
   * Where groups, and users who aren't named, are.
   *
   * @param groups a file of groups; empty for none
   * @param query what answers the hashes of users in a database
   * @param groupsQuery what answers their groups; empty for none
   */
  public record Stores(String groups, String query, String groupsQuery) {}

  /**
   * How whoever guesses is held up.
   *
   * @param failures how many failures cost nothing
   * @param delay how long logins are refused after the next one, and at most after more
   */
  public record Login(int failures, Retry delay) {}

  /**
   * How digest authentication is offered (RFC 7616 §3.3).
   *
   * @param algorithms the algorithms, the one that is preferred first; at least one
   * @param opaque what clients have to send back; empty for nothing
   * @param domain the paths and URIs that a login holds for; empty for the whole server
   * @param charset whether clients are told that names and passwords are hashed as UTF-8
   * @param userhash whether clients may hash the user's name
   * @param nonceLifetime how long a nonce is good for
   * @param nonces how many nonces in use are remembered at most
   * @param integrity whether digests may cover bodies
   * @param integrityMemory the most bytes of such bodies that are being read
   */
  public record Digest(
      List<String> algorithms,
      String opaque,
      List<String> domain,
      boolean charset,
      boolean userhash,
      Duration nonceLifetime,
      int nonces,
      boolean integrity,
      long integrityMemory) {}

  /**
   * How much of an event source is kept; whichever bound is reached first trims it.
   *
   * @param events the most events, at least 1
   * @param bytes the most bytes of encoded events
   * @param age how old an event may become; zero for any age
   */
  public record History(int events, long bytes, Duration age) {}

  /**
   * A range of times, such as those after which clients reconnect, from which each gets its own.
   *
   * @param shortest at least one millisecond
   * @param longest at least {@code shortest}
   */
  public record Retry(Duration shortest, Duration longest) {}

  /**
   * Which pages of other origins are let in.
   *
   * @param origins such as {@code https://app.example}; {@code *} alone for everybody's
   * @param credentials whether browsers may send logins along
   * @param maxAge how long browsers may remember the answer
   */
  public record Cors(List<String> origins, boolean credentials, Duration maxAge) {}

  /**
   * What bounds clients and requests.
   *
   * @param clients the most open clients of all event sources together
   * @param clientsPerAddress the most of them from one address; 0 for all
   * @param clientsPerUser the most of them of one user; 0 for all
   * @param direct the most events that wait for one client alone
   * @param pending the most bytes that wait for single clients of one event source
   * @param body the most bytes of a published request body, or of each event in a stream
   * @param silent how long a streaming publisher may send nothing; zero for ever
   */
  public record Limits(
      int clients,
      int clientsPerAddress,
      int clientsPerUser,
      int direct,
      long pending,
      int body,
      Duration silent) {}

  /**
   * Reads all settings that apply to a web application.
   *
   * @param context the application's context
   * @return the settings
   * @throws ConfigurationException if any is wrong or unknown; it lists every mistake
   */
  public static Settings read(ServletContext context) {
    List<SettingSource> sources = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    sources.add(SettingSource.systemProperties());
    sources.add(SettingSource.environment());
    MicroProfileSettings.read(Declared.ALL, mistakes::add).ifPresent(sources::add);
    sources.add(SettingSource.contextParameters(context));
    return read(sources, mistakes);
  }

  /**
   * These settings without what gives anybody away, for those who keep or pass them on. How
   * publishers log in stays known, though it may follow from there being users.
   */
  Settings withoutUsers() {
    Auth publishing = Logins.publishers(this);
    return new Settings(
        path,
        auth,
        realm,
        Secret.NONE,
        stores,
        login,
        Secret.NONE,
        publishing == Auth.NONE ? publishAuth : PublishAuth.valueOf(publishing.name()),
        basicInsecure,
        jwt,
        publishers,
        roles,
        digest,
        history,
        heartbeat,
        retry,
        lifetime,
        recheck,
        tickets,
        gapEvent,
        hello,
        hosts,
        trustedProxies,
        cors,
        limits,
        slow,
        linger,
        threads,
        demo);
  }

  static Settings read(List<SettingSource> sources) {
    return read(sources, List.of());
  }

  private static Settings read(List<SettingSource> sources, List<String> mistakes) {
    SettingsReader reader = new SettingsReader(Declared.ALL, sources);
    mistakes.forEach(reader::mistake);
    Settings settings = read(reader);
    Guard.mistakes(settings).forEach(reader::mistake);
    CrossOrigin.mistakes(settings).forEach(reader::mistake);
    reader.requireNoMistakes();
    return settings;
  }

  private static Settings read(SettingsReader reader) {
    return new Settings(
        reader.value(Declared.PATH),
        reader.value(Declared.AUTH),
        reader.value(Declared.REALM),
        reader.value(Declared.USERS),
        new Stores(
            reader.value(DeclaredLogin.GROUPS),
            reader.value(DeclaredLogin.USERS_QUERY),
            reader.value(DeclaredLogin.USERS_GROUPS_QUERY)),
        new Login(
            reader.value(DeclaredLogin.LOGIN_FAILURES), reader.value(DeclaredLogin.LOGIN_DELAY)),
        reader.value(Declared.TOKENS),
        reader.value(Declared.PUBLISH_AUTH),
        reader.value(Declared.BASIC_INSECURE),
        new Jwt(
            reader.value(DeclaredJwt.ISSUER),
            reader.value(DeclaredJwt.AUDIENCE),
            reader.value(DeclaredJwt.KEYS),
            reader.value(DeclaredJwt.ALGORITHMS),
            reader.value(DeclaredJwt.NAME_CLAIM),
            reader.value(DeclaredJwt.GROUPS_CLAIM),
            reader.value(DeclaredJwt.SKEW)),
        reader.value(Declared.PUBLISHERS),
        reader.value(Declared.ROLES),
        new Digest(
            reader.value(DeclaredDigest.ALGORITHMS),
            reader.value(DeclaredDigest.OPAQUE),
            reader.value(DeclaredDigest.DOMAIN),
            reader.value(DeclaredDigest.CHARSET),
            reader.value(DeclaredDigest.USERHASH),
            reader.value(DeclaredDigest.NONCE_LIFETIME),
            reader.value(DeclaredDigest.NONCES),
            reader.value(DeclaredDigest.INTEGRITY),
            reader.value(DeclaredDigest.LIMITS_INTEGRITY)),
        new History(
            reader.value(Declared.HISTORY_EVENTS),
            reader.value(Declared.HISTORY_BYTES),
            reader.value(Declared.HISTORY_AGE)),
        reader.value(Declared.HEARTBEAT),
        reader.value(Declared.RETRY),
        reader.value(Declared.LIFETIME),
        reader.value(Declared.RECHECK),
        reader.value(Declared.TICKETS),
        reader.value(Declared.GAP_EVENT),
        reader.value(Declared.HELLO),
        reader.value(Declared.HOSTS),
        reader.value(Declared.TRUSTED_PROXIES),
        new Cors(
            reader.value(Declared.CORS_ORIGINS),
            reader.value(Declared.CORS_CREDENTIALS),
            reader.value(Declared.CORS_MAX_AGE)),
        new Limits(
            reader.value(DeclaredLimits.CLIENTS),
            reader.value(DeclaredLimits.CLIENTS_PER_ADDRESS),
            reader.value(DeclaredLimits.CLIENTS_PER_USER),
            reader.value(DeclaredLimits.DIRECT),
            reader.value(DeclaredLimits.PENDING),
            reader.value(DeclaredLimits.BODY).intValue(),
            reader.value(DeclaredLimits.SILENT)),
        new SlowClients(
            reader.value(DeclaredLimits.SLOW_POLICY),
            reader.value(DeclaredLimits.SLOW_EVENTS),
            reader.value(DeclaredLimits.SLOW_BYTES),
            reader.value(DeclaredLimits.STALLED)),
        reader.value(Declared.LINGER),
        reader.value(Declared.THREADS),
        reader.value(Declared.DEMO));
  }
}
