package org.asynceventsource.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.FakeClock;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestAuthenticationMechanismTest {

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private static final String REALM = "My app name";
  private static final DigestOptions OPTIONS = DigestOptions.of(REALM);
  private static final DigestOptions WITH_MD5 =
      OPTIONS.withAlgorithms(List.of(DigestAlgorithm.SHA_256, DigestAlgorithm.MD5));

  private final FakeClock clock = new FakeClock();
  private final DigestAuthenticationMechanism mechanism = mechanism(OPTIONS);
  private RecordedResponse response = new RecordedResponse();
  private FilterMessageContext context;

  @Test
  void without_credentials_a_protected_resource_answers_a_challenge() throws Exception {
    assertThat(validate(FakeRequest.get())).isEqualTo(AuthenticationStatus.SEND_FAILURE);
    response.assertChallenge(false);
    assertThat(response.challenges())
        .singleElement()
        .asString()
        .matches(
            "Digest realm=\"My app name\", qop=\"auth\", algorithm=SHA-256, nonce=\"[\\w-]{75}\"");
  }

  @Test
  void without_credentials_an_open_resource_is_left_alone() throws Exception {
    assertThat(validate(mechanism, FakeRequest.get(), false))
        .isEqualTo(AuthenticationStatus.NOT_DONE);
    response.assertUntouched();
  }

  @Test
  void each_algorithm_is_challenged_in_its_own_header_field_in_the_order_of_the_options()
      throws Exception {
    validate(mechanism(WITH_MD5), FakeRequest.get(), true);
    assertThat(response.challenges()).hasSize(2);
    assertThat(response.challenges().get(0)).contains("algorithm=SHA-256,");
    assertThat(response.challenges().get(1)).contains("algorithm=MD5,");
    List<DigestAlgorithm> other = List.of(DigestAlgorithm.MD5, DigestAlgorithm.SHA_256);
    validate(mechanism(OPTIONS.withAlgorithms(other)), FakeRequest.get(), true);
    assertThat(response.challenges().get(0)).contains("algorithm=MD5,");
  }

  @Test
  void a_challenge_has_what_the_options_say() throws Exception {
    DigestOptions options =
        DrivenMechanism.offering("md5", "SHA-256-sess")
            .withOpaque("5ccc")
            .withDomain(List.of("/events", "https://b.example:1/"))
            .withCharset(true)
            .withUserhash(true);
    validate(mechanism(options), FakeRequest.get(), true);
    assertThat(response.challenges())
        .extracting(challenge -> challenge.replaceAll("nonce=\"[\\w-]{75}\"", "nonce"))
        .containsExactly(
            "Digest realm=\"My app name\", qop=\"auth\", algorithm=MD5, nonce, opaque=\"5ccc\","
                + " domain=\"/events https://b.example:1/\", charset=UTF-8, userhash=true",
            "Digest realm=\"My app name\", qop=\"auth\", algorithm=SHA-256-sess, nonce,"
                + " opaque=\"5ccc\", domain=\"/events https://b.example:1/\", charset=UTF-8,"
                + " userhash=true");
  }

  @Test
  void every_challenge_has_a_nonce_of_its_own() throws Exception {
    assertThat(challenged().nonce()).isNotEqualTo(challenged().nonce());
  }

  @Test
  void a_right_answer_logs_the_caller_in_with_groups() throws Exception {
    DigestClient client = challenged();
    assertThat(send(client.answer("GET", "/events"))).isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(context.getCallerPrincipal().getName()).isEqualTo("admin");
    assertThat(context.getGroups()).containsExactly("operators");
  }

  @Test
  void an_open_resource_also_learns_the_caller() throws Exception {
    DigestClient client = challenged();
    FakeRequest request = FakeRequest.get().authorization(client.answer("GET", "/events"));
    assertThat(validate(mechanism, request, false)).isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(context.getCallerPrincipal().getName()).isEqualTo("admin");
  }

  /** Attack: credentials that don't fit are passed off as anonymous to get at less. */
  @Test
  void an_open_resource_refuses_wrong_answers_all_the_same() throws Exception {
    DigestClient client = challenged().as("admin", "wrong");
    FakeRequest request = FakeRequest.get().authorization(client.answer("GET", "/events"));
    assertThat(validate(mechanism, request, false)).isEqualTo(AuthenticationStatus.SEND_FAILURE);
    response.assertChallenge(false);
  }

  @Test
  void md5_logs_in_where_it_is_offered() throws Exception {
    DigestAuthenticationMechanism both = mechanism(WITH_MD5);
    validate(both, FakeRequest.get(), true);
    DigestClient client = DigestClient.of("admin", "admin", response.challenges().get(1));
    FakeRequest request = FakeRequest.get().authorization(client.answer("GET", "/events"));
    assertThat(validate(both, request, true)).isEqualTo(AuthenticationStatus.SUCCESS);
  }

  /** Attack: a client is talked into MD5, which the server never offered. */
  @ParameterizedTest
  @ValueSource(strings = {"MD5", "SHA-1", "SHA-256-sess", "none"})
  void an_algorithm_that_is_not_offered_is_challenged_anew(String algorithm) throws Exception {
    DigestClient client = challenged();
    Map<String, String> parameters = client.parameters("GET", "/events", 1);
    parameters.put("algorithm", algorithm);
    send(DigestClient.header(parameters));
    response.assertChallenge(false);
  }

  @Test
  void an_answer_without_algorithm_means_md5_and_is_challenged_anew() throws Exception {
    Map<String, String> parameters = challenged().parameters("GET", "/events", 1);
    parameters.remove("algorithm");
    send(DigestClient.header(parameters));
    response.assertChallenge(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic YWRtaW46YWRtaW4=", "Bearer x", "Digestive x=y", "digest-ish"})
  void other_schemes_are_no_credentials(String header) throws Exception {
    send(header);
    response.assertChallenge(false);
    assertThat(validate(mechanism, FakeRequest.get().authorization(header), false))
        .isEqualTo(AuthenticationStatus.NOT_DONE);
  }

  @Test
  void an_answer_for_another_realm_is_for_somebody_else() throws Exception {
    DigestClient client = challenged().with("realm", "Other");
    send(client.answer("GET", "/events"));
    response.assertChallenge(false);
    FakeRequest request = FakeRequest.get().authorization(client.answer("GET", "/events"));
    assertThat(validate(mechanism, request, false)).isEqualTo(AuthenticationStatus.NOT_DONE);
  }

  @Test
  void a_wrong_password_is_challenged_without_stale() throws Exception {
    send(challenged().as("admin", "wrong").answer("GET", "/events"));
    response.assertChallenge(false);
  }

  /** Attack: an unknown user gets in with what a missing password turns into. */
  @ParameterizedTest
  @ValueSource(strings = {"null", "", " ", "undefined"})
  void an_unknown_user_is_refused_whatever_the_password(String password) throws Exception {
    for (String user : new String[] {"nobody", "", "null", "ADMIN", "admin "}) {
      send(challenged().as(user, password).answer("GET", "/events"));
      response.assertChallenge(false);
    }
  }

  /** Attack: the time of an answer, or a missing computation, tells who is a user. */
  @Test
  void for_an_unknown_user_a_hash_is_verified_too() throws Exception {
    List<DigestCredential> seen = new ArrayList<>();
    IdentityStore empty =
        new IdentityStore() {
          @Override
          public CredentialValidationResult validate(Credential credential) {
            seen.add((DigestCredential) credential);
            return CredentialValidationResult.INVALID_RESULT;
          }
        };
    DigestAuthenticationMechanism other =
        DigestAuthenticationMechanism.of(OPTIONS, IdentityStores.of(empty), clock);
    FakeRequest request = FakeRequest.get().authorization(challenged().answer("GET", "/events"));
    validate(other, request, true);
    response.assertChallenge(false);
    assertThat(seen).singleElement().matches(DigestCredential::evaluated);
  }

  /** Attack: name "a:b" in realm "c" has the H(A1) of name "a" in realm "b:c". */
  @Test
  void a_name_with_a_colon_reaches_no_store() throws Exception {
    IdentityStore computing =
        new IdentityStore() {
          @Override
          public CredentialValidationResult validate(Credential credential) {
            DigestCredential digest = (DigestCredential) credential;
            String a1 = digest.callerName() + ':' + digest.realm() + ":admin";
            digest.verify(digest.algorithm().hash(a1.getBytes(UTF_8)));
            return new CredentialValidationResult(digest.callerName());
          }
        };
    DigestAuthenticationMechanism other =
        DigestAuthenticationMechanism.of(OPTIONS, IdentityStores.of(computing), clock);
    validate(other, FakeRequest.get(), true);
    DigestClient client = DigestClient.of("admin", "admin", response.challenges().get(0));
    for (String name : new String[] {"admin:x", "admin"}) {
      String answer = client.as(name, "admin").answer("GET", "/events");
      AuthenticationStatus status = validate(other, FakeRequest.get().authorization(answer), true);
      assertThat(status == AuthenticationStatus.SUCCESS).as(name).isEqualTo(name.equals("admin"));
    }
  }

  /** Attack on ourselves: a careless store calls everybody valid. */
  @Test
  void a_store_that_verified_nothing_is_not_believed() throws Exception {
    IdentityStore careless =
        new IdentityStore() {
          @Override
          public CredentialValidationResult validate(Credential credential) {
            return new CredentialValidationResult(((DigestCredential) credential).callerName());
          }
        };
    DigestAuthenticationMechanism other =
        DigestAuthenticationMechanism.of(OPTIONS, IdentityStores.of(careless), clock);
    validate(other, FakeRequest.get().authorization(challenged().answer("GET", "/events")), true);
    response.assertChallenge(false);
  }

  // Nonces and counts.

  /** Attack: a request overheard is sent again. */
  @Test
  void a_replay_is_refused_but_its_rightful_sender_may_go_on_silently() throws Exception {
    DigestClient client = challenged();
    String overheard = client.answer("GET", "/events");
    assertThat(send(overheard)).isEqualTo(AuthenticationStatus.SUCCESS);
    send(overheard);
    response.assertChallenge(true);
    assertThat(send(client.answer("GET", "/events"))).isEqualTo(AuthenticationStatus.SUCCESS);
  }

  @Test
  void counts_may_arrive_out_of_order() throws Exception {
    DigestClient client = challenged();
    for (long count : new long[] {3, 1, 2, 100, 4, 0xffff_ffffL}) {
      assertThat(send(client.answer("GET", "/events", count)))
          .as("count " + count)
          .isEqualTo(AuthenticationStatus.SUCCESS);
    }
    send(client.answer("GET", "/events", 5));
    response.assertChallenge(true);
  }

  /** Attack: guesses with somebody's nonce use up the counts that its owner is about to send. */
  @Test
  void a_wrong_digest_burns_no_count() throws Exception {
    DigestClient client = challenged();
    DigestClient attacker = client.as("admin", "guess");
    for (long count : new long[] {1, 2, 0xffff_ffffL}) {
      send(attacker.answer("GET", "/events", count));
      response.assertChallenge(false);
    }
    assertThat(send(client.answer("GET", "/events", 1))).isEqualTo(AuthenticationStatus.SUCCESS);
  }

  @Test
  void after_a_restart_a_right_answer_is_stale_and_the_next_one_passes() throws Exception {
    DigestAuthenticationMechanism before = mechanism(OPTIONS);
    validate(before, FakeRequest.get(), true);
    DigestClient client = DigestClient.of("admin", "admin", response.challenges().get(0));
    send(client.answer("GET", "/events", 7));
    response.assertChallenge(true);
    DigestClient again = DigestClient.of("admin", "admin", response.challenges().get(0));
    assertThat(send(again.answer("GET", "/events"))).isEqualTo(AuthenticationStatus.SUCCESS);
  }

  /** Attack: stale=true would tell a guesser that only the nonce was wrong. */
  @Test
  void after_a_restart_a_wrong_answer_is_not_stale() throws Exception {
    validate(mechanism(OPTIONS), FakeRequest.get(), true);
    DigestClient client = DigestClient.of("admin", "wrong", response.challenges().get(0));
    send(client.answer("GET", "/events", 7));
    response.assertChallenge(false);
  }

  @ParameterizedTest
  @CsvSource({"admin, true", "wrong, false"})
  void an_expired_or_forged_nonce_is_stale_only_with_the_right_password(
      String password, boolean stale) throws Exception {
    DigestClient client = challenged().as("admin", password);
    send(client.withNonce("forged").answer("GET", "/events"));
    response.assertChallenge(stale);
    clock.advance(Duration.ofMinutes(5).plusMillis(1));
    send(client.answer("GET", "/events"));
    response.assertChallenge(stale);
  }

  @Test
  void an_evicted_nonce_is_stale_and_never_accepted_again() throws Exception {
    DigestAuthenticationMechanism small = mechanism(OPTIONS.withMaxNonces(2));
    List<DigestClient> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      validate(small, FakeRequest.get(), true);
      DigestClient client = DigestClient.of("admin", "admin", response.challenges().get(0));
      clients.add(client);
      FakeRequest request = FakeRequest.get().authorization(client.answer("GET", "/events"));
      assertThat(validate(small, request, true)).isEqualTo(AuthenticationStatus.SUCCESS);
      clock.advance(Duration.ofMillis(1));
    }
    for (long count : new long[] {1, 2, 3}) {
      String answer = clients.get(0).answer("GET", "/events", count);
      validate(small, FakeRequest.get().authorization(answer), true);
      response.assertChallenge(true);
    }
  }

  @Test
  void an_opaque_is_sent_and_an_answer_with_another_is_stale() throws Exception {
    DigestAuthenticationMechanism opaque = mechanism(OPTIONS.withOpaque("5ccc069c403ebaf9"));
    validate(opaque, FakeRequest.get(), true);
    String challenge = response.challenges().get(0);
    assertThat(challenge).contains(", opaque=\"5ccc069c403ebaf9\"");
    DigestClient client = DigestClient.of("admin", "admin", challenge);
    FakeRequest right = FakeRequest.get().authorization(client.answer("GET", "/events"));
    assertThat(validate(opaque, right, true)).isEqualTo(AuthenticationStatus.SUCCESS);
    FakeRequest wrong =
        FakeRequest.get().authorization(client.with("opaque", "x").answer("GET", "/events"));
    validate(opaque, wrong, true);
    response.assertChallenge(true);
  }

  // The resource.

  @ParameterizedTest
  @CsvSource({
    "/events, /other",
    "/events, /events/",
    "/events, //events",
    "/events, /%65vents",
    "/%65vents, /events",
    "/events;jsessionid=1, /events",
    "/events, /events;jsessionid=1",
    "/events?a=b, /events",
    "/events, /events?a=b",
    "/events?a=b, /events?a=c",
    "/events, http://elsewhere:8080/events",
    "/events, http://localhost/events",
    "/events, http://localhost:8080/other",
    "/events, http://localhost:8080",
    "/events, ftp://localhost:8080/events",
    "/events, *",
    "/events, ''",
  })
  void an_answer_made_for_another_resource_is_malformed(String target, String uri)
      throws Exception {
    String answer = challenged().answer("GET", uri);
    validate(mechanism, FakeRequest.of("GET", target).authorization(answer), true);
    response.assertRefused(400, "'uri'");
    assertThat(response.challenges()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/events, /events",
    "/events?lastEventId=a%20b, /events?lastEventId=a%20b",
    "/events;jsessionid=1, /events;jsessionid=1",
    "/%65vents, /%65vents",
    "/events?, /events?",
    "/events, /events?",
    "/events, http://localhost:8080/events",
    "/events?a=b, HTTP://LOCALHOST:8080/events?a=b",
    "/events, https://localhost:8080/events",
  })
  void an_answer_made_for_this_resource_passes(String target, String uri) throws Exception {
    String answer = challenged().answer("GET", uri);
    assertThat(validate(mechanism, FakeRequest.of("GET", target).authorization(answer), true))
        .isEqualTo(AuthenticationStatus.SUCCESS);
  }

  /** Attack: the answer to a reading request is used to publish. */
  @Test
  void an_answer_made_for_another_method_is_wrong() throws Exception {
    String answer = challenged().answer("GET", "/events");
    validate(mechanism, FakeRequest.of("POST", "/events").authorization(answer), true);
    response.assertChallenge(false);
  }

  // Form.

  @ParameterizedTest
  @ValueSource(strings = {"username", "realm", "nonce", "uri", "qop", "nc", "cnonce", "response"})
  void a_missing_parameter_is_malformed(String name) throws Exception {
    Map<String, String> parameters = challenged().parameters("GET", "/events", 1);
    parameters.remove(name);
    send(DigestClient.header(parameters));
    response.assertRefused(400, "'" + name + "'", "missing");
  }

  @ParameterizedTest
  @CsvSource({
    "nc, 00000000",
    "nc, 1",
    "nc, 000000001",
    "nc, 0000000g",
    "nc, -0000001",
    "qop, auth-int",
    "qop, AUTH",
    "qop, '\"\"'",
    "cnonce, '\"\"'",
    "response, '\"\"'",
    "response, '\"8ca523f5e9506fed4657c9700eebdbec\"'",
    "response, '\"zz\"'",
    "userhash, true",
    "username*, UTF-8''admin",
    "username*, \"UTF-8''admin\"",
    "username, '\"admin'",
  })
  void a_bad_parameter_is_malformed(String name, String value) throws Exception {
    Map<String, String> parameters = challenged().parameters("GET", "/events", 1);
    parameters.put(name, value);
    send(DigestClient.header(parameters));
    response.assertRefused(400, "Authorization");
  }

  @Test
  void a_repeated_parameter_is_malformed() throws Exception {
    send(challenged().answer("GET", "/events") + ", Username=\"admin\"");
    response.assertRefused(400, "twice");
  }

  @Test
  void parameters_that_nobody_knows_are_ignored() throws Exception {
    String answer =
        challenged().answer("GET", "/events") + ", charset=UTF-8, userhash=false, x=\"y\"";
    assertThat(send(answer)).isEqualTo(AuthenticationStatus.SUCCESS);
  }

  @Test
  void parameters_may_be_quoted_or_not_as_clients_do_it_both_ways() throws Exception {
    Map<String, String> parameters = new LinkedHashMap<>();
    challenged()
        .parameters("GET", "/events", 1)
        .forEach(
            (name, value) -> {
              boolean quoted = value.startsWith("\"");
              boolean token = quoted && value.substring(1, value.length() - 1).matches("[\\w-]+");
              parameters.put(
                  name,
                  token
                      ? value.substring(1, value.length() - 1)
                      : quoted ? value : '"' + value + '"');
            });
    assertThat(parameters).containsEntry("qop", "\"auth\"").containsEntry("username", "admin");
    assertThat(send(DigestClient.header(parameters))).isEqualTo(AuthenticationStatus.SUCCESS);
  }

  @Test
  void a_user_name_may_have_any_letters_and_escaped_quotes() throws Exception {
    String name = "Jäsøn \"€\" \\";
    DigestIdentity user = DigestIdentity.withPassword(name, REALM, "pä:ß", OPTIONS.algorithms());
    DigestAuthenticationMechanism other =
        DigestAuthenticationMechanism.of(
            OPTIONS, IdentityStores.of(MemoryIdentityStore.of(user)), clock);
    validate(other, FakeRequest.get(), true);
    String answer =
        DigestClient.of(name, "pä:ß", response.challenges().get(0)).answer("GET", "/events");
    validate(other, FakeRequest.get().authorization(asReceived(answer)), true);
    assertThat(context.getCallerPrincipal().getName()).isEqualTo(name);
  }

  /** RFC 7616 §3.4 wants it without quotes; Apache HttpClient writes them. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-8''J%C3%A4s%C3%B8n%20Doe", "\"UTF-8''J%C3%A4s%C3%B8n%20Doe\""})
  void a_user_name_may_be_an_extended_value(String sent) throws Exception {
    DigestIdentity user =
        DigestIdentity.withPassword("Jäsøn Doe", REALM, "secret", OPTIONS.algorithms());
    DigestAuthenticationMechanism other =
        DigestAuthenticationMechanism.of(
            OPTIONS, IdentityStores.of(MemoryIdentityStore.of(user)), clock);
    validate(other, FakeRequest.get(), true);
    DigestClient client = DigestClient.of("Jäsøn Doe", "secret", response.challenges().get(0));
    Map<String, String> parameters = client.parameters("GET", "/events", 1);
    parameters.remove("username");
    parameters.put("username*", sent);
    FakeRequest request = FakeRequest.get().authorization(DigestClient.header(parameters));
    assertThat(validate(other, request, true)).isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(context.getCallerPrincipal().getName()).isEqualTo("Jäsøn Doe");
  }

  @Test
  void an_extended_user_name_must_be_readable() throws Exception {
    Map<String, String> parameters = challenged().parameters("GET", "/events", 1);
    parameters.remove("username");
    parameters.put("username*", "UTF-8''%FF");
    send(DigestClient.header(parameters));
    response.assertRefused(400, "'username*'");
  }

  /** Attack: whoever reads the log collects names and answers. */
  @Test
  void the_log_has_one_line_per_cause_and_no_credential() throws Exception {
    for (int i = 0; i < 3; i++) {
      send(challenged().as("hunter2", "typed in the wrong field").answer("GET", "/events"));
      send(challenged().answer("GET", "/secret-path"));
    }
    assertThat(log.messages())
        .containsExactlyInAnyOrder(
            "a login failed: unknown user or wrong password",
            "a request was answered 400: parameter 'uri' of Authorization is not the target of the"
                + " request");
  }

  /** What a container that decodes header fields as ISO-8859-1 makes of UTF-8. */
  private static String asReceived(String text) {
    return new String(text.getBytes(UTF_8), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private DigestAuthenticationMechanism mechanism(DigestOptions options) {
    DigestIdentity admin =
        DigestIdentity.withPassword("admin", REALM, "admin", options.algorithms())
            .inGroups(java.util.Set.of("operators"));
    return DigestAuthenticationMechanism.of(
        options, IdentityStores.of(MemoryIdentityStore.of(admin)), clock);
  }

  /** A client that has got a challenge and knows the password. */
  /** Attack: one password after the other is tried until one is right. */
  @Test
  void after_many_wrong_answers_a_right_one_is_refused_too_but_nobody_elses() throws Exception {
    DigestClient client = challenged();
    for (int i = 0; i <= LoginLimits.DEFAULT.failures(); i++) {
      send(client.as("admin", "wrong").answer("GET", "/events"));
    }
    assertThat(send(client.answer("GET", "/events"))).isEqualTo(AuthenticationStatus.SEND_FAILURE);
    response.assertChallenge(false);

    FakeRequest elsewhere =
        FakeRequest.get().authorization(client.answer("GET", "/events")).from("198.51.100.7");
    assertThat(validate(elsewhere)).isEqualTo(AuthenticationStatus.SUCCESS);
    clock.advance(Duration.ofSeconds(1));
    assertThat(send(client.answer("GET", "/events"))).isEqualTo(AuthenticationStatus.SUCCESS);
  }

  private DigestClient challenged() throws AuthenticationException {
    validate(FakeRequest.get());
    return DigestClient.of("admin", "admin", response.challenges().get(0));
  }

  private AuthenticationStatus send(String authorization) throws AuthenticationException {
    return validate(FakeRequest.get().authorization(authorization));
  }

  private AuthenticationStatus validate(FakeRequest request) throws AuthenticationException {
    return validate(mechanism, request, true);
  }

  private AuthenticationStatus validate(
      DigestAuthenticationMechanism driven, FakeRequest fake, boolean guarded)
      throws AuthenticationException {
    response = new RecordedResponse();
    HttpServletRequest request = fake.build();
    context = new FilterMessageContext(request, response.asResponse(), guarded, "no");
    return driven.validateRequest(request, response.asResponse(), context);
  }
}
