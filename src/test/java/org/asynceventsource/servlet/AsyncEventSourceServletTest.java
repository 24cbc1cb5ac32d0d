package org.asynceventsource.servlet;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests byte by byte to a real container. */
@DisplayName("An event source over HTTP")
class AsyncEventSourceServletTest {

  private static final String SHUTDOWN_RETRY = "retry: ([5-9]\\d{3}|1[0-4]\\d{3}|15000)\n\n";

  private ServedEventSource served;

  @AfterEach
  void stop() throws Exception {
    served.stop();
  }

  @Test
  @DisplayName("opens a stream at once, with nothing to send but the current id")
  void get() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);
    String greeting = ": async event source\nretry: 3000\nid: %s\n\n".formatted(currentId());

    try (HttpReply reply = served.send(ServedEventSource.get())) {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.fields())
          .containsEntry("content-type", List.of("text/event-stream"))
          .containsEntry("cache-control", List.of("no-store, no-transform"))
          .containsEntry("x-accel-buffering", List.of("no"))
          .containsEntry("x-content-type-options", List.of("nosniff"))
          .containsEntry("vary", List.of("Accept"))
          .doesNotContainKeys("set-cookie", "content-length", "content-encoding");
      assertThat(reply.body().readNBytes(greeting.length())).asString().isEqualTo(greeting);
    }
    assertThat(served.sessions()).isZero();
  }

  @Test
  @DisplayName("sends the events of the channels that the query asks for, and those of none")
  void channels() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (EventStreamRecorder stream =
        served.open(HttpCall.of("GET", "/app/events?channel=orders%2F42&channel=a&channel="))) {
      stream.assertOpened();
      served.source().send(ServerSentEvent.of("1").withChannel("a"));
      served.source().send(ServerSentEvent.of("2").withChannel("b"));
      served.source().send(ServerSentEvent.of("3").withChannel("orders/42"));
      served.source().send("4");

      assertThat(List.of(stream.next().data(), stream.next().data(), stream.next().data()))
          .containsExactly("1", "3", "4");
    }
  }

  @Test
  @DisplayName("refuses a query for more channels than there may be")
  void tooManyChannels() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);
    String query =
        IntStream.rangeClosed(0, 100).mapToObj(i -> "channel=" + i).collect(joining("&"));

    try (HttpReply refused = served.send(HttpCall.of("GET", "/app/events?" + query))) {
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text())
          .isEqualTo(
              "101 channels are asked for; ask for at most 100, or for none to get all events\n");
    }
  }

  @Test
  @DisplayName("answers HEAD with the header of a stream, and opens none")
  void head() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (HttpReply head = served.send(HttpCall.of("HEAD", "/app/events"))) {
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.field("Content-Type")).startsWith("text/event-stream");
      assertThat(head.field("Cache-Control")).isEqualTo("no-store, no-transform");
      assertThat(head.text()).isEmpty();
    }
    assertThat(served.source().count()).isZero();
  }

  @Test
  @DisplayName("answers OPTIONS with what is possible")
  void options() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (HttpReply options = served.send(HttpCall.of("OPTIONS", "/app/events"))) {
      assertThat(options.status()).isEqualTo(204);
      assertThat(options.field("Allow")).isEqualTo("GET, HEAD, OPTIONS, POST, PUT");
      assertThat(options.field("Accept-Post"))
          .isEqualTo(
              "text/plain, application/json, application/x-www-form-urlencoded, text/event-stream");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE", "PATCH", "BREW"})
  @DisplayName("refuses other methods with 405 and names those that are possible")
  void otherMethods(String method) throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (HttpReply refused = served.send(HttpCall.of(method, "/app/events"))) {
      assertThat(refused.status()).isEqualTo(405);
      assertThat(refused.field("Allow")).isEqualTo("GET, HEAD, OPTIONS, POST, PUT");
      assertThat(refused.text())
          .isEqualTo(
              "method %s is not possible here; use one of GET, HEAD, OPTIONS, POST, PUT\n"
                  .formatted(method));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, application/json",
    "GET, 'text/html, text/*;q=0'",
    "GET, text/event-stream;q=0.0",
    "HEAD, application/json",
  })
  @DisplayName("refuses with 406 whoever takes no event stream")
  void notAcceptable(String method, String accept) throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (HttpReply refused =
        served.send(HttpCall.of(method, "/app/events").with("Accept", accept))) {
      assertThat(refused.status()).isEqualTo(406);
      assertThat(refused.field("Vary")).isEqualTo("Accept");
      assertThat(refused.text())
          .isEqualTo(
              method.equals("HEAD")
                  ? ""
                  : "the header field Accept excludes text/event-stream; send 'Accept:"
                      + " text/event-stream' or none\n");
    }
  }

  @Test
  @DisplayName("takes a text by POST and answers its id")
  void post() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (EventStreamRecorder stream = served.open(ServedEventSource.get());
        HttpReply reply = served.send(ServedEventSource.post("hello"))) {
      assertThat(reply.status()).isEqualTo(200);
      String id = reply.text().strip();
      assertThat(reply.fields()).doesNotContainKey("set-cookie");
      stream.assertEvent(id, "message", "hello");
      stream.assertExhausted();
    }
    assertThat(served.sessions()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/app/events", "/app/events?shop=7&data=of+the+query"})
  @DisplayName("takes a form although a condition has made the container read it")
  void readForm(String target) throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);
    served.source().filter(request -> request.getParameter("nowhere") == null);
    String form = "event=greeting&data=gr%C3%BC%C3%9Fe&id=7";

    try (EventStreamRecorder stream = served.open(ServedEventSource.get());
        HttpReply reply =
            served.send(
                HttpCall.of("POST", target).withBody("application/x-www-form-urlencoded", form))) {
      assertThat(reply.text()).isEqualTo("7\n");
      stream.assertEvent("7", "greeting", "grüße");
    }
  }

  @Test
  @DisplayName("checks host, filter, middleware, publishers and the method's rules in this order")
  void order() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    served =
        ServedEventSource.start(
            new RequestOptions(Set.of(), List.of("localhost"), List.of(), 1_000),
            noting(seen, "publishers"));
    served
        .source()
        .filter(request -> note(seen, "filter", request.getParameter("nowhere") == null))
        .authorizeConnect(request -> note(seen, "authorizer", false))
        .addMiddleware(noting(seen, "first"))
        .addMiddleware(noting(seen, "second"));
    Map<HttpCall, String> expected =
        Map.of(
            ServedEventSource.get().with("Host", "evil.example"), "[421]",
            HttpCall.of("GET", "/app/events?nowhere"), "[filter, 404]",
            ServedEventSource.get().with("Accept", "text/html"),
                "[filter, first, second, publishers, 406]",
            ServedEventSource.get(), "[filter, first, second, publishers, authorizer, 403]",
            HttpCall.of("HEAD", "/app/events"),
                "[filter, first, second, publishers, authorizer, 403]",
            ServedEventSource.post("a"), "[filter, first, second, publishers, 200]",
            HttpCall.of("DELETE", "/app/events"), "[filter, first, second, publishers, 405]");

    expected.forEach((call, way) -> assertThat(way(call, seen)).as(call.toString()).isEqualTo(way));
  }

  private String way(HttpCall call, List<String> seen) {
    seen.clear();
    try (HttpReply reply = served.send(call)) {
      seen.add(Integer.toString(reply.status()));
      return seen.toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean note(List<String> seen, String what, boolean answer) {
    seen.add(what);
    return answer;
  }

  private static Filter noting(List<String> seen, String name) {
    return (request, response, chain) -> {
      seen.add(name);
      chain.doFilter(request, response);
    };
  }

  /** A guard that fails must not let in whom it was to judge. */
  @Test
  @DisplayName("refuses where a condition fails instead of answering")
  void failingConditions() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);
    served
        .source()
        .filter(request -> found(request, "shop"))
        .authorizeConnect(request -> found(request, "key"));

    try (LogRecords expected = LogRecords.of("org.asynceventsource.stream");
        HttpReply filtered = served.send(ServedEventSource.get());
        HttpReply unauthorized = served.send(HttpCall.of("GET", "/app/events?shop"));
        HttpReply authorized = served.send(HttpCall.of("GET", "/app/events?shop&key"))) {
      assertThat(filtered.status()).isEqualTo(404);
      assertThat(filtered.text())
          .isEqualTo("there is nothing for this request at '/events'; ask another path\n");
      assertThat(unauthorized.status()).isEqualTo(403);
      assertThat(unauthorized.text())
          .isEqualTo("this stream is not for you; log in as somebody else\n");
      assertThat(authorized.status()).isEqualTo(200);
      assertThat(expected.messages())
          .containsExactly("a condition on requests failed; such requests are refused");
    }
  }

  private static boolean found(HttpServletRequest request, String name) {
    if (request.getParameter(name) == null) {
      throw new LookupFailure();
    }
    return true;
  }

  /** Of a class of its own, since each class of failures is logged once in a process. */
  private static final class LookupFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;
  }

  @Test
  @DisplayName("leaves a request alone that its middleware has answered")
  void answeringMiddleware() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);
    served
        .source()
        .addMiddleware(
            (request, response, chain) -> ((HttpServletResponse) response).sendError(402));

    try (HttpReply get = served.send(ServedEventSource.get());
        HttpReply post = served.send(ServedEventSource.post("a"))) {
      assertThat(get.status()).isEqualTo(402);
      assertThat(post.status()).isEqualTo(402);
    }
    assertThat(served.source().count()).isZero();
  }

  @Test
  @DisplayName("says which setting a filter of the application lacks that is not async-supported")
  void blockingFilter() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);
    FilterHolder blocking =
        new FilterHolder((request, response, chain) -> chain.doFilter(request, response));
    blocking.setAsyncSupported(false);
    served
        .application()
        .configure(
            application ->
                application.addFilter(blocking, "/*", EnumSet.of(DispatcherType.REQUEST)));

    try (HttpReply get = served.send(ServedEventSource.get());
        HttpReply post = served.send(ServedEventSource.post("a"))) {
      assertThat(get.status()).isEqualTo(500);
      assertThat(get.text())
          .isEqualTo(
              "a filter before '/events' is not async-supported; set"
                  + " <async-supported>true</async-supported> on every filter that is mapped"
                  + " there\n");
      assertThat(post.status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("tells onConnect who the client is, and of its request only onConnect")
  void visitor() throws Exception {
    served =
        ServedEventSource.start(
            new RequestOptions(Set.of("editor", "reader"), List.of(), List.of(), 1_000));
    CompletableFuture<AsyncEventSourceClient> connected = new CompletableFuture<>();
    CompletableFuture<List<Object>> told = new CompletableFuture<>();
    served.source().addMiddleware(login("alice", "editor"));
    served
        .source()
        .onConnect(
            client -> {
              told.complete(
                  List.of(
                      client.requestAttribute("tenant"),
                      client.requestAttribute("nothing").isPresent(),
                      client.lastId().isPresent()));
              connected.complete(client);
            });

    try (EventStreamRecorder stream = served.open(ServedEventSource.get())) {
      served.publish("live");
      stream.assertEvent(null, "message", "live");
      AsyncEventSourceClient client = connected.get(10, TimeUnit.SECONDS);
      assertThat(told.get(10, TimeUnit.SECONDS))
          .isEqualTo(List.of(Optional.of("blue"), false, false));
      assertThat(client.principal()).map(Principal::getName).contains("alice");
      assertThat(client.hasRole("editor")).isTrue();
      assertThat(client.hasRole("reader")).isFalse();
      assertThat(client.remoteAddress()).isEqualTo("127.0.0.1");
      assertThatThrownBy(() -> client.hasRole("writer"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("role 'writer' is not declared; add it to the setting 'eventsource.roles'");
      assertThatThrownBy(() -> client.requestAttribute("tenant"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "request attribute 'tenant' is asked for outside onConnect, when the request is gone;"
                  + " keep it there");
    }
  }

  private static Filter login(String name, String role) {
    return (request, response, chain) -> {
      request.setAttribute("tenant", "blue");
      chain.doFilter(
          new HttpServletRequestWrapper((HttpServletRequest) request) {
            @Override
            public Principal getUserPrincipal() {
              return () -> name;
            }

            @Override
            public boolean isUserInRole(String asked) {
              return asked.equals(role);
            }
          },
          response);
    };
  }

  @Test
  @DisplayName("believes a trusted proxy where the client is")
  void trustedProxy() throws Exception {
    List<AddressRange> loopback = List.of(AddressRange.parse("127.0.0.0/8").orElseThrow());
    served = ServedEventSource.start(new RequestOptions(Set.of(), List.of(), loopback, 1_000));
    CompletableFuture<String> address = new CompletableFuture<>();
    served.source().onConnect(client -> address.complete(client.remoteAddress()));

    try (EventStreamRecorder stream =
        served.open(ServedEventSource.get().with("X-Forwarded-For", "192.0.2.7"))) {
      assertThat(address.get(10, TimeUnit.SECONDS)).isEqualTo("192.0.2.7");
      stream.assertExhausted();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/app/events,                             größe-\uD83D\uDE00, ''",
    "/app/events?lastEventId=unknown,         größe-\uD83D\uDE00, ''",
    "/app/events?lastEventId=gr%C3%B6%C3%9Fe-%F0%9F%98%80,  '', ''",
    "/app/events?last_event_id=gr%C3%B6%C3%9Fe-%F0%9F%98%80,, ''",
  })
  @DisplayName("resumes after an id in UTF-8, from the header field first, else from the query")
  void resumes(String target, String header, String rest) throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);
    served.publish("before");
    served.source().send("seen", "e", "größe-\uD83D\uDE00").toCompletableFuture().join();
    String id = served.publish("missed");
    HttpCall call = HttpCall.of("GET", target);

    try (EventStreamRecorder stream =
        served.open(header == null ? call : call.with("Last-Event-ID", header))) {
      stream.assertEvent(id, "message", "missed");
      served.publish("live");
      stream.assertEvent(null, "message", "live");
      stream.assertExhausted();
    }
  }

  /** An attacker, or a broken link: the query can't be decoded. */
  @ParameterizedTest
  @ValueSource(strings = {"lastEventId=%zz", "lastEventId=%C3", "last_event_id=a%00b"})
  @DisplayName("never fails for a query that makes no sense")
  void brokenQuery(String query) throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (HttpReply reply = served.send(HttpCall.of("GET", "/app/events?" + query))) {
      assertThat(reply.status()).isIn(200, 400);
    }
  }

  @Test
  @DisplayName("answers an id of 6 KB with one gap event, then what is live")
  void longId() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);
    String current = currentId();

    try (EventStreamRecorder stream =
        served.open(ServedEventSource.get().with("Last-Event-ID", "x".repeat(6 * 1024)))) {
      stream.assertEvent(
          current,
          "eventsource.gap",
          "{\"requested\":\"%s\",\"resumedAt\":\"%s\",\"lost\":null,\"reason\":\"unknown\"}"
              .formatted("x".repeat(128), current));
      served.publish("live");
      stream.assertEvent(null, "message", "live");
      stream.assertExhausted();
    }
  }

  @Test
  @DisplayName("sends clients away in order when it is closed, and new ones at once")
  void closed() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (EventStreamRecorder open = served.open(ServedEventSource.get())) {
      served.source().close();
      open.assertEnded();
      assertThat(open.retry()).isBetween(5_000L, 15_000L);
    }
    try (HttpReply late = served.send(ServedEventSource.get());
        HttpReply published = served.send(ServedEventSource.post("a"))) {
      assertThat(late.status()).isEqualTo(200);
      assertThat(late.field("Content-Type")).startsWith("text/event-stream");
      assertThat(late.text()).matches(SHUTDOWN_RETRY);
      assertThat(published.status()).isEqualTo(503);
      assertThat(published.text())
          .isEqualTo(
              "the event could not be published; try again later; the server's log says why\n");
    }
  }

  @Test
  @DisplayName("sends clients away in order when its servlet is taken out of service")
  void destroyed() throws Exception {
    served = ServedEventSource.start(ServedEventSource.OPEN);

    try (EventStreamRecorder open = served.open(ServedEventSource.get())) {
      served.servlet().destroy();
      open.assertEnded();
      assertThat(open.retry()).isBetween(5_000L, 15_000L);
    }
  }

  private static HttpCall publishing(String contentType, String body) {
    return HttpCall.of("POST", "/app/events").withBody(contentType, body);
  }

  @Test
  @DisplayName("logs each kind of bad input once, and lets no other client notice")
  void loggedOnce() throws Exception {
    served =
        ServedEventSource.start(new RequestOptions(Set.of(), List.of("localhost"), List.of(), 100));
    served.source().filter(request -> request.getParameter("nowhere") == null);
    served.source().authorizeConnect(request -> request.getParameter("secret") == null);
    List<HttpCall> bad =
        List.of(
            publishing("application/json", "{\"data\":"),
            publishing("application/x-www-form-urlencoded", "data=a&event=a%0Db"),
            publishing("application/json", "{\"data\":\"a\",\"id\":\"a\\u0000b\"}"),
            publishing("image/png", "a"),
            publishing("text/plain", "a".repeat(101)),
            HttpCall.of("POST", "/app/events").withChunkedBody("text/plain", "b".repeat(101)),
            ServedEventSource.post("a").with("Origin", "https://evil.example"),
            HttpCall.of("DELETE", "/app/events"),
            ServedEventSource.get().with("Accept", "application/json"),
            ServedEventSource.get().with("Host", "evil.example"),
            HttpCall.of("GET", "/app/events?nowhere"),
            HttpCall.of("GET", "/app/events?secret"));

    try (EventStreamRecorder bystander = served.open(ServedEventSource.get())) {
      for (int round = 0; round < 3; round++) {
        for (HttpCall call : bad) {
          try (HttpReply refused = served.send(call)) {
            assertThat(refused.status()).as(call.toString()).isGreaterThanOrEqualTo(400);
          }
          String id = served.publish("round " + round);
          bystander.assertEvent(id, "message", "round " + round);
        }
      }
      bystander.assertExhausted();
    }
    assertThat(served.logged())
        .containsExactly(
            "WARNING a request was refused with 400: the body is malformed JSON at its end:"
                + " something is missing; send an object such as"
                + " {\"data\":\"hello\",\"event\":\"greeting\"} (told once per cause)",
            "WARNING a request was refused with 400: event name 'a\uFFFDb' has CR at index 1; line"
                + " ends and NUL can't be sent there, remove them (told once per cause)",
            "WARNING a request was refused with 400: event id 'a\uFFFDb' has NUL at index 1; line"
                + " ends and NUL can't be sent there, remove them (told once per cause)",
            "WARNING a request was refused with 415: content type 'image/png' can't be published;"
                + " send text/plain or application/json or application/x-www-form-urlencoded or"
                + " text/event-stream (told once per cause)",
            "WARNING a request was refused with 413: the body has more than 100 bytes; send less,"
                + " or raise 'eventsource.limits.body' (told once per cause)",
            "WARNING a request was refused with 403: pages of origin 'https://evil.example' may not"
                + " publish here; publish from a page of this server, or list its origin in"
                + " 'eventsource.cors.origins' (told once per cause)",
            "WARNING a request was refused with 405: method DELETE is not possible here; use one of"
                + " GET, HEAD, OPTIONS, POST, PUT (told once per cause)",
            "WARNING a request was refused with 406: the header field Accept excludes"
                + " text/event-stream; send 'Accept: text/event-stream' or none (told once per"
                + " cause)",
            "WARNING a request was refused with 421: host 'evil.example' is not served here; use"
                + " one of this server's names, or add it to 'eventsource.hosts' (told once per"
                + " cause)",
            "WARNING a request was refused with 404: there is nothing for this request at"
                + " '/events'; ask another path (told once per cause)",
            "WARNING a request was refused with 403: this stream is not for you; log in as"
                + " somebody else (told once per cause)");
  }

  private String currentId() {
    return served.publish("first");
  }
}
