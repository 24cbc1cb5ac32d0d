package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import org.asynceventsource.EventSources;
import org.asynceventsource.WebApplication;
import org.asynceventsource.security.AuthenticationMiddleware;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application with two event sources in a real container; requests byte by byte. */
@DisplayName("The settings guard event sources so that")
class GuardTest {

  private final WebApplication application = WebApplication.at("/app");
  private LogRecords expected;

  @BeforeEach
  void listen() {
    expected = LogRecords.of("org.asynceventsource.security");
  }

  @AfterEach
  void stop() throws Exception {
    application.stop();
    expected.close();
  }

  private void start(String auth, String users, String publishers) throws Exception {
    application
        .parameter("eventsource.auth", auth)
        .parameter("eventsource.users", users)
        .parameter("eventsource.publishers", publishers)
        .atStart(context -> EventSources.of(context).at("/more"))
        .listener(new BootListener())
        .start();
  }

  private static HttpCall post(String target) {
    return HttpCall.of("POST", target).withBody("text/plain", "hello");
  }

  /** A client that knows the challenge for a request. */
  private DigestClient client(HttpCall call, String user, String password) throws IOException {
    try (HttpReply challenge = application.send(call)) {
      assertThat(challenge.status()).isEqualTo(401);
      return DigestClient.of(user, password, challenge.field("WWW-Authenticate"));
    }
  }

  @Test
  @DisplayName("reading needs no login, publishing does, and only publishers may")
  void openReading() throws Exception {
    start("none", "alice:a,bob:b", "alice");
    DigestClient alice = client(post("/app/events"), "alice", "a");

    try (EventStreamRecorder stream = application.get("/app/events").stream();
        HttpReply published =
            application.send(
                post("/app/events").with("Authorization", alice.answer("POST", "/app/events")));
        HttpReply refused =
            application.send(
                post("/app/events")
                    .with(
                        "Authorization", alice.as("bob", "b").answer("POST", "/app/events", 2)))) {
      assertThat(published.status()).isEqualTo(200);
      stream.assertEvent(published.text().strip(), "message", "hello");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text())
          .isEqualTo(
              "this user may not publish; the setting 'eventsource.publishers' names those who"
                  + " may\n");
      stream.assertExhausted();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/app/events", "/app/more"})
  @DisplayName("reading needs a login at every event source, and one login does for all")
  void guardedReading(String path) throws Exception {
    start("digest", "alice:a", "");
    DigestClient alice = client(HttpCall.of("GET", "/app/events"), "alice", "a");

    try (HttpReply stranger = application.get(path);
        HttpReply head = application.send(HttpCall.of("HEAD", path));
        HttpReply liar =
            application.send(
                HttpCall.of("GET", path)
                    .with("Authorization", alice.as("alice", "x").answer("GET", path)));
        EventStreamRecorder stream =
            application
                .send(HttpCall.of("GET", path).with("Authorization", alice.answer("GET", path)))
                .stream()) {
      assertThat(stranger.status()).isEqualTo(401);
      assertThat(head.status()).isEqualTo(401);
      assertThat(liar.status()).isEqualTo(401);
      stream.assertOpened();
    }
  }

  @Test
  @DisplayName("nobody publishes where no publisher is named, and the answer names the setting")
  void noPublishers() throws Exception {
    start("none", "alice:a", "");

    try (HttpReply refused = application.send(post("/app/events"))) {
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text())
          .isEqualTo(
              "nobody may publish over HTTP; name those who may in the setting"
                  + " 'eventsource.publishers'\n");
    }
  }

