package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.GuardedEvents;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to log in, in front of an event source in a real container; requests byte by byte. */
@DisplayName("An event source with authentication of its own")
class AuthenticationSchemesTest {

  private static final String REALM = "My app name";
  private static final String TOKEN = "cGxlYXNlIGxldCBtZSBpbg==";

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private static final AuthenticationMiddleware DIGEST =
      AuthenticationMiddleware.digest().realm(REALM).username("admin").password("secret").build();

  private static final BasicAuthentication BASIC_OPTIONS =
      AuthenticationMiddleware.basic().realm(REALM).username("admin").password("secret");

  private static final AuthenticationMiddleware BASIC = BASIC_OPTIONS.build();

  private static final AuthenticationMiddleware BEARER =
      AuthenticationMiddleware.bearer()
          .realm(REALM)
          .token("admin", TOKEN)
          .token(
              TokenIdentity.withToken("editor", "another-token-0123").inGroups(Set.of("editors")))
          .build();

  private static String basic(String user, String password) {
    return basic((user + ':' + password).getBytes(StandardCharsets.UTF_8));
  }

  private static String basic(byte[] pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static HttpCall get(String authorization) {
    return GuardedEvents.get().with("Authorization", authorization);
  }

  private static void assertRefused(GuardedEvents events, HttpCall call, String challenge)
      throws Exception {
    try (HttpReply reply = events.send(call)) {
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.field("WWW-Authenticate")).isEqualTo(challenge);
      assertThat(reply.field("Cache-Control")).isEqualTo("no-store");
    }
  }

  @Test
  @DisplayName("lets a user in by basic, and nobody else")
  void basicLogin() throws Exception {
    String challenge = "Basic realm=\"My app name\", charset=\"UTF-8\"";
    BlockingQueue<String> users = new LinkedBlockingQueue<>();
    try (GuardedEvents events = GuardedEvents.behind(BASIC)) {
      events.source().onConnect(client -> users.add(client.principal().orElseThrow().getName()));
      assertRefused(events, GuardedEvents.get(), challenge);
      assertRefused(events, get(basic("admin", "Secret")), challenge);
      assertRefused(events, get(basic("nobody", "secret")), challenge);
      assertRefused(events, get(basic("nobody", "null")), challenge);
      assertRefused(events, get(basic("admin", "")), challenge);
      try (EventStreamRecorder stream = events.open(get(basic("admin", "secret")))) {
        events.source().send("hello");
        stream.assertEvent(null, "message", "hello");
      }
      assertThat(users.poll(10, TimeUnit.SECONDS)).isEqualTo("admin");
    }
    assertThat(log.messages()).noneMatch(line -> line.contains("ecret") || line.contains("admin"));
  }

