package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.asynceventsource.Access;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.EventSources;
import org.asynceventsource.Reader;
import org.asynceventsource.Ticket;
import org.asynceventsource.WebApplication;
import org.asynceventsource.security.AuthenticationMiddleware;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In a real container; requests byte by byte. */
@DisplayName("Whoever brings a ticket in the query")
class TicketLoginTest {

  private final WebApplication application = WebApplication.at("/app");
  private final List<Reader> readers = new ArrayList<>();
  private LogRecords expected;
  private EventSources sources;

  @BeforeEach
  void listen() {
    expected = LogRecords.of("org.asynceventsource.security");
  }

  @AfterEach
  void stop() throws Exception {
    application.stop();
    expected.close();
  }

  private void start(String lifetime) throws Exception {
    application
        .parameter("eventsource.auth", "digest")
        .parameter("eventsource.users", "alice:secret")
        .parameter("eventsource.publishers", "alice")
        .parameter("eventsource.roles", "clerk")
        .parameter("eventsource.cors.origins", "https://page.example")
        .parameter("eventsource.tickets", lifetime)
        .atStart(context -> prepare(EventSources.of(context)))
        .listener(new BootListener())
        .start();
  }

  private void prepare(EventSources made) {
    sources = made;
    made.at("/events").authorize(this::granted);
    made.at("/forwarding").addMiddleware(TicketLoginTest::forward);
    made.at("/nobody").addMiddleware(AuthenticationMiddleware.denied());
    made.at("/own")
        .addMiddleware(AuthenticationMiddleware.digest().username("bob").password("other").build());
  }

