package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.EventSources;
import org.asynceventsource.Ticket;
import org.asynceventsource.WebApplication;
import org.asynceventsource.middleware.RequestLogMiddleware;
import org.asynceventsource.security.AuthenticationMiddleware;
import org.asynceventsource.security.DigestAlgorithm;
import org.asynceventsource.security.DigestCredential;
import org.asynceventsource.security.DigestHash;
import org.asynceventsource.security.TokenIdentity;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attack: somebody reads the log, who may see nothing there that would let them in. All that can be
 * sent to log in is sent, rightly, wrongly and spoilt, to a real container, while all loggers are
 * told to write everything.
 */
@DisplayName("The log, at every level, has nothing secret")
class SecretsInLogsTest {

  private static final String PASSWORD = "pa55-of-alice";
  private static final String WRONG = "wr0ng-gue55";
  private static final String TOKEN = "t0ken-5f2d9c1b7ae04c6d8a";
  private static final String MARKER = "what the driver says, with hunter2";
  private static final String ISSUER = "https://issuer.example";
  private static final String HASH =
      DigestHash.generateHash("alice", "eventsource", PASSWORD, DigestAlgorithm.SHA_256);

  @TempDir private Path folder;

  private final LogRecords log = LogRecords.everythingOf("org.asynceventsource");
  private final ForeignStore store = new ForeignStore();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> secrets = new ArrayList<>(List.of(PASSWORD, WRONG, TOKEN, MARKER));
  private final WebApplication application = WebApplication.at("/app");
  private EventSources sources;
  private RSAKey key;

  @BeforeEach
  void start() throws Exception {
    key = new RSAKeyGenerator(2048).keyID("r").generate();
    Path keys = Files.writeString(folder.resolve("keys"), new JWKSet(key).toString(true));
    secrets.add(HASH);
    Map.of(
            "auth", "digest",
            "users", "alice:{SHA-256}" + HASH,
            "publishers", "alice",
            "publish.auth", "bearer",
            "jwt.issuer", ISSUER,
            "jwt.audience", "events",
            "jwt.keys", "file:" + keys,
            "tickets", "30s",
            "recheck", "100ms")
        .forEach((name, value) -> application.parameter("eventsource." + name, value));
    application
        .atStart(context -> prepare(EventSources.of(context)))
        .listener(new BootListener())
        .start();
  }

  private void prepare(EventSources made) {
    sources = made;
    made.at("/events").addMiddleware(RequestLogMiddleware.to(requests::add).headers("User-Agent"));
    made.at("/basic")
        .addMiddleware(
            AuthenticationMiddleware.basic().username("alice").password(PASSWORD).build());
    made.at("/bearer")
        .addMiddleware(
            AuthenticationMiddleware.bearer()
                .token(TokenIdentity.withToken("alice", TOKEN))
                .build());
    made.at("/foreign-basic")
        .addMiddleware(AuthenticationMiddleware.basic().identityStore(store).build());
    made.at("/foreign-digest")
        .addMiddleware(AuthenticationMiddleware.digest().identityStore(store).build());
  }

  @AfterEach
  void stop() throws Exception {
    application.stop();
    log.close();
  }

  @Test
  @DisplayName("of logins by digest, right, wrong, replayed and spoilt, and of their end")
  void digest() throws Exception {
    DigestClient alice = challenged("/app/events");
    String right = alice.answer("GET", "/app/events", 1);
    try (EventStreamRecorder stream = open("/app/events", right)) {
      assertThat(status("GET", "/app/events", right)).isEqualTo(401); // a replay
      assertThat(status("GET", "/app/events", wrong(alice))).isEqualTo(401);
      assertThat(status("GET", "/app/events", alice.answer("GET", "/app/other", 3))).isEqualTo(400);
      String spoilt = alice.answer("GET", "/app/events", 4).replace("nc=", "nc=x");
      assertThat(status("GET", "/app/events", spoilt)).isEqualTo(400);
      sources.at("/events").send("an event");
      stream.assertEvent(null, "message", "an event");
      sources.changed(AccessChanged.ended("alice"));
      stream.assertEnded();
    }
    await().until(() -> log.text().contains("disconnected: REVOKED"));
    assertNothingSecret("a login failed", "a request was answered 400");
  }

  private String wrong(DigestClient alice) {
    return alice.as("alice", WRONG).answer("GET", "/app/events", 2);
  }

  @Test
  @DisplayName("of passwords and tokens that are sent as they are")
  void plain() throws Exception {
    try (EventStreamRecorder stream = open("/app/basic", basic("alice", PASSWORD));
        EventStreamRecorder other = open("/app/bearer", "Bearer " + TOKEN)) {
      assertThat(status("GET", "/app/basic", basic("alice", WRONG))).isEqualTo(401);
      assertThat(status("GET", "/app/basic", basic(PASSWORD, ""))).isEqualTo(401);
      assertThat(status("GET", "/app/basic", basic("alice", PASSWORD) + "!")).isEqualTo(400);
      assertThat(status("GET", "/app/bearer", "Bearer " + WRONG)).isEqualTo(401);
      assertThat(status("GET", "/app/bearer", "Bearer " + TOKEN + " " + TOKEN)).isEqualTo(400);
      assertThat(status("GET", "/app/bearer", "Basic " + TOKEN)).isEqualTo(401);
      sources.changed(AccessChanged.ended("alice"));
      stream.assertEnded();
      other.assertEnded();
    }
    assertNothingSecret("a login failed", "a request was answered 400");
  }

