package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.GuardedEvents;
import org.asynceventsource.bus.EventBusExtension;
import org.asynceventsource.security.DigestAlgorithm;
import org.asynceventsource.security.DigestCredential;
import org.asynceventsource.security.DigestHash;
import org.asynceventsource.security.UsersDatabase;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LocalNaming;
import org.asynceventsource.test.LogRecords;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In a real container; requests byte by byte. */
@DisplayName("The setting of users")
class UserStoresTest {

  private static final String REALM = "eventsource";
  private static final String DATABASE = "java:comp/env/jdbc/users";

  private final LocalNaming naming = LocalNaming.open();
  private final UsersDatabase database = UsersDatabase.create().with("dave", REALM, "d");
  private final Map<String, String> settings = new HashMap<>(Map.of("auth", "digest"));
  private LogRecords expected;
  private WeldContainer cdi;

  /** A bean that keeps what digest needs. */
  @ApplicationScoped
  public static class Accounts implements IdentityStore {

    public CredentialValidationResult validate(DigestCredential credential) {
      String hash = DigestHash.generateHash("alice", REALM, "secret", DigestAlgorithm.SHA_256);
      return credential.names("alice") && credential.verify(hash)
          ? new CredentialValidationResult("alice")
          : CredentialValidationResult.INVALID_RESULT;
    }
  }

  /** A bean that knows passwords only, and injects. */
  @Dependent
  public static class Passwords implements IdentityStore {

    @Inject Accounts accounts;

    public CredentialValidationResult validate(UsernamePasswordCredential credential) {
      return accounts != null && credential.compareTo("bob", "secret")
          ? new CredentialValidationResult("bob")
          : CredentialValidationResult.INVALID_RESULT;
    }
  }

  /** A bean that knows everybody's groups. */
  @ApplicationScoped
  public static class Groups implements IdentityStore {

    @Override
    public Set<ValidationType> validationTypes() {
      return Set.of(ValidationType.PROVIDE_GROUPS);
    }

    @Override
    public Set<String> getCallerGroups(CredentialValidationResult validated) {
      return Set.of("of " + validated.getCallerPrincipal().getName());
    }
  }

  /** A bean that is asked first, and refuses one whom others let in. */
  @ApplicationScoped
  public static class First implements IdentityStore {

    @Override
    public int priority() {
      return 1;
    }

    @Override
    public CredentialValidationResult validate(Credential credential) {
      return credential instanceof UsernamePasswordCredential password
              && password.getCaller().equals("carol")
          ? new CredentialValidationResult("carol by the first")
          : CredentialValidationResult.NOT_VALIDATED_RESULT;
    }
  }

  @BeforeEach
  void listen() {
    expected = LogRecords.of("org.asynceventsource.security");
    naming.bind(DATABASE, database.counted().source());
    naming.bind("java:something", "else");
  }

  @AfterEach
  void stop() {
    expected.close();
    naming.close();
    if (cdi != null) {
      cdi.close();
    }
  }

  private GuardedEvents start(Class<?>... beans) throws Exception {
    cdi =
        new Weld()
            .disableDiscovery()
            .addExtension(new EventBusExtension())
            .beanClasses(beans)
            .initialize();
    return GuardedEvents.start(
        settings,
        (request, response, chain) -> {
          HttpServletRequest http = (HttpServletRequest) request;
          ((HttpServletResponse) response)
              .setHeader(
                  "X-Who",
                  http.getRemoteUser()
                      + http.isUserInRole("of " + http.getRemoteUser())
                      + http.isUserInRole("staff"));
          chain.doFilter(request, response);
        });
  }

  private static String digest(GuardedEvents events, String user, String password)
      throws IOException {
    try (HttpReply challenge = events.send(GuardedEvents.get())) {
      DigestClient client = DigestClient.of(user, password, challenge.field("WWW-Authenticate"));
      return who(
          events,
          GuardedEvents.get().with("Authorization", client.answer("GET", GuardedEvents.PATH)));
    }
  }

  private static String basic(GuardedEvents events, String pair) throws IOException {
    String word = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return who(events, GuardedEvents.get().with("Authorization", "Basic " + word));
  }

  /** The user, and whether in the group of the bean, and of the database; or the status. */
  private static String who(GuardedEvents events, HttpCall call) throws IOException {
    try (HttpReply reply = events.send(call)) {
      return reply.status() == 200 ? reply.field("X-Who") : Integer.toString(reply.status());
    }
  }

