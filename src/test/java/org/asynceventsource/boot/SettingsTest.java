package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.SlowClients;
import org.asynceventsource.boot.SettingSource.Kind;
import org.asynceventsource.security.DataSourceIdentityStore;
import org.asynceventsource.servlet.AddressRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Settings")
class SettingsTest {

  @Test
  @DisplayName("have a default each")
  void defaults() {
    Settings settings = Settings.read(List.of());

    assertThat(settings.path()).isEqualTo("/events");
    assertThat(settings.auth()).isEqualTo(Settings.Auth.NONE);
    assertThat(settings.realm()).isEqualTo("eventsource");
    assertThat(settings.users().isEmpty()).isTrue();
    assertThat(settings.stores())
        .isEqualTo(
            new Settings.Stores(
                "",
                DataSourceIdentityStore.DEFAULT_QUERY,
                DataSourceIdentityStore.DEFAULT_GROUPS_QUERY));
    assertThat(settings.login())
        .isEqualTo(
            new Settings.Login(
                5, new Settings.Retry(Duration.ofSeconds(1), Duration.ofMinutes(5))));
    assertThat(settings.publishers()).isEmpty();
    assertThat(settings.roles()).isEmpty();
    assertThat(settings.digest())
        .isEqualTo(
            new Settings.Digest(
                List.of("SHA-256"),
                "",
                List.of(),
                false,
                false,
                Duration.ofMinutes(5),
                10_000,
                false,
                16 << 20));
    assertThat(settings.history()).isEqualTo(new Settings.History(10_000, 16 << 20, Duration.ZERO));
    assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.retry())
        .isEqualTo(new Settings.Retry(Duration.ofSeconds(5), Duration.ofSeconds(15)));
    assertThat(settings.lifetime()).isZero();
    assertThat(settings.gapEvent()).isEqualTo("eventsource.gap");
    assertThat(settings.hello()).isFalse();
    assertThat(settings.hosts()).isEmpty();
    assertThat(settings.trustedProxies()).isEmpty();
    assertThat(settings.limits())
        .isEqualTo(
            new Settings.Limits(10_000, 0, 0, 256, 64 << 20, 1 << 20, Duration.ofMinutes(5)));
    assertThat(settings.slow()).isEqualTo(SlowClients.DEFAULT);
    assertThat(settings.linger()).isZero();
    assertThat(settings.threads()).isEqualTo(2);
    assertThat(settings.demo()).isFalse();
  }

  @Test
  @DisplayName("are all listed where the table of the README is made from")
  void complete() {
    List<Object> declared =
        Stream.of(
                Declared.class,
                DeclaredDigest.class,
                DeclaredJwt.class,
                DeclaredLimits.class,
                DeclaredLogin.class)
            .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
            .filter(field -> Modifier.isStatic(field.getModifiers()))
            .filter(field -> field.getType() == Setting.class)
            .map(SettingsTest::value)
            .toList();

    assertThat(declared).isNotEmpty().containsExactlyInAnyOrderElementsOf(Declared.ALL);
    assertThat(Declared.ALL).extracting(Setting::variable).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("keep the order of digest algorithms, whatever letters they are written in")
  void algorithms() {
    String text = "md5, sha-512-256-SESS, SHA-256, MD5";

    assertThat(read("eventsource.digest.algorithms", text).digest().algorithms())
        .containsExactly("MD5", "SHA-512-256-sess", "SHA-256");
  }

  @Test
  @DisplayName("take a system property before the environment before MicroProfile before the rest")
  void precedence() {
    List<SettingSource> sources =
        new ArrayList<>(
            List.of(
                source(Kind.SYSTEM_PROPERTY, "eventsource.history.events", "1"),
                source(Kind.ENVIRONMENT, "EVENTSOURCE_HISTORY_EVENTS", "2"),
                source(Kind.MICROPROFILE, "eventsource.history.events", "3"),
                source(Kind.CONTEXT_PARAMETER, "eventsource.history.events", "4")));

    for (int winner = 1; winner <= 4; winner++) {
      assertThat(Settings.read(sources).history().events()).isEqualTo(winner);
      sources.remove(0);
    }
  }

  @Test
  @DisplayName("have dots and dashes as underscores in the environment")
  void environment() {
    Settings settings =
        Settings.read(
            List.of(
                SettingSource.of(
                    Kind.ENVIRONMENT,
                    Map.of(
                        "EVENTSOURCE_GAP_EVENT", "lost",
                        "EVENTSOURCE_TRUSTED_PROXIES", " 10.0.0.0/8 , ::1 ",
                        "EVENTSOURCE_HOSTS", "Example.COM,,[::1], FE80::1, ::1",
                        "PATH", "/bin"))));

    assertThat(settings.gapEvent()).isEqualTo("lost");
    assertThat(settings.hosts()).containsExactly("example.com", "[::1]", "[fe80::1]");
    assertThat(settings.trustedProxies())
        .extracting(AddressRange::toString)
        .containsExactly("10.0.0.0/8", "::1");
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("take durations in several spellings")
  @CsvSource({
    "0, 0",
    "0s, 0",
    "500ms, 500",
    "15s, 15000",
    "15S, 15000",
    "2m, 120000",
    "1h, 3600000",
    "365d, 31536000000",
    "PT15S, 15000",
    "pt1m, 60000",
    "'  15s ', 15000"
  })
  void durations(String text, long millis) {
    assertThat(read("eventsource.heartbeat", text).heartbeat()).hasMillis(millis);
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("refuse what is no duration")
  @ValueSource(
      strings = {
        "",
        "15",
        "0x",
        "-1s",
        "PT-1S",
        "1w",
        "1.5s",
        "366d",
        "999999999999999d",
        "s",
        "forever"
      })
  void notDurations(String text) {
    assertThat(mistakes("eventsource.heartbeat", text))
        .containsExactly(
            "setting 'eventsource.heartbeat' is '%s' but must be a duration such as 15s;"
                    .formatted(text)
                + " 0 turns heartbeats off (system property)");
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("take sizes in binary units")
  @CsvSource({
    "1B, 1",
    "512KB, 524288",
    "16mb, 16777216",
    "1GB, 1073741824",
    "1024GB, 1099511627776"
  })
  void sizes(String text, long bytes) {
    assertThat(read("eventsource.history.bytes", text).history().bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("refuse what is no size")
  @ValueSource(
      strings = {"", "0", "0B", "16", "16 MB", "1TB", "-1KB", "1025GB", "999999999999999GB"})
  void notSizes(String text) {
    assertThat(mistakes("eventsource.history.bytes", text))
        .containsExactly(
            "setting 'eventsource.history.bytes' is '%s' but must be a size such as 512KB, 16MB or"
                    .formatted(text)
                + " 1GB, at most 1024GB (system property)");
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("take a range of reconnect times, or one")
  @CsvSource({"5s..15s, 5000, 15000", "'1m .. PT2M', 60000, 120000", "3s, 3000, 3000"})
  void retry(String text, long shortest, long longest) {
    assertThat(read("eventsource.retry", text).retry())
        .isEqualTo(new Settings.Retry(Duration.ofMillis(shortest), Duration.ofMillis(longest)));
  }

  @ParameterizedTest(name = "{0} = {1}")
  @DisplayName("refuse values that could not work")
  @CsvSource({
    "eventsource.path, events",
    "eventsource.path, /",
    "eventsource.path, /events/*",
    "eventsource.path, '/events?a=b'",
    "eventsource.auth, kerberos",
    "eventsource.realm, ''",
    "eventsource.realm, my:app",
    "eventsource.realm, 'my \"app\"'",
    "eventsource.digest.algorithms, SHA-1",
    "eventsource.digest.algorithms, ''",
    "eventsource.digest.algorithms, -sess",
    "eventsource.digest.algorithms, SHA-512",
    "eventsource.digest.opaque, 'a \"b\"'",
    "eventsource.digest.domain, events",
    "eventsource.digest.domain, '/a /b'",
    "eventsource.digest.domain, 'ftp://example.com/'",
    "eventsource.digest.domain, 'https:///events'",
    "eventsource.digest.charset, UTF-8",
    "eventsource.digest.userhash, yes",
    "eventsource.digest.nonce-lifetime, 0",
    "eventsource.digest.nonces, 0",
    "eventsource.digest.integrity, auth-int",
    "eventsource.limits.integrity, 0",
    "eventsource.history.events, 0",
    "eventsource.history.events, 1e3",
    "eventsource.history.events, 99999999999999999999",
    "eventsource.retry, 0",
    "eventsource.retry, 15s..5s",
    "eventsource.retry, 1s..2s..3s",
    "eventsource.retry, ..",
    "eventsource.gap-event, ''",
    "eventsource.hello, yes",
    "eventsource.hosts, 'http://example.com'",
    "eventsource.hosts, 'example.com:8080'",
    "eventsource.hosts, 'a b'",
    "eventsource.trusted-proxies, proxy.example.com",
    "eventsource.trusted-proxies, 10.0.0.0/33",
    "eventsource.trusted-proxies, 10.0.0.256",
    "eventsource.limits.clients, 0",
    "eventsource.limits.stalled, 0",
    "eventsource.limits.body, 2GB",
    "eventsource.threads, 0",
    "eventsource.demo, ''"
  })
  void wrong(String key, String text) {
    assertThat(mistakes(key, text))
        .singleElement()
        .asString()
        .startsWith("setting '%s' is '%s' but must be ".formatted(key, text))
        .endsWith(" (system property)");
  }

  @Test
  @DisplayName("take an empty path for no default event source")
  void emptyPath() {
    assertThat(read("eventsource.path", "").path()).isEmpty();
  }

  @Test
  @DisplayName("report every mistake at once, each with its source")
  void allAtOnce() {
    List<String> mistakes =
        mistakes(
            List.of(
                source(Kind.SYSTEM_PROPERTY, "eventsource.hearbeat", "1s"),
                source(Kind.ENVIRONMENT, "EVENTSOURCE_HEARTBEAT", "0x"),
                source(Kind.CONTEXT_PARAMETER, "eventsource.threads", "many")));

    assertThat(mistakes)
        .containsExactly(
            "setting 'eventsource.heartbeat' is '0x' but must be a duration such as 15s;"
                + " 0 turns heartbeats off (environment variable EVENTSOURCE_HEARTBEAT)",
            "setting 'eventsource.threads' is 'many' but must be a whole number from 1 to 64"
                + " (context-param)",
            "there is no setting 'eventsource.hearbeat'; did you mean 'eventsource.heartbeat'?"
                + " (system property)");
  }

  @Test
  @DisplayName("name the nearest key where one is unknown, in the spelling of its source")
  void unknown() {
    assertThat(mistakes(List.of(source(Kind.ENVIRONMENT, "EVENTSOURCE_USER", "a:b"))))
        .containsExactly(
            "there is no setting 'EVENTSOURCE_USER'; did you mean 'EVENTSOURCE_USERS'?"
                + " (environment variable)");
    assertThat(mistakes("eventsource.something.else.altogether", "x"))
        .containsExactly(
            "there is no setting 'eventsource.something.else.altogether'; remove it, the README"
                + " lists all settings (system property)");
  }

  @Test
  @DisplayName("tell of an unknown key once, however many sources repeat it")
  void repeated() {
    assertThat(
            mistakes(
                List.of(
                    source(Kind.ENVIRONMENT, "EVENTSOURCE_FOO_BAR_BAZ", "1"),
                    source(Kind.MICROPROFILE, "eventsource.foo.bar.baz", "1"))))
        .hasSize(1);
  }

  @Test
  @DisplayName("accept the environment's keys as MicroProfile Config respells them")
  void respelled() {
    assertThat(
            Settings.read(
                    List.of(
                        source(Kind.ENVIRONMENT, "EVENTSOURCE_GAP_EVENT", "lost"),
                        source(Kind.MICROPROFILE, "eventsource.gap.event", "")))
                .gapEvent())
        .isEqualTo("lost");
  }

  @Test
  @DisplayName("ignore what Kubernetes tells of a service called eventsource")
  void kubernetes() {
    Map<String, String> variables =
        Map.of(
            "EVENTSOURCE_SERVICE_HOST", "10.0.0.1",
            "EVENTSOURCE_SERVICE_PORT_HTTP", "80",
            "EVENTSOURCE_PORT", "tcp://10.0.0.1:80",
            "EVENTSOURCE_PORT_80_TCP_ADDR", "10.0.0.1");

    assertThat(SettingSource.of(Kind.ENVIRONMENT, variables).values()).isEmpty();
  }

  @Test
  @DisplayName("refuse digest without users")
  void digestWithoutUsers() {
    assertThat(mistakes("eventsource.auth", "digest"))
        .containsExactly(
            "setting 'eventsource.auth' is 'digest' but 'eventsource.users' names nobody; add a"
                + " user, or set 'eventsource.auth' to none to let everybody read");
  }

  @Test
  @DisplayName("never fall back to a default where a value can't be read")
  void unreadable() {
    SettingSource broken =
        new SettingSource(Kind.MICROPROFILE, Map.of(), Set.of("eventsource.auth"));

    assertThat(mistakes(List.of(broken)))
        .containsExactly(
            "setting 'eventsource.auth' can't be read; mend the expression in its value"
                + " (MicroProfile Config property)");
  }

  @Test
  @DisplayName("never show a secret")
  void secrets() {
    SettingSource source =
        SettingSource.of(
            Kind.SYSTEM_PROPERTY,
            Map.of("eventsource.users", "admin:hunter2", "eventsource.usres", "admin:hunter2"));

    assertThat(mistakes(List.of(source)).toString()).doesNotContain("hunter2");
    assertThat(source.toString()).doesNotContain("hunter2");
    assertThat(read("eventsource.users", "admin:hunter2").toString()).doesNotContain("hunter2");
    assertThat(read("eventsource.users", "admin:hunter2").users().text())
        .isEqualTo("admin:hunter2");
  }

  @Test
  @DisplayName("show a wrong value without its control characters")
  void printable() {
    assertThat(mistakes("eventsource.threads", "1\r\n2" + "x".repeat(100)))
        .singleElement()
        .asString()
        .contains("'1\uFFFD\uFFFD2" + "x".repeat(60) + "…'");
  }

  private static Settings read(String key, String value) {
    return Settings.read(List.of(source(Kind.SYSTEM_PROPERTY, key, value)));
  }

  private static List<String> mistakes(String key, String value) {
    return mistakes(List.of(source(Kind.SYSTEM_PROPERTY, key, value)));
  }

  private static List<String> mistakes(List<SettingSource> sources) {
    return catchThrowableOfType(ConfigurationException.class, () -> Settings.read(sources))
        .mistakes();
  }

  private static SettingSource source(Kind kind, String name, String value) {
    return SettingSource.of(kind, Map.of(name, value));
  }

  private static Object value(Field field) {
    try {
      return field.get(null);
    } catch (IllegalAccessException inaccessible) {
      throw new AssertionError(inaccessible);
    }
  }
}
