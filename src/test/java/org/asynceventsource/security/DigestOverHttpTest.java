package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.LogRecords;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The filters in front of an asynchronous servlet in a real container; requests byte by byte. */
class DigestOverHttpTest {

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private static final String REALM = "My app name";

  private final Server server = new Server();
  private final LocalConnector connector = new LocalConnector(server);

  @BeforeEach
  void start() throws Exception {
    server.addConnector(connector);
    deploy();
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void a_reader_logs_in_and_the_stream_knows_who_it_is() throws Exception {
    HttpTester.Response answer =
        send("GET", "/app/events", client("reader").answer("GET", "/app/events"));
    assertThat(answer.getStatus()).isEqualTo(200);
    assertThat(answer.getContent()).isEqualTo("reader DIGEST true false");
  }

  @Test
  void the_wrapped_request_may_be_started_asynchronously_either_way() throws Exception {
    DigestClient client = client("reader");
    for (String target : new String[] {"/app/events?wrapped", "/app/events?plain"}) {
      HttpTester.Response answer = send("GET", target, client.answer("GET", target));
      assertThat(answer.getContent()).as(target).startsWith("reader DIGEST");
    }
  }

  @Test
  void a_refusal_is_plain_text_that_nobody_may_store() throws Exception {
    HttpTester.Response answer = send("GET", "/app/events", null);
    assertThat(answer.getStatus()).isEqualTo(401);
    assertThat(answer.getValuesList("WWW-Authenticate"))
        .hasSize(2)
        .allMatch(challenge -> challenge.startsWith("Digest realm=\"My app name\", qop=\"auth\""));
    assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.get("Content-Type")).isEqualToIgnoringCase("text/plain;charset=UTF-8");
    assertThat(answer.getContent())
        .isEqualTo("login required: this needs the name and the password of a user\n");
    assertThat(answer.get("Set-Cookie")).isNull();
  }

