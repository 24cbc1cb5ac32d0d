package org.asynceventsource.security;

import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.FakeClock;

/** A mechanism of digest that guards GET /events, and what it answered last. */
final class DrivenMechanism {

  static final String REALM = "My app name";

  private final FakeClock clock = new FakeClock();
  private final DigestAuthenticationMechanism mechanism;
  private RecordedResponse response = new RecordedResponse();
  private FilterMessageContext context;

  private DrivenMechanism(DigestOptions options, IdentityStore store) {
    mechanism = DigestAuthenticationMechanism.of(options, IdentityStores.of(store), clock);
    context =
        new FilterMessageContext(FakeRequest.get().build(), response.asResponse(), true, "no");
  }

  /** One that the user admin with the password "secret" can log in to. */
  static DrivenMechanism of(DigestOptions options) {
    return of(
        options,
        MemoryIdentityStore.of(
            DigestIdentity.withPassword("admin", REALM, "secret", options.algorithms())));
  }

  static DrivenMechanism of(DigestOptions options, IdentityStore store) {
    return new DrivenMechanism(options, store);
  }

  static DigestOptions offering(String... tokens) {
    List<OfferedAlgorithm> offers =
        List.of(tokens).stream().map(token -> OfferedAlgorithm.parse(token).orElseThrow()).toList();
    return DigestOptions.of(REALM).withOffers(offers);
  }

  /** A client that has got the first challenge and knows the password. */
  DigestClient challenged() throws AuthenticationException {
    validate(FakeRequest.get());
    return DigestClient.of("admin", "secret", response.challenges().get(0));
  }

  AuthenticationStatus send(String authorization) throws AuthenticationException {
    return validate(FakeRequest.get().authorization(authorization));
  }

  AuthenticationStatus send(FakeRequest request) throws AuthenticationException {
    return validate(request);
  }

  /** What the last request became. */
  HttpServletRequest request() {
    return context.getRequest();
  }

  RecordedResponse response() {
    return response;
  }

  /** Who was logged in by the last request. */
  String caller() {
    return context.getCallerPrincipal().getName();
  }

  void advance(Duration duration) {
    clock.advance(duration);
  }

  private AuthenticationStatus validate(FakeRequest fake) throws AuthenticationException {
    response = new RecordedResponse();
    HttpServletRequest request = fake.build();
    context = new FilterMessageContext(request, response.asResponse(), true, "no");
    return mechanism.validateRequest(request, response.asResponse(), context);
  }
}