  @Test
  @DisplayName("nobody publishes where a publisher is named whom nobody can check")
  void noUsers() throws Exception {
    start("none", "", "alice");

    try (HttpReply refused = application.send(post("/app/events"))) {
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text())
          .isEqualTo("publishing needs a login, but nobody can log in; set 'eventsource.users'\n");
    }
  }

  @Test
  @DisplayName("the settings of digest are what clients see, and a stream's head proves the login")
  void digestSettings() throws Exception {
    application
        .parameter("eventsource.digest.algorithms", "SHA-512-256-sess, MD5")
        .parameter("eventsource.digest.opaque", "5ccc")
        .parameter("eventsource.digest.domain", "/app/events, https://b.example/")
        .parameter("eventsource.digest.charset", "true")
        .parameter("eventsource.digest.userhash", "true");
    start("digest", "alice:a", "");
    HttpCall call = HttpCall.of("GET", "/app/events");
    List<String> challenges;
    try (HttpReply refused = application.send(call)) {
      challenges = refused.fields().get("www-authenticate");
    }
    DigestClient alice = DigestClient.of("alice", "a", challenges.get(0));

    assertThat(challenges)
        .hasSize(2)
        .allMatch(
            challenge ->
                challenge.endsWith(
                    "opaque=\"5ccc\", domain=\"/app/events https://b.example/\", charset=UTF-8,"
                        + " userhash=true"));
    assertThat(challenges.get(1)).contains("algorithm=MD5,");
    try (HttpReply reply =
            application.send(call.with("Authorization", alice.answer("GET", "/app/events")));
        EventStreamRecorder stream = reply.stream()) {
      stream.assertOpened();
      assertThat(reply.field("Authentication-Info"))
          .startsWith("rspauth=\"" + alice.proof("/app/events", 1) + "\", qop=auth, ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"eventsource", "Another realm"})
  @DisplayName("an event source's own authentication takes the place of the configured one")
  void ownAuthentication(String realm) throws Exception {
    application.atStart(
        context ->
            EventSources.of(context)
                .at("/own")
                .addMiddleware(
                    AuthenticationMiddleware.digest()
                        .realm(realm)
                        .username("bob")
                        .password("b")
                        .build()));
    start("digest", "alice:a", "");

    assertReads("/app/own", "bob", "b", 200);
    assertReads("/app/own", "alice", "a", 401);
    assertReads("/app/events", "alice", "a", 200);
    assertReads("/app/events", "bob", "b", 401);
  }

  private void assertReads(String path, String user, String password, int status)
      throws IOException {
    HttpCall call = HttpCall.of("GET", path);
    String answer = client(call, user, password).answer("GET", path);
    try (HttpReply reply = application.send(call.with("Authorization", answer))) {
      assertThat(reply.status()).as("%s at %s", user, path).isEqualTo(status);
      assertThat(String.join("", reply.fields().getOrDefault("www-authenticate", List.of())))
          .doesNotContain("stale");
    }
  }

  /** Attack: a page that forwards or includes what its query says opens the stream instead. */
  @ParameterizedTest
  @ValueSource(strings = {"forward", "include"})
  @DisplayName("a request that another servlet passes on reads nothing without a login")
  void passedOn(String way) throws Exception {
    application.atStart(context -> add(context, "/door", new Door()));
    start("digest", "alice:a", "");

    try (HttpReply reply = application.get("/app/door?" + way)) {
      assertThat(reply.text()).startsWith("reading needs a login").doesNotContain("id:");
    }
  }

  /** Attack: a header that some framework obeys turns publishing into reading behind the guard. */
  @Test
  @DisplayName("a request whose method is changed on its way is judged by the new one too")
  void methodChanged() throws Exception {
    application.atStart(
        context -> {
          FilterRegistration.Dynamic filter = context.addFilter("override", new MethodOverride());
          filter.setAsyncSupported(true);
          filter.addMappingForServletNames(
              EnumSet.of(DispatcherType.REQUEST), true, "event source /events");
        });
    start("digest", "alice:a", "");

    try (HttpReply reply =
        application.send(post("/app/events").with("X-HTTP-Method-Override", "GET"))) {
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.text()).startsWith("reading needs a login");
    }
  }

  private static void add(ServletContext context, String path, HttpServlet servlet) {
    ServletRegistration.Dynamic registration = context.addServlet(path, servlet);
    registration.setAsyncSupported(true);
    registration.addMapping(path);
  }

  /** Passes every request on to the event source, as its query says. */
  private static final class Door extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      RequestDispatcher events = request.getRequestDispatcher("/events");
      if (request.getQueryString().equals("forward")) {
        events.forward(request, response);
      } else {
        events.include(request, response);
      }
    }
  }

  private static final class MethodOverride extends HttpFilter {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws ServletException, IOException {
      String method = request.getHeader("X-HTTP-Method-Override");
      chain.doFilter(
          new HttpServletRequestWrapper(request) {
            @Override
            public String getMethod() {
              return method;
            }
          },
          response);
    }
  }

  @Test
  @DisplayName("methods that do nothing need no login to be refused")
  void otherMethods() throws Exception {
    start("digest", "alice:a", "alice");

    try (LogRecords refusals = LogRecords.of("org.asynceventsource.servlet");
        HttpReply delete = application.send(HttpCall.of("DELETE", "/app/events"));
        HttpReply options = application.send(HttpCall.of("OPTIONS", "/app/events"))) {
      assertThat(delete.status()).isEqualTo(405);
      assertThat(options.status()).isEqualTo(204);
      assertThat(refusals.messages()).hasSize(1);
    }
  }
}