  @Test
  @DisplayName("of signed tokens that publish, have expired, or are somebody else's")
  void signed() throws Exception {
    String good = token(Instant.now().plusSeconds(60));
    String spoilt = good.substring(0, good.length() - 8) + "AAAAAAAA";
    assertThat(status("POST", "/app/events", "Bearer " + good)).isEqualTo(200);
    assertThat(status("POST", "/app/events", "Bearer " + spoilt)).isEqualTo(401);
    assertThat(status("POST", "/app/events", "Bearer " + token(Instant.EPOCH))).isEqualTo(401);
    assertNothingSecret("a login failed");
  }

  @Test
  @DisplayName("of tickets, though they stand in the query")
  void tickets() throws Exception {
    String ticket = secret(sources.issue(Ticket.of("alice").withChannels("tea")));
    String target = "/app/events?channel=tea&ticket=" + ticket;
    try (EventStreamRecorder stream = application.get(target).stream();
        HttpReply again = application.get(target);
        HttpReply refused = application.get("/app/events?channel=milk&ticket=" + ticket);
        HttpReply forged = application.get(target + "A")) {
      stream.assertOpened();
      for (HttpReply reply : List.of(again, refused, forged)) {
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.text()).doesNotContain(ticket);
      }
      sources.changed(AccessChanged.ended("alice"));
      stream.assertEnded();
    }
    assertThat(requests).isNotEmpty().allMatch(line -> line.contains("ticket=…"));
    assertNothingSecret("a request was answered 403");
  }

  @Test
  @DisplayName("of what somebody else's store of users says when it fails, at a login or later")
  void failingStore() throws Exception {
    DigestClient alice = challenged("/app/foreign-digest");
    String digest = alice.answer("GET", "/app/foreign-digest", 1);
    try (EventStreamRecorder stream = open("/app/foreign-digest", digest);
        EventStreamRecorder other = open("/app/foreign-basic", basic("alice", PASSWORD))) {
      store.failing = true;
      stream.assertEnded();
      other.assertEnded();
    }
    String again = alice.answer("GET", "/app/foreign-digest", 2);
    assertThat(status("GET", "/app/foreign-digest", again)).isEqualTo(500);
    assertThat(status("GET", "/app/foreign-basic", basic("alice", PASSWORD))).isEqualTo(500);
    assertNothingSecret(
        "a login could not be asked whether it holds",
        "authentication failed inside",
        "ForeignStore.validate"); // where it was thrown
  }

  private DigestClient challenged(String path) throws IOException {
    try (HttpReply challenge = application.get(path)) {
      return DigestClient.of("alice", PASSWORD, challenge.field("WWW-Authenticate"));
    }
  }

  private EventStreamRecorder open(String target, String authorization) throws IOException {
    EventStreamRecorder stream = application.send(call("GET", target, authorization)).stream();
    stream.assertOpened();
    return stream;
  }

  private int status(String method, String target, String authorization) throws IOException {
    try (HttpReply reply = application.send(call(method, target, authorization))) {
      assertThat(reply.text()).doesNotContain(secrets);
      return reply.status();
    }
  }

  /** Secret is the value, and so are what follows the scheme, and a digest's proof. */
  private HttpCall call(String method, String target, String authorization) {
    secret(authorization);
    secret(authorization.substring(authorization.indexOf(' ') + 1));
    int response = authorization.indexOf("response=\"");
    if (response >= 0) {
      secret(authorization.substring(response).split("\"", -1)[1]);
    }
    HttpCall call = HttpCall.of(method, target).with("Authorization", authorization);
    return method.equals("POST") ? call.withBody("text/plain", "an event") : call;
  }

  private String secret(String text) {
    secrets.add(text);
    return text;
  }

  private static String basic(String user, String password) {
    byte[] pair = (user + ':' + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private String token(Instant end) throws Exception {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience("events")
            .subject("alice")
            .expirationTime(Date.from(end))
            .build();
    SignedJWT token =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("r").build(), claims);
    token.sign(new RSASSASigner(key));
    List.of(token.serialize().split("\\.", -1)).subList(1, 3).forEach(this::secret);
    return secret(token.serialize());
  }

  /** And that there is something to look at. */
  private void assertNothingSecret(String... told) throws Exception {
    application.stop();
    String all = log.text() + String.join("\n", requests);
    assertThat(all).contains(told).contains("event sources are closed"); // which is at DEBUG
    for (String secret : secrets) {
      assertThat(all).doesNotContain(secret);
    }
  }

  /** A store of somebody else's, whose failures tell more than they should. */
  private static final class ForeignStore implements IdentityStore {

    private volatile boolean failing;

    @Override
    public CredentialValidationResult validate(Credential credential) {
      if (failing) {
        throw new IllegalStateException(MARKER, new IOException(MARKER));
      }
      if (credential instanceof DigestCredential digest && !digest.verify(HASH)) {
        return CredentialValidationResult.INVALID_RESULT;
      }
      return new CredentialValidationResult("alice", Set.of());
    }
  }
}