  @Test
  @DisplayName("takes names and passwords in UTF-8 and in ISO-8859-1, and colons in passwords")
  void letters() throws Exception {
    try (GuardedEvents events =
        GuardedEvents.behind(
            AuthenticationMiddleware.basic().username("jürgen").password("pässe:wört").build())) {
      String pair = "jürgen:pässe:wört";
      assertThat(events.status(get(basic(pair.getBytes(StandardCharsets.UTF_8))))).isEqualTo(200);
      assertThat(events.status(get(basic(pair.getBytes(StandardCharsets.ISO_8859_1)))))
          .isEqualTo(200);
      assertThat(events.status(get(basic("jürgen", "pässe")))).isEqualTo(401);
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "Basic",
        "Basic ",
        "Basic YWRtaW4",
        "Basic YWRtaW46c2VjcmV0 x",
        "Basic YWRtaW4gc2VjcmV0",
        "Basic YWRtaW46c2VjcmV0Cg==",
        "Basic =",
        "Basic YWRt*W46c2VjcmV0",
        "basic username=\"admin\""
      })
  @DisplayName("answers 400 to what is no name and password")
  void malformedBasic(String sent) throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(BASIC);
        HttpReply reply = events.send(get(sent))) {
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.text()).doesNotContain("YWRt").doesNotContain("admin");
    }
  }

  /** The attack: to read the password on its way. The client must not even be asked for it. */
  @ParameterizedTest(name = "{0} by {1}: {2}")
  @CsvSource({
    "192.0.2.1, http, 403",
    "192.0.2.1, https, 200",
    "127.0.0.5, http, 200",
    "::1, http, 200",
    "unknown, http, 403",
  })
  @DisplayName("takes no password that others could read on the way")
  void plainHttp(String address, String scheme, int status) throws Exception {
    HttpCall call =
        GuardedEvents.get().with("X-Forwarded-For", address).with("X-Forwarded-Proto", scheme);
    HttpCall login = call.with("Authorization", basic("admin", "secret"));
    try (GuardedEvents events = GuardedEvents.behindProxyAnd(BASIC);
        HttpReply asked = events.send(call)) {
      assertThat(events.status(login)).isEqualTo(status);
      assertThat(asked.status()).isEqualTo(status == 200 ? 401 : 403);
      assertThat(asked.fields().containsKey("www-authenticate")).isEqualTo(status == 200);
    }
    try (GuardedEvents events =
        GuardedEvents.behindProxyAnd(BASIC_OPTIONS.overPlainHttp().build())) {
      assertThat(events.status(login)).isEqualTo(200);
    }
  }

  /** Then every client seems to be on this machine. */
  @Test
  @DisplayName("takes no password by a proxy on this machine that nobody told us of")
  void unknownProxy() throws Exception {
    HttpCall login = get(basic("admin", "secret"));
    try (GuardedEvents events = GuardedEvents.behind(BASIC)) {
      assertThat(events.status(login)).isEqualTo(200);
      assertThat(events.status(login.with("X-Forwarded-For", "192.0.2.1"))).isEqualTo(403);
      assertThat(events.status(login.with("Forwarded", "for=192.0.2.1"))).isEqualTo(403);
      assertThat(events.status(login.with("Via", "1.1 proxy"))).isEqualTo(403);
    }
  }

  /** The attack: one password after the other. */
  @Test
  @DisplayName("holds up whoever guesses passwords, but nobody else")
  void guessing() throws Exception {
    AtomicLong clock = new AtomicLong();
    MemoryIdentityStore users =
        MemoryIdentityStore.of(
            DigestIdentity.withPassword("admin", REALM, "secret", List.of(DigestAlgorithm.SHA_256)),
            DigestIdentity.withPassword("bob", REALM, "secret", List.of(DigestAlgorithm.SHA_256)));
    BasicAuthenticationMechanism mechanism =
        BasicAuthenticationMechanism.of(REALM, IdentityStores.of(users), clock::get);
    try (GuardedEvents events = GuardedEvents.behind(AuthenticationMiddleware.of(mechanism))) {
      for (int i = 0; i <= LoginLimits.DEFAULT.failures(); i++) {
        assertThat(events.status(get(basic("admin", "guess " + i)))).isEqualTo(401);
      }
      assertThat(events.status(get(basic("admin", "secret")))).isEqualTo(401);
      assertThat(events.status(get(basic("bob", "secret")))).isEqualTo(200);
      clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
      assertThat(events.status(get(basic("admin", "secret")))).isEqualTo(200);
    }
  }

  /** The attack: a stolen file of hashes, whose hashes are sent as passwords. */
  @Test
  @DisplayName("takes no hash for a password")
  void hashAsPassword() throws Exception {
    String hash = DigestHash.generateHash("admin", REALM, "secret", DigestAlgorithm.SHA_256);
    AuthenticationMiddleware hashed =
        AuthenticationMiddleware.basic().realm(REALM).username("admin").passwordHash(hash).build();
    try (GuardedEvents events = GuardedEvents.behind(hashed)) {
      assertThat(events.status(get(basic("admin", hash)))).isEqualTo(401);
      assertThat(events.status(get(basic("admin", "{SHA-256}" + hash)))).isEqualTo(401);
      assertThat(events.status(get("Basic " + hash))).isEqualTo(400);
      assertThat(events.status(get(basic("admin", "secret")))).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("lets the bearer of a token in, and tells others what is wrong")
  void bearer() throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(BEARER)) {
      String challenge = "Bearer realm=\"My app name\"";
      String wrong = challenge + ", error=\"invalid_token\"";
      assertRefused(events, GuardedEvents.get(), challenge);
      assertRefused(events, get("Bearer " + TOKEN.toLowerCase(Locale.ROOT)), wrong);
      assertRefused(events, get("Bearer " + TokenIdentity.hash(TOKEN)), wrong);
      assertRefused(events, get("Bearer " + TOKEN + "="), wrong);
      assertThat(events.status(get("bearer " + TOKEN))).isEqualTo(200);
      assertThat(events.status(get("Bearer another-token-0123"))).isEqualTo(200);
    }
    assertThat(log.messages()).noneMatch(line -> line.contains("cGx"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"Bearer", "Bearer ", "Bearer a b", "Bearer token=abc", "Bearer \"abc\""})
  @DisplayName("answers 400 to what is no token")
  void malformedBearer(String sent) throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(BEARER);
        HttpReply reply = events.send(get(sent))) {
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.field("WWW-Authenticate")).endsWith(", error=\"invalid_request\"");
    }
  }

  @Test
  @DisplayName("takes no token from the query, where logs and referrers would show it")
  void tokenInQuery() throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(BEARER)) {
      HttpCall call = HttpCall.of("GET", GuardedEvents.PATH + "?access_token=" + TOKEN);
      assertThat(events.status(call)).isEqualTo(401);
    }
  }

  /** The attack: credentials that are right, by a scheme that the server didn't choose. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"digest", "basic", "bearer", "denied"})
  @DisplayName("takes the scheme that it is made with, and never the one of the request")
  void schemeDowngrade(String kind) throws Exception {
    AuthenticationMiddleware middleware =
        switch (kind) {
          case "digest" -> DIGEST;
          case "basic" -> BASIC;
          case "bearer" -> BEARER;
          default -> AuthenticationMiddleware.denied();
        };
    String digest;
    try (GuardedEvents other = GuardedEvents.behind(DIGEST);
        HttpReply challenge = other.send(GuardedEvents.get())) {
      digest =
          DigestClient.of("admin", "secret", challenge.field("WWW-Authenticate"))
              .answer("GET", GuardedEvents.PATH);
    }
    try (GuardedEvents events = GuardedEvents.behind(middleware)) {
      assertThat(events.status(get(digest))).isEqualTo(kind.equals("digest") ? 200 : 401);
      assertThat(events.status(get(basic("admin", "secret"))))
          .isEqualTo(kind.equals("basic") ? 200 : 401);
      assertThat(events.status(get("Bearer " + TOKEN)))
          .isEqualTo(kind.equals("bearer") ? 200 : 401);
    }
  }

  @Test
  @DisplayName("lets nobody in where all are denied, and browsers ask for no password")
  void denied() throws Exception {
    try (GuardedEvents events = GuardedEvents.behind(AuthenticationMiddleware.denied());
        HttpReply reply = events.send(get(basic("admin", "secret")))) {
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.field("WWW-Authenticate")).isEqualTo("Denied realm=\"eventsource\"");
      assertThat(reply.text()).isEqualTo("nobody may come in here\n");
    }
  }

  @Test
  @DisplayName(
      "lets everybody read where none is asked, whatever the settings say, but not publish")
  void none() throws Exception {
    HttpCall post =
        HttpCall.of("POST", GuardedEvents.PATH)
            .with("Authorization", basic("admin", "secret"))
            .withBody("text/plain", "hello");
    Map<String, String> settings =
        Map.of("auth", "digest", "users", "admin:secret", "publishers", "admin");
    try (GuardedEvents guarded = GuardedEvents.start(settings);
        GuardedEvents events = GuardedEvents.start(settings, AuthenticationMiddleware.none())) {
      assertThat(guarded.status(GuardedEvents.get())).isEqualTo(401);
      assertThat(events.status(GuardedEvents.get())).isEqualTo(200);
      assertThat(events.status(post)).isEqualTo(403);
    }
  }

  @Test
  @DisplayName("lets in whom the application's own check names")
  void ownCheck() throws Exception {
    AuthenticationMiddleware middleware =
        AuthenticationMiddleware.authenticate(
            "Company realm=\"shop\"",
            request ->
                Optional.ofNullable(request.getHeader("X-Badge"))
                    .filter(badge -> badge.startsWith("7"))
                    .map(badge -> () -> "badge " + badge));
    try (GuardedEvents events = GuardedEvents.behind(middleware)) {
      assertRefused(events, GuardedEvents.get(), "Company realm=\"shop\"");
      assertRefused(events, GuardedEvents.get().with("X-Badge", "8"), "Company realm=\"shop\"");
      assertThat(events.status(GuardedEvents.get().with("X-Badge", "77"))).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("says to those who fail what the application wants said")
  void failureMessage() throws Exception {
    for (AuthenticationMiddleware middleware :
        new AuthenticationMiddleware[] {DIGEST, BASIC, BEARER}) {
      try (GuardedEvents events =
              GuardedEvents.behind(middleware.failureMessage("Ask <admin> for access"));
          HttpReply reply = events.send(GuardedEvents.get())) {
        assertThat(reply.text()).isEqualTo("Ask <admin> for access\n");
        assertThat(reply.field("Content-Type")).isEqualToIgnoringCase("text/plain;charset=UTF-8");
      }
    }
  }

  /** The seed lets everybody in then. */
  @Test
  @DisplayName("can't be made without users or tokens, and tells whether there are any")
  void credentials() {
    assertThat(AuthenticationMiddleware.digest().hasCredentials()).isFalse();
    assertThat(AuthenticationMiddleware.basic().hasCredentials()).isFalse();
    assertThat(AuthenticationMiddleware.bearer().hasCredentials()).isFalse();
    assertThat(BASIC_OPTIONS.hasCredentials()).isTrue();
    assertThat(AuthenticationMiddleware.bearer().token("a", TOKEN).hasCredentials()).isTrue();
    assertThat(AuthenticationMiddleware.digest().username("a").password("b").hasCredentials())
        .isTrue();
    assertThatThrownBy(() -> AuthenticationMiddleware.basic().build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no users");
    assertThatThrownBy(() -> AuthenticationMiddleware.bearer().build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no tokens");
  }

  @Test
  @DisplayName("can't be made of tokens that could be guessed or never be sent")
  void badTokens() {
    BearerAuthentication bearer = AuthenticationMiddleware.bearer();
    for (String token :
        new String[] {"", "short", "fifteen-chars-x", "sixteen characters", "ä".repeat(20)}) {
      assertThatThrownBy(() -> bearer.token("alice", token))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("at least 16");
    }
    assertThatThrownBy(() -> bearer.token("a:b", TOKEN)).hasMessageContaining("colon");
    assertThatThrownBy(() -> bearer.token("a", TOKEN).token("b", TOKEN).build())
        .hasMessageContaining("appears twice");
    assertThatThrownBy(() -> TokenIdentity.withHash("a", "{MD5}" + "0".repeat(32)))
        .hasMessageContaining("{SHA-256} and 64");
  }

  @Test
  @DisplayName("shows no user, password or token in any description")
  void descriptions() {
    assertThat(BASIC_OPTIONS).hasToString("BasicAuthentication[realm=My app name]");
    assertThat(AuthenticationMiddleware.bearer().token("a", TOKEN))
        .hasToString("BearerAuthentication[realm=eventsource]");
    assertThat(new TokenCredential(TOKEN)).hasToString("TokenCredential");
    assertThat(new BasicCredential("admin", "r", "secret")).hasToString("BasicCredential[realm=r]");
    assertThat(TokenIdentity.withToken("alice", TOKEN))
        .hasToString("TokenIdentity[name=alice, groups=[]]");
  }
}
