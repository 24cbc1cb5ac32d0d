package org.asynceventsource.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.GuardedEvents;
import org.asynceventsource.security.ExpiringPrincipal;
import org.asynceventsource.security.IdentitiesUnavailableException;
import org.asynceventsource.security.Tokens;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The store of signed tokens")
class JwtIdentityStoreTest {

  private static final String ISSUER = "https://issuer.example";
  private static final String AUDIENCE = "events";
  private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");

  private static RSAKey rsa;
  private static RSAKey stranger;
  private static ECKey curve;

  @TempDir private Path directory;
  private JwtIdentityStore store;

  @BeforeAll
  static void makeKeys() throws JOSEException {
    rsa = new RSAKeyGenerator(2048).keyID("r").generate();
    stranger = new RSAKeyGenerator(2048).keyID("r").generate();
    curve = new ECKeyGenerator(Curve.P_256).keyID("e").generate();
  }

  @BeforeEach
  void open() throws Exception {
    store = open(options());
  }

  private JwtOptions options() throws Exception {
    Path keys =
        Files.writeString(
            directory.resolve("keys.json"), new JWKSet(List.of(rsa, curve)).toString(true));
    return JwtOptions.of(ISSUER, AUDIENCE, "file:" + keys);
  }

  private static JwtIdentityStore open(JwtOptions options) {
    return JwtIdentityStore.of(options, options.keys(), () -> NOW);
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(List.of("others", AUDIENCE))
        .subject("alice")
        .claim("groups", List.of("editors", "readers"))
        .expirationTime(Date.from(NOW.plusSeconds(60)));
  }

  private static String signed(JWTClaimsSet claims) throws JOSEException {
    return signed(claims, new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("r").build(), rsa());
  }

  private static JWSSigner rsa() throws JOSEException {
    return new RSASSASigner(rsa);
  }

  private static String signed(JWTClaimsSet claims, JWSHeader header, JWSSigner signer)
      throws JOSEException {
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }

  private CredentialValidationResult validate(String token) {
    return store.validate(Tokens.credential(token));
  }

  private void assertRefused(String token) {
    assertThat(validate(token).getStatus()).isEqualTo(Status.INVALID);
  }

  @Test
  @DisplayName("believes the issuer's word on name, groups and end")
  void good() throws Exception {
    CredentialValidationResult result = validate(signed(claims().build()));

    assertThat(result.getStatus()).isEqualTo(Status.VALID);
    assertThat(result.getCallerPrincipal().getName()).isEqualTo("alice");
    assertThat(result.getCallerGroups()).containsExactlyInAnyOrder("editors", "readers");
    assertThat(((ExpiringPrincipal) result.getCallerPrincipal()).expiresAt())
        .isEqualTo(NOW.plusSeconds(60 + 30));
  }

  @Test
  @DisplayName("takes every algorithm that is named, and the key that fits")
  void curves() throws Exception {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("e").build();
    assertThat(validate(signed(claims().build(), header, new ECDSASigner(curve))).getStatus())
        .isEqualTo(Status.VALID);
    JWSHeader anonymous = new JWSHeader(JWSAlgorithm.RS256);
    assertThat(validate(signed(claims().build(), anonymous, rsa())).getStatus())
        .isEqualTo(Status.VALID);
  }

  @ParameterizedTest(name = "{0} s: {1}")
  @CsvSource({"-31, INVALID", "-29, VALID", "1, VALID"})
  @DisplayName("refuses what has expired, but for the skew of clocks")
  void expiry(int seconds, Status status) throws Exception {
    JWTClaimsSet claims = claims().expirationTime(Date.from(NOW.plusSeconds(seconds))).build();
    assertThat(validate(signed(claims)).getStatus()).isEqualTo(status);
  }