  @Test
  @DisplayName("lets beans of the application check digests, and others add groups")
  void digestBeans() throws Exception {
    settings.put("users", "beans:");
    try (GuardedEvents events = start(Accounts.class, Passwords.class, Groups.class)) {
      assertThat(digest(events, "alice", "secret")).isEqualTo("alicetruefalse");
      assertThat(digest(events, "alice", "wrong")).isEqualTo("401");
      assertThat(digest(events, "bob", "secret")).isEqualTo("401");
      assertThat(digest(events, "nobody", "secret")).isEqualTo("401");
    }
  }

  @Test
  @DisplayName("lets beans check passwords beside users of its own, by their priority")
  void basicBeans() throws Exception {
    settings.put("auth", "basic");
    settings.put("users", "beans:, carol:c");
    try (GuardedEvents events = start(Accounts.class, Passwords.class, First.class)) {
      assertThat(basic(events, "bob:secret")).isEqualTo("bobfalsefalse");
      assertThat(basic(events, "bob:wrong")).isEqualTo("401");
      assertThat(basic(events, "carol:anything")).isEqualTo("carol by the firstfalsefalse");
    }
  }

  @Test
  @DisplayName("may name a database of the container's, beside other users")
  void database() throws Exception {
    database.run("insert into event_source_groups values ('dave', 'staff')");
    settings.put("users", "alice:secret, jdbc:" + DATABASE);
    settings.put("publishers", "eve");
    try (GuardedEvents events = start()) {
      assertThat(digest(events, "dave", "d")).isEqualTo("davefalsetrue");
      assertThat(digest(events, "dave", "wrong")).isEqualTo("401");
      assertThat(digest(events, "alice", "secret")).isEqualTo("alicefalsefalse");
      database.counted().setAway(true);
      assertThat(digest(events, "alice", "secret")).isEqualTo("alicefalsefalse");
      assertThat(digest(events, "dave", "d")).isEqualTo("503");
    }
  }

  @Test
  @DisplayName("may come with queries of its own")
  void queries() throws Exception {
    settings.put("users", "jdbc:" + DATABASE);
    settings.put("users.query", "select hash from event_source_users where ? = name");
    settings.put("users.groups-query", "");
    database.run("drop table event_source_groups");
    try (GuardedEvents events = start()) {
      assertThat(digest(events, "dave", "d")).isEqualTo("davefalsefalse");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "users=jdbc:postgresql://db/users|entry 1: a database is named as the container knows it",
        "users=jdbc:java:comp/env/jdbc/other|has no data source 'java:comp/env/jdbc/other'",
        "users=jdbc:java:something|'java:something' is no data source; name one",
        "users=beans:Accounts|entry 1: nothing may follow 'beans:'",
        "users.query=select 1|the query for users has 0 parameters",
        "users.query=select hash from accounts where name = ?|SQLState 42S0",
        "users.groups-query=select 1|the query for groups has 0 parameters",
        "digest.userhash=true|set 'eventsource.digest.userhash' to false",
        "groups=/etc/groups|setting 'eventsource.groups' is '/etc/groups' but must be file:PATH",
        "groups=file:/no/such|setting 'eventsource.groups': file '/no/such' doesn't exist",
        "login.failures=0|must be a whole number from 1 to 1000000",
        "login.delay=0..5m|must be a range of durations such as",
        "login.delay=5m..1s|must be a range of durations such as",
      })
  @DisplayName("that can't work stops the start, with the remedy")
  void mistakes(String setting, String message) {
    settings.put("users", "jdbc:" + DATABASE);
    String[] parts = setting.split("=", 2);
    settings.put(parts[0], parts[1]);
    assertThatThrownBy(() -> start(Accounts.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  @DisplayName("that says there are beans stops the start if there is none")
  void noBeans() {
    settings.put("users", "beans:");
    assertThatThrownBy(this::start)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("but no bean is an identity store; add a bean that implements");
  }

  @Test
  @DisplayName("that says there are beans stops the start if there is no CDI")
  void noCdi() {
    settings.put("users", "beans:");
    assertThatThrownBy(() -> GuardedEvents.start(settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("but there is no CDI");
  }

  @Test
  @DisplayName("comes with a bound on failed logins")
  void loginLimits() throws Exception {
    for (String scheme : new String[] {"digest", "basic"}) {
      settings.put("auth", scheme);
      settings.put("users", "alice:secret");
      settings.put("login.failures", "1");
      settings.put("login.delay", "1h..1h");
      try (GuardedEvents events = GuardedEvents.start(settings)) {
        for (int i = 0; i < 2; i++) {
          assertThat(
                  scheme.equals("digest")
                      ? digest(events, "alice", "wrong")
                      : basic(events, "alice:wrong"))
              .isEqualTo("401");
        }
        assertThat(
                scheme.equals("digest")
                    ? digest(events, "alice", "secret")
                    : basic(events, "alice:secret"))
            .as(scheme)
            .isEqualTo("401");
      }
    }
  }
}
