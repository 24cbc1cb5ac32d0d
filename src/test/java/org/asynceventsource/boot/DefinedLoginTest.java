package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.DefinitionException;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.inject.Singleton;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import org.asynceventsource.LoaderWithout;
import org.asynceventsource.WebApplication;
import org.asynceventsource.bus.EventBusExtension;
import org.asynceventsource.security.AuthenticationFilter;
import org.asynceventsource.security.DefinedDigestMechanism;
import org.asynceventsource.security.DigestAlgorithm;
import org.asynceventsource.security.DigestAuthenticationMechanismDefinition;
import org.asynceventsource.security.DigestExtension;
import org.asynceventsource.security.DigestIdentity;
import org.asynceventsource.security.DigestOptions;
import org.asynceventsource.security.IdentitiesUnavailableException;
import org.asynceventsource.security.IdentityStores;
import org.asynceventsource.security.MemoryIdentityStore;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With Weld and a real container, which has no Jakarta Security of its own. */
@DisplayName("Digest that an annotation defines")
class DefinedLoginTest {

  private static final HttpCall GET = HttpCall.of("GET", "/app/events");
  private static final HttpCall POST =
      HttpCall.of("POST", "/app/events").withBody("text/plain", "hello");

  private final WebApplication application = WebApplication.at("/app");
  private LogRecords refusals;
  private LogRecords doctor;
  private WeldContainer cdi;

  /** A class of an application's. */
  @DigestAuthenticationMechanismDefinition(
      realmName = "shop",
      algorithms = {"SHA-256-sess", "MD5"},
      opaque = "o",
      domain = "/app",
      charset = true,
      userhash = true,
      loginFailures = 2,
      loginDelaySeconds = 200)
  static class Security {}

  /** Another one. */
  @DigestAuthenticationMechanismDefinition
  static class SecondSecurity {}

  /** One with values that nobody could use. */
  @DigestAuthenticationMechanismDefinition(algorithms = {"SHA-256", "SHA-1"})
  static class WrongSecurity {}

  /** A bean of an application's that knows its users. */
  @ApplicationScoped
  static class Users implements IdentityStore {

    private final MemoryIdentityStore known =
        MemoryIdentityStore.of(
            DigestIdentity.withPassword(
                "alice",
                "shop",
                "secret",
                DigestOptions.of("shop")
                    .withAlgorithms(List.of(DigestAlgorithm.values()))
                    .algorithms()));

    @Override
    public CredentialValidationResult validate(Credential credential) {
      return known.validate(credential);
    }
  }

  /** A bean of an application's whose users are elsewhere. */
  @ApplicationScoped
  static class Away implements IdentityStore {

    @Override
    public CredentialValidationResult validate(Credential credential) {
      throw new IdentitiesUnavailableException("gone fishing");
    }
  }

  /** What asks stores, in containers that have it; here it knows one user itself. */
  @Singleton
  static class Handler implements IdentityStoreHandler {

    @Override
    public CredentialValidationResult validate(Credential credential) {
      return IdentityStores.of(new Users()).validate(credential);
    }
  }

  @BeforeEach
  void listen() {
    refusals = LogRecords.of("org.asynceventsource.security");
    doctor = LogRecords.of("org.asynceventsource.boot");
  }

  @AfterEach
  void stop() throws Exception {
    application.stop();
    if (cdi != null) {
      cdi.close();
    }
    doctor.close();
    refusals.close();
  }

  private static Weld weld(Class<?>... classes) {
    return new Weld()
        .disableDiscovery()
        .addExtension(new EventBusExtension())
        .addExtension(new DigestExtension())
        .beanClasses(classes);
  }

  private void start(String auth, Class<?>... classes) throws Exception {
    cdi = weld(classes).initialize();
    application
        .parameter("eventsource.auth", auth)
        .parameter("eventsource.publishers", "alice")
        .listener(new BootListener())
        .start();
  }

  private DigestClient challenged(HttpCall call) throws IOException {
    try (HttpReply challenge = application.send(call)) {
      assertThat(challenge.status()).isEqualTo(401);
      return DigestClient.of("alice", "secret", challenge.field("WWW-Authenticate"));
    }
  }

