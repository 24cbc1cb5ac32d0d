package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.security.auth.message.callback.CallerPrincipalCallback;
import jakarta.security.auth.message.callback.GroupPrincipalCallback;
import jakarta.security.auth.message.callback.PasswordValidationCallback;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.LogRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationFilterTest {

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private final RecordedResponse response = new RecordedResponse();
  private @Nullable HttpServletRequest passed;

  // A foreign mechanism and a foreign store.

  @Test
  void a_foreign_mechanism_logs_its_caller_in() throws Exception {
    filter(
        (request, answer, context) -> context.notifyContainerAboutLogin("alice", Set.of("user")),
        FakeRequest.get().authorization("Token abc"));
    assertThat(passed.getUserPrincipal().getName()).isEqualTo("alice");
    assertThat(passed.getRemoteUser()).isEqualTo("alice");
    assertThat(passed.isUserInRole("user")).isTrue();
    assertThat(passed.isUserInRole("admin")).isFalse();
    assertThat(passed.getAuthType()).as("no text of the client's").isNull();
    response.assertUntouched();
  }

  @Test
  void a_foreign_mechanism_may_answer_by_itself() throws Exception {
    filter(
        (request, answer, context) -> {
          answer.setHeader("WWW-Authenticate", "Token");
          return context.responseUnauthorized();
        },
        FakeRequest.get());
    assertThat(passed).isNull();
    response.assertChallenge(false);
  }

  @Test
  void a_foreign_mechanism_may_send_the_caller_elsewhere() throws Exception {
    filter((request, answer, context) -> context.redirect("/login"), FakeRequest.get());
    assertThat(passed).isNull();
    assertThat(response.status()).isEqualTo(302);
  }

  @Test
  void a_foreign_mechanism_may_use_the_callbacks_of_jakarta_authentication() throws Exception {
    filter(
        (request, answer, context) -> {
          callback(
              context,
              new CallerPrincipalCallback(context.getClientSubject(), "alice"),
              new GroupPrincipalCallback(
                  context.getClientSubject(), new String[] {"user", "user"}));
          assertThatThrownBy(
                  () ->
                      callback(
                          context,
                          new PasswordValidationCallback(
                              context.getClientSubject(), "alice", new char[0])))
              .isInstanceOf(AuthenticationException.class);
          context.getMessageInfo().getMap().put(FilterMessageContext.AUTH_TYPE, "FACE");
          return AuthenticationStatus.SUCCESS;
        },
        FakeRequest.get());
    assertThat(passed.getRemoteUser()).isEqualTo("alice");
    assertThat(passed.isUserInRole("user")).isTrue();
    assertThat(passed.getAuthType()).isEqualTo("FACE");
  }

  @Test
  void what_a_mechanism_wraps_reaches_the_event_source() throws Exception {
    filter(
        (request, answer, context) -> {
          HttpServletRequest wrapped =
              new HttpServletRequestWrapper(request) {
                @Override
                public String getRemoteHost() {
                  return "wrapped";
                }
              };
          context.withRequest(wrapped).setResponse(answer);
          return context.notifyContainerAboutLogin("alice", Set.of());
        },
        FakeRequest.get());
    assertThat(passed.getRemoteHost()).isEqualTo("wrapped");
  }

  @Test
  void a_foreign_store_validates_digests_it_has_never_heard_of() throws Exception {
    String stored = DigestHash.generateHash("alice", "r", "secret", DigestAlgorithm.SHA_256);
    IdentityStore foreign =
        new IdentityStore() {
          @Override
          public CredentialValidationResult validate(Credential credential) {
            return credential instanceof DigestCredential digest && digest.verify(stored)
                ? new CredentialValidationResult(digest.callerName(), Set.of("foreign"))
                : CredentialValidationResult.INVALID_RESULT;
          }
        };
    AuthenticationMiddleware middleware =
        AuthenticationMiddleware.digest().realm("r").identityStore(foreign).build();
    middleware.doFilter(FakeRequest.get().build(), response.asResponse(), this::pass);
    String challenge = response.challenges().get(0);
    String answer = DigestClient.of("alice", "secret", challenge).answer("GET", "/events");
    middleware.doFilter(
        FakeRequest.get().authorization(answer).build(), response.asResponse(), this::pass);
    assertThat(passed.getRemoteUser()).isEqualTo("alice");
    assertThat(passed.isUserInRole("foreign")).isTrue();
    assertThat(passed.getAuthType()).isEqualTo("DIGEST");
  }

  // What the event source may ask of the request.

  @Test
  void whoever_has_logged_in_has_the_role_of_two_stars_and_nobody_that_of_one() throws Exception {
    filter(
        (r, answer, context) -> context.notifyContainerAboutLogin("alice", Set.of("*")),
        FakeRequest.get());
    assertThat(passed.isUserInRole("**")).isTrue();
    assertThat(passed.isUserInRole("*")).isFalse();
  }

  @Test
  void a_caller_who_is_known_is_asked_for_no_other_login() throws Exception {
    filter(
        (r, answer, context) -> context.notifyContainerAboutLogin("alice", Set.of()),
        FakeRequest.get());
    assertThat(passed.authenticate(response.asResponse())).isTrue();
    assertThatThrownBy(() -> passed.login("bob", "b"))
        .isInstanceOf(ServletException.class)
        .hasMessageContaining("log out first");
    assertThat(passed.getRemoteUser()).isEqualTo("alice");
  }

  @Test
  void a_caller_who_logs_out_is_gone_for_the_rest_of_the_request() throws Exception {
    FakeRequest request = FakeRequest.get().by("container");
    filter(
        (r, answer, context) -> {
          context.getMessageInfo().getMap().put(FilterMessageContext.AUTH_TYPE, "FACE");
          return context.notifyContainerAboutLogin("alice", Set.of("user"));
        },
        request);
    passed.logout();
    assertThat(passed.getUserPrincipal()).isNull();
    assertThat(passed.getRemoteUser()).isNull();
    assertThat(passed.getAuthType()).isNull();
    assertThat(passed.isUserInRole("user")).isFalse();
    assertThat(passed.isUserInRole("**")).isFalse();
  }

  // Guarded or not.

  @Test
  void an_open_resource_passes_without_a_caller_as_it_came() throws Exception {
    FakeRequest request = FakeRequest.get().by("container");
    filterOpen((r, answer, context) -> context.doNothing(), request);
    assertThat(passed.getRemoteUser()).isEqualTo("container");
    assertThat(passed).isNotInstanceOf(AuthenticatedRequest.class);
  }

  @Test
  void the_mechanism_learns_whether_the_resource_is_guarded() throws Exception {
    filter(
        (r, answer, context) -> {
          assertThat(context.isProtected()).isTrue();
          return context.doNothing();
        },
        FakeRequest.get());
    filterOpen(
        (r, answer, context) -> {
          assertThat(context.isProtected()).isFalse();
          return context.doNothing();
        },
        FakeRequest.get());
  }

  // Everything fails closed.

  /** Attack on ourselves: a mechanism that forgets to answer, or to name a caller. */
  @ParameterizedTest
  @EnumSource(names = {"NOT_DONE", "SUCCESS", "SEND_FAILURE"})
  void a_guarded_resource_without_a_caller_is_refused(AuthenticationStatus status)
      throws Exception {
    filter((request, answer, context) -> status, FakeRequest.get());
    assertThat(passed).isNull();
    response.assertRefused(403, "without a login");
  }

  @Test
  void what_a_mechanism_sends_goes_no_further() throws Exception {
    filter((request, answer, context) -> AuthenticationStatus.SEND_CONTINUE, FakeRequest.get());
    assertThat(passed).isNull();
    filterOpen((request, answer, context) -> AuthenticationStatus.SEND_FAILURE, FakeRequest.get());
    assertThat(passed).isNull();
    filter((request, answer, context) -> context.responseNotFound(), FakeRequest.get());
    assertThat(passed).isNull();
    response.assertRefused(404, "not found");
  }

  @Test
  void a_login_undone_is_no_login() throws Exception {
    filter(
        (request, answer, context) -> {
          context.notifyContainerAboutLogin("alice", Set.of("user"));
          context.cleanClientSubject();
          return AuthenticationStatus.SUCCESS;
        },
        FakeRequest.get());
    assertThat(passed).isNull();
  }

  @Test
  void an_invalid_result_is_no_login() throws Exception {
    filter(
        (request, answer, context) ->
            context.notifyContainerAboutLogin(CredentialValidationResult.INVALID_RESULT),
        FakeRequest.get());
    assertThat(passed).isNull();
    response.assertRefused(403, "without a login");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_mechanism_that_throws_is_answered_500_without_details_and_logged_once(boolean guarded)
      throws Exception {
    HttpAuthenticationMechanism broken =
        (request, answer, context) -> {
          throw new AuthenticationException(
              "secret detail", new IllegalStateException("secret parameter"));
        };
    AuthenticationFilter filter = new AuthenticationFilter(broken, request -> guarded);
    for (int i = 0; i < 3; i++) {
      filter.doFilter(FakeRequest.get().build(), response.asResponse(), this::pass);
    }
    assertThat(log.messages()).hasSize(1);
    assertThat(log.text())
        .contains("AuthenticationException", "UnspokenFailure: java.lang.IllegalStateException")
        .contains("at org.asynceventsource.security.AuthenticationFilterTest")
        .doesNotContain("secret");
    assertThat(passed).isNull();
    response.assertRefused(500, "the server's log");
    assertThat(response.body()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, NoClassDefFoundError.class})
  void a_mechanism_that_fails_in_any_way_lets_nobody_pass(Class<? extends Throwable> failure)
      throws Exception {
    Throwable thrown = failure.getDeclaredConstructor().newInstance();
    filterOpen(
        (request, answer, context) -> {
          throw sneaky(thrown);
        },
        FakeRequest.get());
    filter((request, answer, context) -> null, FakeRequest.get());
    assertThat(log.messages()).hasSize(2);
    assertThat(passed).isNull();
    assertThat(response.status()).isEqualTo(500);
  }

  /** Open Liberty throws where others leave the parameter out. */
  @Test
  void an_event_source_whose_query_can_not_be_decoded_comes_back_without_an_id() throws Exception {
    HttpServletRequest undecodable =
        new HttpServletRequestWrapper(
            FakeRequest.get().with("Accept", "text/event-stream").build()) {
          @Override
          public String getQueryString() {
            return "lastEventId=%";
          }

          @Override
          public String getParameter(String name) {
            throw new IllegalArgumentException("%");
          }
        };
    HttpAuthenticationMechanism away =
        (request, answer, context) -> {
          throw new IdentitiesUnavailableException("gone fishing");
        };
    new AuthenticationFilter(away, request -> true)
        .doFilter(undecodable, response.asResponse(), this::pass);
    assertThat(passed).isNull();
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).contains("retry: ").doesNotContain("id:");
  }

  @Test
  void a_store_that_throws_is_answered_500() throws Exception {
    IdentityStore broken =
        new IdentityStore() {
          @Override
          public CredentialValidationResult validate(Credential credential) {
            throw new IllegalStateException("no database");
          }
        };
    AuthenticationMiddleware middleware =
        AuthenticationMiddleware.digest().identityStore(broken).build();
    middleware.doFilter(FakeRequest.get().build(), response.asResponse(), this::pass);
    String answer =
        DigestClient.of("admin", "x", response.challenges().get(0)).answer("GET", "/events");
    middleware.doFilter(
        FakeRequest.get().authorization(answer).build(), response.asResponse(), this::pass);
    assertThat(log.messages()).hasSize(1);
    assertThat(passed).isNull();
    assertThat(response.status()).isEqualTo(500);
  }

  @Test
  void a_response_on_its_way_is_not_touched_again_and_nobody_passes() throws Exception {
    response.commit();
    filter((request, answer, context) -> context.responseUnauthorized(), FakeRequest.get());
    assertThat(passed).isNull();
    response.assertUntouched();
  }

  @Test
  void what_fails_behind_the_filter_is_not_its_business() {
    AuthenticationFilter filter =
        new AuthenticationFilter((r, answer, context) -> context.doNothing(), request -> false);
    assertThatThrownBy(
            () ->
                filter.doFilter(
                    FakeRequest.get().build(),
                    response.asResponse(),
                    (request, answer) -> {
                      throw new ServletException("behind");
                    }))
        .isInstanceOf(ServletException.class)
        .hasMessage("behind");
    response.assertUntouched();
  }

  private void filter(HttpAuthenticationMechanism mechanism, FakeRequest request) throws Exception {
    passed = null;
    new AuthenticationFilter(mechanism, guarded -> true)
        .doFilter(request.build(), response.asResponse(), this::pass);
  }

  private void filterOpen(HttpAuthenticationMechanism mechanism, FakeRequest request)
      throws Exception {
    passed = null;
    new AuthenticationFilter(mechanism, guarded -> false)
        .doFilter(request.build(), response.asResponse(), this::pass);
  }

  private void pass(
      jakarta.servlet.ServletRequest request, jakarta.servlet.ServletResponse answer) {
    assertThat(answer).isInstanceOf(HttpServletResponse.class);
    passed = (HttpServletRequest) request;
  }

  private static void callback(HttpMessageContext context, Callback... callbacks)
      throws AuthenticationException {
    try {
      context.getHandler().handle(callbacks);
    } catch (java.io.IOException | UnsupportedCallbackException e) {
      throw new AuthenticationException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
    throw (T) failure;
  }
}
