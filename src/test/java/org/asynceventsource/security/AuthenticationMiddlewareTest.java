package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.LogRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationMiddlewareTest {

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private RecordedResponse response = new RecordedResponse();

  @Test
  void the_realm_and_user_of_the_example_log_in() throws Exception {
    AuthenticationMiddleware middleware =
        AuthenticationMiddleware.digest()
            .realm("My app name")
            .username("admin")
            .password("admin")
            .build();
    assertThat(challenge(middleware)).contains("realm=\"My app name\"");
    assertThat(login(middleware, "admin", "admin")).isEqualTo("admin");
    assertThat(login(middleware, "admin", "other")).isNull();
    response.assertChallenge(false);
  }

  @Test
  void several_users_log_in_and_the_realm_may_be_named_last() throws Exception {
    AuthenticationMiddleware middleware =
        AuthenticationMiddleware.digest()
            .username("admin")
            .password("a")
            .username("bob")
            .password("b")
            .realm("Later")
            .build();
    assertThat(login(middleware, "admin", "a")).isEqualTo("admin");
    assertThat(login(middleware, "bob", "b")).isEqualTo("bob");
    assertThat(login(middleware, "bob", "a")).isNull();
  }

  @Test
  void a_hash_may_take_the_place_of_the_password() throws Exception {
    AuthenticationMiddleware middleware =
        AuthenticationMiddleware.digest()
            .realm("r")
            .algorithms(DigestAlgorithm.MD5)
            .username("admin")
            .passwordHash(DigestHash.generateHash("admin", "r", "secret", DigestAlgorithm.MD5))
            .build();
    assertThat(challenge(middleware)).contains("algorithm=MD5,");
    assertThat(login(middleware, "admin", "secret")).isEqualTo("admin");
  }

  @Test
  void every_option_can_be_changed() throws Exception {
    AuthenticationMiddleware middleware =
        AuthenticationMiddleware.digest()
            .options(options -> DrivenMechanism.offering("MD5-sess").withOpaque("5ccc"))
            .username("admin")
            .password("secret")
            .build();
    assertThat(challenge(middleware)).contains("algorithm=MD5-sess", "opaque=\"5ccc\"");
    assertThat(login(middleware, "admin", "secret")).isEqualTo("admin");
  }

  @Test
  void each_step_leaves_the_one_before_as_it_was() throws Exception {
    AuthenticationMiddleware.Digest one =
        AuthenticationMiddleware.digest().username("admin").password("a");
    AuthenticationMiddleware.Digest two = one.username("bob").password("b");
    assertThat(login(one.build(), "bob", "b")).isNull();
    assertThat(login(two.build(), "bob", "b")).isEqualTo("bob");
  }

  /** The seed fails open here. */
  @Test
  void without_users_it_cannot_be_built() {
    assertThatThrownBy(() -> AuthenticationMiddleware.digest().build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no users");
  }

  @Test
  void mistakes_stop_it() {
    AuthenticationMiddleware.Digest digest = AuthenticationMiddleware.digest();
    assertThatThrownBy(() -> digest.realm("\"")).hasMessageContaining("realm");
    assertThatThrownBy(digest::algorithms).hasMessageContaining("no algorithm");
    assertThatThrownBy(() -> digest.username("a:b").password("c").build())
        .hasMessageContaining("colon");
    assertThatThrownBy(() -> digest.username("a").password("").build())
        .hasMessageContaining("password is empty");
    assertThatThrownBy(() -> digest.username("a").password("b").username("a").password("c").build())
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> digest.username("a").passwordHash("0".repeat(32)).build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("has a hash for MD5 only");
  }

  @Test
  void options_that_cannot_work_are_refused() {
    DigestOptions options = DigestOptions.of("r");
    assertUseless("realm", () -> DigestOptions.of(""));
    assertUseless("realm", () -> options.withRealm("é"));
    assertUseless("no algorithm", () -> options.withAlgorithms(List.of()));
    assertUseless("the opaque must be", () -> options.withOpaque("\n"));
    for (String uri : new String[] {"", "events", "/a b", "/\"", "ftp://a/", "https:///a"}) {
      assertUseless("a domain", () -> options.withDomain(List.of("/", uri)));
    }
    assertUseless("bodies", () -> options.withProtectedBodies(2, 1));
    assertUseless("bodies", () -> options.withProtectedBodies(-1, 1));
    assertUseless("must be positive", () -> options.withNonceLifetime(Duration.ZERO));
    assertUseless("at least 1", () -> options.withMaxNonces(0));
  }

  private static void assertUseless(String mistake, ThrowingCallable change) {
    assertThatThrownBy(change)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(mistake);
  }

  @Test
  void each_option_is_kept_by_the_changes_of_others() {
    DigestOptions options =
        DigestOptions.of("r")
            .withAlgorithms(List.of(DigestAlgorithm.MD5))
            .withOpaque("o")
            .withDomain(List.of("/a"))
            .withCharset(true)
            .withUserhash(true)
            .withProtectedBodies(7, 8)
            .withNonceLifetime(Duration.ofSeconds(1))
            .withMaxNonces(5)
            .withRealm("s");
    assertThat(options.realm()).isEqualTo("s");
    assertThat(options.algorithms()).containsExactly(DigestAlgorithm.MD5);
    assertThat(options.opaque()).contains("o");
    assertThat(options.domain()).containsExactly("/a");
    assertThat(options.charset()).isTrue();
    assertThat(options.userhash()).isTrue();
    assertThat(options.protectedBody()).isEqualTo(7);
    assertThat(options.protectedBodies()).isEqualTo(8);
    assertThat(options.nonceLifetime()).isEqualTo(Duration.ofSeconds(1));
    assertThat(options.maxNonces()).isEqualTo(5);
    assertThat(DigestOptions.of("r").opaque()).isEmpty();
  }

  @Test
  void a_description_shows_no_user_and_no_password() {
    assertThat(AuthenticationMiddleware.digest().realm("r").username("admin").password("hunter2"))
        .hasToString("Digest[realm=r, algorithms=[SHA-256]]");
  }

  /** Attack: another method reaches what only GET was thought to reach. */
  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get", "XYZ"})
  void every_method_is_guarded(String method) throws Exception {
    Filter middleware = AuthenticationMiddleware.digest().username("a").password("b").build();
    assertThat(send(middleware, FakeRequest.of(method, "/events"))).isNull();
    response.assertChallenge(false);
  }

  @Test
  void any_other_mechanism_makes_a_middleware() throws Exception {
    AuthenticationMiddleware middleware =
        AuthenticationMiddleware.of(
            (request, answer, context) ->
                context.notifyContainerAboutLogin("alice", java.util.Set.of()));
    assertThat(send(middleware, FakeRequest.get()).getRemoteUser()).isEqualTo("alice");
  }

  private String challenge(Filter middleware) throws Exception {
    send(middleware, FakeRequest.get());
    return response.challenges().get(0);
  }

  /** The user who got through, or null. */
  private @Nullable String login(Filter middleware, String user, String password) throws Exception {
    String answer = DigestClient.of(user, password, challenge(middleware)).answer("GET", "/events");
    HttpServletRequest passed = send(middleware, FakeRequest.get().authorization(answer));
    return passed == null ? null : passed.getRemoteUser();
  }

  private @Nullable HttpServletRequest send(Filter middleware, FakeRequest request)
      throws Exception {
    response = new RecordedResponse();
    HttpServletRequest[] passed = new HttpServletRequest[1];
    middleware.doFilter(
        request.build(), response.asResponse(), (r, a) -> passed[0] = (HttpServletRequest) r);
    return passed[0];
  }
}