  private static void forward(ServletRequest request, ServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getDispatcherType() == DispatcherType.REQUEST) {
      String target = request.getParameter("to");
      request.getRequestDispatcher(target).forward(request, response);
    } else {
      chain.doFilter(request, response);
    }
  }

  private Access granted(Reader reader) {
    readers.add(reader);
    return Access.GRANTED;
  }

  private HttpReply get(String target) throws Exception {
    return application.send(
        HttpCall.of("GET", target)
            .with("Origin", "https://page.example")
            .with("Sec-Fetch-Site", "cross-site"));
  }

  @Test
  @DisplayName("opens a stream as the user that it was issued for, from a page of another origin")
  void opens() throws Exception {
    start("30s");
    String ticket = sources.issue(Ticket.of("carol").withRoles("clerk").withChannels("tea"));

    HttpReply reply = get("/app/events?channel=tea&ticket=" + ticket);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.field("Access-Control-Allow-Origin")).isEqualTo("https://page.example");
    try (EventStreamRecorder stream = reply.stream()) {
      stream.assertOpened();
      sources.at("/events").send("for carol");
      assertThat(readers.get(0).principal().orElseThrow().getName()).isEqualTo("carol");
      assertThat(readers.get(0).hasRole("clerk")).isTrue();
      assertThat(readers.get(0).channels()).isEqualTo(Set.of("tea"));
    }
  }

  @Test
  @DisplayName("opens one stream only, and is told on the second attempt why not")
  void once() throws Exception {
    start("30s");
    String target = "/app/events?ticket=" + sources.issue(Ticket.of("carol"));

    try (EventStreamRecorder stream = get(target).stream();
        HttpReply again = get(target)) {
      stream.assertOpened();
      assertThat(again.status()).isEqualTo(403);
      assertThat(again.text()).contains("the ticket has been used");
      assertThat(again.field("Access-Control-Allow-Origin")).isEqualTo("https://page.example");
    }
  }

  @Test
  @DisplayName("is closed with all other streams of the user")
  void revoked() throws Exception {
    start("30s");

    try (EventStreamRecorder stream =
        get("/app/events?ticket=" + sources.issue(Ticket.of("carol"))).stream()) {
      stream.assertOpened();
      sources.changed(AccessChanged.ended("carol"));
      stream.assertEndedWithin(Duration.ofSeconds(1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own", "/events?channel=tea", "/forwarding?channel=milk"})
  @DisplayName("can't have the request forwarded to something that the ticket isn't for")
  void forwarded(String target) throws Exception {
    start("30s");
    String ticket = sources.issue(Ticket.of("carol").at("/forwarding").withChannels("tea"));
    String to = "&to=" + URLEncoder.encode(target, StandardCharsets.US_ASCII);

    try (HttpReply reply = get("/app/forwarding?channel=tea&ticket=" + ticket + to)) {
      assertThat(reply.status()).isEqualTo(403);
    }
  }

  @Test
  @DisplayName("can't read where nobody may")
  void denied() throws Exception {
    start("30s");

    try (HttpReply reply =
        get("/app/nobody?ticket=" + sources.issue(Ticket.of("carol").at("/nobody")))) {
      assertThat(reply.status()).isEqualTo(401);
    }
    assertThatThrownBy(
            () ->
                WebApplication.at("/closed")
                    .parameter("eventsource.auth", "denied")
                    .parameter("eventsource.tickets", "30s")
                    .listener(new BootListener())
                    .start())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nobody may read");
  }

  @Test
  @DisplayName("needs no login to an event source that has one of its own")
  void ownLogin() throws Exception {
    start("30s");

    try (EventStreamRecorder stream =
            get("/app/own?ticket=" + sources.issue(Ticket.of("carol").at("/own"))).stream();
        HttpReply without = get("/app/own")) {
      stream.assertOpened();
      assertThat(without.status()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/app/events?ticket=, isn't one",
    "/app/events?ticket=abc, isn't one",
    "/app/events?ticket=TICKET&ticket=TICKET, several",
    "/app/own?ticket=TICKET, another event source",
    "/app/events?channel=tea&channel=milk&ticket=TICKET, certain channels",
    "/app/events?channel=&ticket=TICKET, certain channels",
    "/app/events?ticket=TICKET, certain channels"
  })
  @DisplayName("is answered 403 if the ticket doesn't do")
  void refused(String target, String reason) throws Exception {
    start("30s");
    String ticket = sources.issue(Ticket.of("carol").withChannels("tea"));

    try (HttpReply reply = get(target.replace("TICKET", ticket))) {
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.text()).contains(reason);
      assertThat(expected.messages()).noneMatch(message -> message.contains(ticket));
    }
  }

  @ParameterizedTest
  @CsvSource({"POST, 401", "PUT, 401", "HEAD, 401"})
  @DisplayName("can do nothing else with it")
  void readsOnly(String method, int status) throws Exception {
    start("30s");
    String target = "/app/events?ticket=" + sources.issue(Ticket.of("alice"));

    try (HttpReply reply = application.send(HttpCall.of(method, target))) {
      assertThat(reply.status()).isEqualTo(status);
    }
    try (EventStreamRecorder stream = get(target).stream()) {
      stream.assertOpened();
    }
  }

  @Test
  @DisplayName("has to log in where none are issued")
  void notIssued() throws Exception {
    start("0");

    try (HttpReply reply = get("/app/events?ticket=abc")) {
      assertThat(reply.status()).isEqualTo(401);
    }
    assertThatThrownBy(() -> sources.issue(Ticket.of("carol")))
        .hasMessageContaining("set 'eventsource.tickets'");
  }

  @Test
  @DisplayName("finds none issued for an event source that isn't there")
  void unknownPath() throws Exception {
    start("30s");

    assertThatThrownBy(() -> sources.issue(Ticket.of("carol").at("/nowhere")))
        .isInstanceOf(EventSourceException.class)
        .hasMessageContaining(
            "'/nowhere', but there is none; the paths are [/events, /forwarding, /nobody, /own]");
  }

  @Test
  @DisplayName("finds none that lives for more than five minutes")
  void longLife() {
    assertThatThrownBy(() -> start("6m"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("eventsource.tickets")
        .hasMessageContaining("at most 5m");
  }
}