  private int status(HttpCall call) throws IOException {
    try (HttpReply reply = application.send(call)) {
      return reply.status();
    }
  }

  @Test
  @DisplayName("guards event sources by the application's beans, though the container can't")
  void undriven() throws Exception {
    start("container", Security.class, Users.class);
    DigestClient alice = challenged(GET);
    String right = alice.answer("GET", "/app/events");

    try (EventStreamRecorder stream = application.send(GET.with("Authorization", right)).stream()) {
      stream.assertOpened();
      assertThat(status(GET.with("Authorization", right))).isEqualTo(401);
      assertThat(status(POST.with("Authorization", alice.answer("POST", "/app/events"))))
          .isEqualTo(200);
      stream.next();
    }
    assertThat(String.join("", doctor.messages()))
        .contains("users whom the container logs in")
        .contains("concerns event sources only, since the container has no Jakarta Security")
        .doesNotContain("isn't asked");
  }

  @Test
  @DisplayName("is offered as the annotation says")
  void values() throws Exception {
    start("container", Security.class, Users.class);
    try (HttpReply challenge = application.send(GET)) {
      assertThat(challenge.fields().get("www-authenticate"))
          .hasSize(2)
          .allMatch(
              field ->
                  field.startsWith("Digest realm=\"shop\"")
                      && field.contains("opaque=\"o\"")
                      && field.contains("domain=\"/app\"")
                      && field.contains("charset=UTF-8")
                      && field.contains("userhash=true"))
          .satisfiesExactly(
              first -> assertThat(first).contains("algorithm=SHA-256-sess"),
              second -> assertThat(second).contains("algorithm=MD5"));
    }
  }

  @Test
  @DisplayName("holds up who guesses, as the annotation says")
  void guessing() throws Exception {
    start("container", Security.class, Users.class);
    DigestClient alice = challenged(GET);
    for (int i = 1; i <= 3; i++) {
      assertThat(status(login(alice.as("alice", "wrong"), i))).isEqualTo(401);
    }
    assertThat(status(login(alice, 4))).isEqualTo(401);
  }

  private static HttpCall login(DigestClient client, int count) {
    return GET.with("Authorization", client.answer("GET", "/app/events", count));
  }

  @Test
  @DisplayName("isn't deployed without anybody who could log in")
  void nobody() {
    assertThatThrownBy(() -> start("container", Security.class))
        .hasStackTraceContaining("the application has no bean of type IdentityStore");
  }

  @Test
  @DisplayName("asks publishers for a login where reading is open and no user is configured")
  void publishing() throws Exception {
    start("none", Security.class, Users.class);
    assertThat(status(GET)).isEqualTo(200);
    DigestClient alice = challenged(POST);
    assertThat(status(POST.with("Authorization", alice.answer("POST", "/app/events"))))
        .isEqualTo(200);
  }

  @Test
  @DisplayName("takes the place of digest by settings, and the log names who isn't asked")
  void settings() throws Exception {
    application.parameter("eventsource.users", "alice:configured");
    start("digest", Security.class, Users.class);
    DigestClient alice = challenged(GET);
    String configured = alice.as("alice", "configured").answer("GET", "/app/events");
    assertThat(status(GET.with("Authorization", configured))).isEqualTo(401);
    assertThat(status(GET.with("Authorization", alice.answer("GET", "/app/events"))))
        .isEqualTo(200);
    assertThat(String.join("", doctor.messages())).contains("'eventsource.users' isn't asked");
  }

  @Test
  @DisplayName("leaves who is asked to the container, if that has Jakarta Security")
  void handler() throws Exception {
    start("container", Security.class, Handler.class);
    DigestClient alice = challenged(GET);
    assertThat(status(GET.with("Authorization", alice.answer("GET", "/app/events"))))
        .isEqualTo(200);
    assertThat(String.join("", doctor.messages())).doesNotContain("concerns event sources only");
  }