  @Test
  @DisplayName("refuses what isn't for us, from somebody else, not yet good, or incomplete")
  void otherClaims() throws Exception {
    List<UnaryOperator<JWTClaimsSet.Builder>> changes =
        List.of(
            claims -> claims.issuer("https://evil.example"),
            claims -> claims.issuer(null),
            claims -> claims.audience("others"),
            claims -> claims.audience((String) null),
            claims -> claims.expirationTime(null),
            claims -> claims.notBeforeTime(Date.from(NOW.plusSeconds(31))),
            claims -> claims.subject(null),
            claims -> claims.subject(""),
            claims -> claims.subject("a\nb"));
    for (UnaryOperator<JWTClaimsSet.Builder> change : changes) {
      assertRefused(signed(change.apply(claims()).build()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sub", "exp"})
  @DisplayName("refuses a claim that is there and is null")
  void nullClaim(String name) throws Exception {
    Map<String, Object> claims = new HashMap<>(claims().build().toJSONObject());
    claims.put(name, null);
    String json = JSONObjectUtils.toJSONString(claims);
    assertThat(json).contains('"' + name + "\":null");
    JWSObject token =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("r").build(), new Payload(json));
    token.sign(rsa());
    assertRefused(token.serialize());
  }

  /** The attack: a token without a signature. */
  @Test
  @DisplayName("refuses the algorithm none")
  void none() {
    String plain = new PlainJWT(claims().build()).serialize();
    assertRefused(plain);
    String header = base64("{\"alg\":\"none\"}");
    assertRefused(header + '.' + plain.split("\\.", -1)[1] + ".AAAA");
  }

  /** The attack: the issuer's public key, which everybody has, as a secret for HMAC. */
  @Test
  @DisplayName("refuses HMAC with the public key as its secret")
  void publicKeyAsSecret() throws Exception {
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(rsa.toPublicKey().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r").build();
    for (byte[] secret :
        List.of(rsa.toPublicKey().getEncoded(), pem.getBytes(StandardCharsets.US_ASCII))) {
      assertRefused(signed(claims().build(), header, new MACSigner(secret)));
    }
  }

  /** The attack: a key of the attacker's own, by its name or in the token itself. */
  @Test
  @DisplayName("refuses other keys, and what tokens say of keys")
  void strangersKey() throws Exception {
    JWSSigner signer = new RSASSASigner(stranger);
    JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("r");
    assertRefused(signed(claims().build(), header.build(), signer));
    assertRefused(signed(claims().build(), header.jwk(stranger.toPublicJWK()).build(), signer));
  }

  @Test
  @DisplayName("refuses algorithms that aren't named, though the key is right")
  void pinnedAlgorithms() throws Exception {
    String strong = signed(claims().build(), new JWSHeader(JWSAlgorithm.RS512), rsa());
    assertRefused(strong);
    store = open(options().withAlgorithms(List.of("RS512")));
    assertThat(validate(strong).getStatus()).isEqualTo(Status.VALID);
    assertRefused(signed(claims().build()));
  }

  @Test
  @DisplayName("refuses what was changed after it was signed")
  void tampered() throws Exception {
    String[] parts = signed(claims().build()).split("\\.", -1);
    String claims = base64(claims().subject("admin").build().toString());
    assertRefused(parts[0] + '.' + claims + '.' + parts[2]);
    assertRefused(parts[0] + '.' + parts[1] + '.');
    assertRefused("..");
  }

  /** The attack: claims as deep as they go, to run out of stack. */
  @Test
  @DisplayName("refuses claims that are nested without end")
  void nested() {
    String deep = "{\"a\":".repeat(2_000);
    assertRefused(base64("{\"alg\":\"RS256\"}") + '.' + base64(deep) + ".AAAA");
    assertRefused(base64(deep) + '.' + base64("{}") + ".AAAA");
  }

  @Test
  @DisplayName("leaves to others what has not three parts, and what is no token")
  void notOurs() {
    assertThat(validate("just-a-word").getStatus()).isEqualTo(Status.NOT_VALIDATED);
    assertThat(validate("a.b.c.d.e").getStatus()).isEqualTo(Status.NOT_VALIDATED);
    assertThat(store.validate(new UsernamePasswordCredential("a", "b")).getStatus())
        .isEqualTo(Status.NOT_VALIDATED);
  }

  @Test
  @DisplayName("finds name and groups in the claims that are named")
  void ownClaims() throws Exception {
    store = open(options().withClaims("email", "scope"));
    CredentialValidationResult result =
        validate(signed(claims().claim("email", "a@b").claim("scope", " read  write").build()));

    assertThat(result.getCallerPrincipal().getName()).isEqualTo("a@b");
    assertThat(result.getCallerGroups()).isEqualTo(Set.of("read", "write"));
    assertRefused(signed(claims().build()));
  }

  @Test
  @DisplayName("takes no file of keys by which somebody else could sign")
  void secretKeys() throws Exception {
    Path secret = directory.resolve("secret.json");
    Files.writeString(
        secret, new JWKSet(new OctetSequenceKeyGenerator(256).generate()).toString(false));
    Path owned = directory.resolve("owned.json");
    Files.writeString(owned, new JWKSet(rsa).toString(false));
    for (Path file : List.of(secret, owned)) {
      assertThatThrownBy(() -> open(JwtOptions.of(ISSUER, AUDIENCE, "file:" + file)))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("needs public keys");
    }
    Path broken = Files.writeString(directory.resolve("broken.json"), "{");
    assertThatThrownBy(() -> open(JwtOptions.of(ISSUER, AUDIENCE, "file:" + broken)))
        .hasMessageContaining("can't be read");
  }

  @ParameterizedTest(name = "[{0}] [{1}] [{2}]")
  @CsvSource({
    "'', events, file:keys, issuer",
    "https://i, '', file:keys, audience",
    "https://i, events, '', keys",
    "https://i, events, http://i/keys, keys",
    "https://i, events, file:, keys",
    "https://i, events, https:///keys, keys"
  })
  @DisplayName("needs issuer, audience and keys that nobody can change on the way")
  void required(String issuer, String audience, String keys, String setting) {
    assertThatThrownBy(() -> JwtOptions.of(issuer, audience, keys))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("setting 'eventsource.jwt.%s'", setting);
  }

  @ParameterizedTest(name = "[{0}]")
  @ValueSource(strings = {"none", "HS256", "HS512", "rs256", "RS1", ""})
  @DisplayName("can't be told to take algorithms by which others could sign")
  void unusable(String algorithm) throws Exception {
    JwtOptions options = options();
    assertThat(JwtOptions.isUsable(algorithm)).isFalse();
    assertThatThrownBy(() -> options.withAlgorithms(List.of("RS256", algorithm)))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> options.withAlgorithms(List.of()))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  @DisplayName(
      "fetches keys before the first request, and goes on with them while the issuer is away")
  void fetched() throws Exception {
    AtomicInteger fetches = new AtomicInteger();
    HttpServer issuer =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] keys = new JWKSet(rsa).toString(true).getBytes(StandardCharsets.UTF_8);
    issuer.createContext(
        "/",
        exchange -> {
          fetches.incrementAndGet();
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    issuer.start();
    String url = "http://localhost:" + issuer.getAddress().getPort() + "/keys";
    store = JwtIdentityStore.of(options(), url, () -> NOW);
    assertThat(fetches).hasValue(1);
    issuer.stop(0);

    assertThat(validate(signed(claims().build())).getStatus()).isEqualTo(Status.VALID);
    store.close();
    Awaitility.await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("eventsource-jwt-keys")));
  }

  @Test
  @DisplayName("lets nobody in while there are no keys, and says so")
  void noKeys() throws Exception {
    String token = signed(claims().build());
    try (LogRecords log = LogRecords.of("org.asynceventsource.security.jwt")) {
      store = JwtIdentityStore.of(options(), "http://localhost:9/keys", () -> NOW);
      assertThatThrownBy(() -> validate(token))
          .isInstanceOf(IdentitiesUnavailableException.class)
          .hasMessageContaining("there are no keys");
      assertThat(log.messages()).hasSizeLessThanOrEqualTo(1);
    } finally {
      store.close();
    }
  }

  @Test
  @DisplayName("serves an event source by its settings")
  void overHttp() throws Exception {
    JwtOptions options = options();
    Map<String, String> settings =
        Map.of(
            "auth",
            "bearer",
            "jwt.issuer",
            ISSUER,
            "jwt.audience",
            AUDIENCE,
            "jwt.keys",
            options.keys(),
            "publishers",
            "alice");
    JWTClaimsSet now =
        claims().expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(1)))).build();
    HttpCall post =
        HttpCall.of("POST", GuardedEvents.PATH)
            .with("Authorization", "Bearer " + signed(now))
            .withBody("text/plain", "hello");
    try (LogRecords log = LogRecords.of("org.asynceventsource.security");
        GuardedEvents events = GuardedEvents.start(settings);
        HttpReply expired =
            events.send(
                GuardedEvents.get()
                    .with(
                        "Authorization",
                        "Bearer "
                            + signed(claims().expirationTime(Date.from(Instant.EPOCH)).build())))) {
      assertThat(expired.status()).isEqualTo(401);
      assertThat(expired.field("WWW-Authenticate")).endsWith("error=\"invalid_token\"");
      assertThat(events.status(post)).isEqualTo(200);
      assertThat(events.status(GuardedEvents.get())).isEqualTo(401);
      assertStreamEnds(events);
      assertThat(log.messages()).noneMatch(line -> line.contains("alice"));
    }
  }

  /** The stream lives on its token, and the skew of clocks besides: between one second and two. */
  private static void assertStreamEnds(GuardedEvents events) throws Exception {
    Instant expiry = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(28);
    Instant end = expiry.plusSeconds(30);
    JWTClaimsSet ending = claims().expirationTime(Date.from(expiry)).build();
    HttpCall call = GuardedEvents.get().with("Authorization", "Bearer " + signed(ending));
    try (EventStreamRecorder stream = events.open(call)) {
      stream.assertEndedWithin(Duration.between(Instant.now(), end.plusSeconds(1)));
      assertThat(Instant.now()).isAfterOrEqualTo(end);
    }
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