  @Test
  void publishers_publish_and_readers_do_not() throws Exception {
    assertThat(
            send("POST", "/app/events", client("admin").answer("POST", "/app/events")).getStatus())
        .isEqualTo(200);
    HttpTester.Response refused =
        send("POST", "/app/events", client("reader").answer("POST", "/app/events"));
    assertThat(refused.getStatus()).isEqualTo(403);
    assertThat(refused.getContent()).contains("eventsource.publishers");
    assertThat(send("POST", "/app/events", null).getStatus()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE", "PATCH", "OPTIONS"})
  void other_methods_reach_the_servlet(String method) throws Exception {
    assertThat(send(method, "/app/events", null).getStatus()).isEqualTo(405);
  }

  @Test
  void a_restart_costs_one_silent_round_trip() throws Exception {
    DigestClient client = client("reader");
    assertThat(send("GET", "/app/events", client.answer("GET", "/app/events")).getStatus())
        .isEqualTo(200);
    server.stop();
    deploy();
    server.start();
    HttpTester.Response stale = send("GET", "/app/events", client.answer("GET", "/app/events"));
    assertThat(stale.getStatus()).isEqualTo(401);
    String challenge = stale.getValuesList("WWW-Authenticate").get(0);
    assertThat(challenge).endsWith(", stale=true");
    DigestClient again = DigestClient.of("reader", "secret", challenge);
    assertThat(send("GET", "/app/events", again.answer("GET", "/app/events")).getStatus())
        .isEqualTo(200);
    HttpTester.Response guess =
        send("GET", "/app/events", client.as("reader", "x").answer("GET", "/app/events"));
    assertThat(guess.getValuesList("WWW-Authenticate")).noneMatch(c -> c.contains("stale"));
  }

  /** The servlet has all paths here, so that parameters of a path don't lead past it. */
  @ParameterizedTest
  @CsvSource({
    "/app/events;x=y, /app/events, 400",
    "/app/events;x=y, /app/events;x=y, 200",
    "/app//events, /app/events, 400",
    "/app/./events, /app/events, 400",
    "/app/x/../events, /app/events, 400",
    "http://elsewhere/app/events, /app/events, 400",
  })
  void the_uri_is_the_target_as_it_was_sent(String target, String uri, int status)
      throws Exception {
    assertThat(send("GET", target, client("reader").answer("GET", uri)).getStatus())
        .isEqualTo(status);
  }

  @Test
  void names_in_utf_8_arrive() throws Exception {
    HttpTester.Response answer =
        send("GET", "/app/events", client("jürgen").answer("GET", "/app/events"));
    assertThat(answer.getContent()).startsWith("jürgen DIGEST");
  }

  @Test
  void malformed_credentials_are_answered_400() throws Exception {
    assertThat(send("GET", "/app/events", "Digest username=\"admin").getStatus()).isEqualTo(400);
    assertThat(send("GET", "/app/events", "Digest").getStatus()).isEqualTo(400);
    String twice = "Digest a=b\r\nAuthorization: Digest a=b";
    assertThat(send("GET", "/app/events", twice).getStatus()).isEqualTo(400);
    String answer = client("reader").answer("GET", "/app/events");
    assertThat(send("GET", "/app/events", answer + ", x=" + "y".repeat(8 * 1024)).getStatus())
        .isIn(400, 431);
  }

  private DigestClient client(String user) throws Exception {
    HttpTester.Response answer = send("GET", "/app/events", null);
    return DigestClient.of(user, "secret", answer.getValuesList("WWW-Authenticate").get(0));
  }

  private HttpTester.Response send(String method, String target, String authorization)
      throws Exception {
    String field = authorization == null ? "" : "Authorization: " + authorization + "\r\n";
    String request =
        "%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n"
            .formatted(method, target, field);
    return HttpTester.parseResponse(connector.getResponse(StandardCharsets.UTF_8.encode(request)));
  }

  /** A new incarnation: mechanism and nonces are made anew, as a redeployment does. */
  private void deploy() {
    DigestOptions options =
        DigestOptions.of(REALM)
            .withAlgorithms(List.of(DigestAlgorithm.SHA_256, DigestAlgorithm.MD5));
    List<DigestIdentity> users =
        List.of("admin", "reader", "jürgen").stream()
            .map(name -> DigestIdentity.withPassword(name, REALM, "secret", options.algorithms()))
            .map(user -> user.inGroups(Set.of("role of " + user.name())))
            .toList();
    AccessRules rules = new AccessRules(true, Set.of("admin"));
    DigestAuthenticationMechanism mechanism =
        DigestAuthenticationMechanism.of(options, IdentityStores.of(MemoryIdentityStore.of(users)));
    ServletContextHandler application = new ServletContextHandler("/app");
    add(application, new FilterHolder(new AuthenticationFilter(mechanism, rules::guards)));
    add(application, new FilterHolder(new AccessFilter(rules, "/events")));
    ServletHolder holder = new ServletHolder(new WhoServlet());
    holder.setAsyncSupported(true);
    application.addServlet(holder, "/*");
    server.setHandler(application);
  }

  private static void add(ServletContextHandler application, FilterHolder holder) {
    holder.setAsyncSupported(true);
    application.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
  }

  /** Answers from another thread who the caller is. */
  private static final class WhoServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (!Set.of("GET", "POST").contains(request.getMethod())) {
        response.setStatus(405);
        return;
      }
      String user = request.getUserPrincipal().getName();
      String text =
          String.join(
              " ",
              request.getRemoteUser(),
              request.getAuthType(),
              String.valueOf(request.isUserInRole("role of " + user)),
              String.valueOf(request.isUserInRole("other")));
      AsyncContext context =
          "wrapped".equals(request.getQueryString())
              ? request.startAsync(request, response)
              : request.startAsync();
      context.start(() -> answer(context, text));
    }

    private static void answer(AsyncContext context, String text) {
      try {
        context.getResponse().setContentType("text/plain;charset=UTF-8");
        context.getResponse().getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      } finally {
        context.complete();
      }
    }
  }
}