  @Test
  @DisplayName("isn't driven by the filter of an event source, if the container has driven it")
  void driven() throws Exception {
    application.configure(
        context ->
            context.addFilter(
                new FilterHolder(
                    (request, response, chain) ->
                        new AuthenticationFilter(
                                cdi.select(DefinedDigestMechanism.class).get(), any -> false)
                            .doFilter(request, response, chain)),
                "/*",
                EnumSet.of(DispatcherType.REQUEST)));
    start("container", Security.class, Handler.class);
    DigestClient alice =
        DigestClient.of(
            "alice", "secret", "realm=\"shop\", algorithm=MD5, nonce=\"" + "A".repeat(75) + '"');
    try (HttpReply stale =
        application.send(GET.with("Authorization", opaque(alice).answer("GET", "/app/events")))) {
      assertThat(stale.status()).isEqualTo(401);
      DigestClient renewed =
          DigestClient.of("alice", "secret", stale.fields().get("www-authenticate").get(1));
      assertThat(status(GET.with("Authorization", renewed.answer("GET", "/app/events"))))
          .isEqualTo(200);
    }
    // What the container lets pass without a login, it is asked about, and here has no answer.
    assertThat(status(GET)).isEqualTo(403);
  }

  /** A container would answer 500 or 403, either of which closes an EventSource for good. */
  @Test
  @DisplayName("answers by itself, whoever drives it, while identities are unavailable")
  void unavailable() throws Exception {
    application.configure(
        context ->
            context.addFilter(
                new FilterHolder(
                    (request, response, chain) ->
                        new AuthenticationFilter(this::drive, any -> true)
                            .doFilter(request, response, chain)),
                "/*",
                EnumSet.of(DispatcherType.REQUEST)));
    start("container", Security.class, Away.class);
    DigestClient alice = challenged(GET);
    HttpCall call = GET.with("Authorization", alice.answer("GET", "/app/events"));
    try (HttpReply reply = application.send(call)) {
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.field("Retry-After")).isEqualTo("5");
    }
    try (HttpReply reply = application.send(call.with("Accept", "text/event-stream"))) {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text()).contains("retry: ").doesNotContain("data");
    }
  }

  private AuthenticationStatus drive(
      HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
      throws AuthenticationException {
    try {
      return cdi.select(DefinedDigestMechanism.class)
          .get()
          .validateRequest(request, response, context);
    } catch (RuntimeException failure) {
      return context.responseNotFound();
    }
  }

  private static DigestClient opaque(DigestClient client) {
    return client.with("opaque", "o").with("qop", "auth");
  }

  @Test
  @DisplayName("is defined once, with values that can be used, or the application isn't deployed")
  void mistakes() {
    assertThatThrownBy(
            () -> weld(Security.class, SecondSecurity.class, WrongSecurity.class).initialize())
        .isInstanceOf(DefinitionException.class)
        .hasMessageContaining("an application has one @DigestAuthenticationMechanismDefinition")
        .hasMessageContaining(SecondSecurity.class.getName())
        .hasMessageContaining(
            "WrongSecurity: there is no algorithm 'SHA-1'; there are SHA-256, SHA-512-256 and MD5");
  }

  @Test
  @DisplayName("is no bean, and no mechanism is, where nothing is annotated")
  void undefined() throws Exception {
    start("none", Users.class);
    assertThat(cdi.select(DefinedDigestMechanism.class).isUnsatisfied()).isTrue();
    // GlassFish finds classes by more annotations than others do, scopes among them.
    assertThat(DefinedDigestMechanism.class.getAnnotations()).isEmpty();
    assertThat(status(POST)).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("needs Jakarta Security's classes, which other applications don't")
  void withoutJakartaSecurity(boolean annotated) throws Exception {
    ClassLoader bare = new LoaderWithout("jakarta.security.", "org.asynceventsource.");
    Class<?> name = annotated ? SecondSecurity.class : Plain.class;
    Weld weld =
        new Weld()
            .disableDiscovery()
            .setClassLoader(bare)
            .addExtension(
                (Extension)
                    bare.loadClass(DigestExtension.class.getName())
                        .getDeclaredConstructor()
                        .newInstance())
            .beanClasses(bare.loadClass(name.getName()));
    if (annotated) {
      assertThatThrownBy(weld::initialize)
          .hasMessageContaining("needs Jakarta Security, which neither the container nor");
    } else {
      weld.initialize().close();
    }
  }

  /** A class without the annotation. */
  static class Plain {}
}
