package org.asynceventsource.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.LoaderWithout;
import org.asynceventsource.RecordingLogger;
import org.asynceventsource.SendResult;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.WarnOnce;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Publishing over HTTP")
class PublishEndpointTest {

  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String ACCEPTED =
      "text/plain, application/json, " + FORM + ", text/event-stream";
  private static final SendResult QUEUED = new SendResult("e-1", SendResult.Delivery.QUEUED);

  private final RecordingLogger logger = new RecordingLogger();
  private final WarnOnce warnings = new WarnOnce(logger);
  private final PublishStreams streams =
      PublishStreams.create(Duration.ZERO, Duration.ZERO, Runnable::run);
  private final PublishEndpoint endpoint = new PublishEndpoint(1_000, streams, warnings);
  private final List<ServerSentEvent> published = new ArrayList<>();
  private final FakeResponse response = new FakeResponse();

  @Test
  @DisplayName("takes text as data and answers the id")
  void text() throws IOException {
    publish(FakeRequest.post().body("text/plain", "hello\r\nworld \uD83D\uDE00"));

    assertThat(published).containsExactly(ServerSentEvent.of("hello\r\nworld \uD83D\uDE00"));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("e-1\n");
    assertThat(response.header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
    assertThat(response.header("Content-Length")).isEqualTo("4");
    assertThat(response.header("Cache-Control")).isEqualTo("no-store");
    assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(logger.lines()).isEmpty();
  }

  @Test
  @DisplayName("takes no text for empty data")
  void emptyText() throws IOException {
    publish(FakeRequest.post().body("text/plain", ""));

    assertThat(published).containsExactly(ServerSentEvent.of(""));
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("honours the charset of text")
  @CsvSource({
    "text/plain; charset=ISO-8859-1, ISO-8859-1",
    "text/plain;charset=\"utf-8\", UTF-8",
    "TEXT/Plain ; format=flowed; CHARSET=utf-16be, UTF-16BE"
  })
  void charset(String contentType, String charset) throws IOException {
    publish(FakeRequest.post().body(contentType, "Grüße".getBytes(Charset.forName(charset))));

    assertThat(published).containsExactly(ServerSentEvent.of("Grüße"));
  }

  @Test
  @DisplayName("answers JSON to whoever prefers it")
  void jsonAnswer() throws IOException {
    publish(
        FakeRequest.post().body("text/plain", "a").header("Accept", "application/json, */*;q=.5"));

    assertThat(response.header("Content-Type")).isEqualTo("application/json");
    assertThat(response.header("Vary")).isEqualTo("Accept");
    assertThat(response.body()).isEqualTo("{\"id\":\"e-1\",\"delivery\":\"queued\"}\n");
  }

  @Test
  @DisplayName("escapes an own id in the JSON answer")
  void escapedAnswer() throws IOException {
    SendResult result = new SendResult("a\"\\\t\uD83D", SendResult.Delivery.NOBODY);
    publish(
        FakeRequest.post().body("text/plain", "a").header("Accept", "application/json"),
        event -> CompletableFuture.completedStage(result));

    assertThat(response.body())
        .isEqualTo("{\"id\":\"a\\\"\\\\\\u0009\\ud83d\",\"delivery\":\"nobody\"}\n");
  }

  @Test
  @DisplayName("takes JSON with every member")
  void json() throws IOException {
    publish(
        FakeRequest.post()
            .body(
                "application/json; charset=UTF-8",
                "\uFEFF{\"id\":\"7\",\"event\":\"n\",\"retry\":3000,\"channel\":\"c\",\"key\":\"k\",\"data\":\"a\\nb\"} \n"));

    assertThat(published)
        .containsExactly(
            ServerSentEvent.of("a\nb")
                .withName("n")
                .withId("7")
                .withRetry(3000)
                .withChannel("c")
                .withKey("k"));
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("takes any JSON value as data: a string as it is, another as JSON text")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"text\" | text",
        "\"\" | ''",
        "{\"a\" : [1, 2.50, \"x\"]} | {\"a\":[1,2.50,\"x\"]}",
        "[] | []",
        "12 | 12",
        "true | true",
        "null | null"
      })
  void jsonData(String value, String data) throws IOException {
    publish(FakeRequest.post().body(JSON, "{\"data\":" + value + "}"));

    assertThat(published).containsExactly(ServerSentEvent.of(data));
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("takes null, an empty name and the id or retry 0 for none")
  @ValueSource(
      strings = {
        "{\"data\":\"a\",\"event\":null,\"id\":null,\"retry\":null}",
        "{\"data\":\"a\",\"event\":\"\",\"id\":\"\",\"retry\":0}",
        "{\"data\":\"a\",\"id\":0}"
      })
  void jsonNone(String json) throws IOException {
    publish(FakeRequest.post().body(JSON, json));

    assertThat(published).containsExactly(ServerSentEvent.of("a"));
  }

  @Test
  @DisplayName("takes a number as id")
  void jsonNumber() throws IOException {
    publish(FakeRequest.post().body(JSON, "{\"data\":\"a\",\"id\":1700000000000}"));

    assertThat(published).containsExactly(ServerSentEvent.of("a").withId("1700000000000"));
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("refuses wrong JSON and names what is wrong")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"data\":\"a\" | the body is malformed JSON at its end: something is missing",
        "{\"data\": | the body is malformed JSON at its end: something is missing",
        "{\"data\":\"a | the body is malformed JSON at its end: something is missing",
        "{\"data\":\"a\"} x | the body is malformed JSON at line 1, column 14",
        "{\"data\":01} | the body is malformed JSON at line 1, column 10",
        "{\"data\":\"a\"}{} | the body is malformed JSON",
        "{data:1} | the body is malformed JSON at line 1, column 2",
        "'' | the body is malformed JSON",
        "[1] | the body is no JSON object",
        "\"a\" | the body is no JSON object",
        "{} | the object has no member 'data'",
        "{\"data\":\"a\",\"name\":\"b\"} | the object has an unknown member 'name'",
        "{\"data\":\"a\",\"data\":\"b\"} | the object has twice the member 'data'",
        "{\"data\":\"a\",\"event\":1} | the member 'event' is no text",
        "{\"data\":\"a\",\"event\":[]} | the member 'event' is no text",
        "{\"data\":\"a\",\"id\":true} | the member 'id' is no text",
        "{\"data\":\"a\",\"id\":1.5} | the member 'id' is no whole number",
        "{\"data\":\"a\",\"id\":1e400} | the member 'id' is no whole number",
        "{\"data\":\"a\",\"retry\":\"1\"} | the member 'retry' is no whole number",
        "{\"data\":\"a\",\"retry\":99999999999999999999} | the member 'retry' is no whole number",
      })
  void wrongJson(String json, String reason) throws IOException {
    publish(FakeRequest.post().body(JSON, json));

    assertRefused(400);
    assertThat(response.body())
        .startsWith(reason)
        .endsWith("; send an object such as {\"data\":\"hello\",\"event\":\"greeting\"}\n");
  }

  @Test
  @DisplayName("refuses JSON nested so deeply that reading it could exhaust the stack")
  void deepJson() throws IOException {
    PublishEndpoint large = new PublishEndpoint(1_000_000, streams, warnings);

    large.publish(
        FakeRequest.post().body(JSON, "{\"data\":" + "[".repeat(900_000)).request(),
        response.response(),
        this::accept);

    assertRefused(400);
  }

  @Test
  @DisplayName("takes channel and key from a form")
  void formWithChannel() throws IOException {
    publish(FakeRequest.post().body(FORM, "data=1&channel=orders%2F42&key=k"));

    assertThat(published)
        .containsExactly(ServerSentEvent.of("1").withChannel("orders/42").withKey("k"));
  }

  @Test
  @DisplayName("takes a form, in UTF-8 whatever the container's default")
  void form() throws IOException {
    publish(
        FakeRequest.post()
            .body(FORM, "data=Gr%C3%BC%c3%9fe+%26%0D%0Amehr&event=my+event&id=a%3Db&retry=10"));

    assertThat(published)
        .containsExactly(
            ServerSentEvent.of("Grüße &\r\nmehr").withName("my event").withId("a=b").withRetry(10));
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("takes empty fields of a form for none")
  @ValueSource(strings = {"data=&event=&id=&retry=", "data", "&&data=&"})
  void emptyForm(String form) throws IOException {
    publish(FakeRequest.post().body(FORM, form));

    assertThat(published).containsExactly(ServerSentEvent.of(""));
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("refuses a wrong form and names what is wrong")
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the form has no field 'data'",
        "event=a | the form has no field 'data'",
        "data=a&name=b | the form has an unknown field 'name'",
        "data=a&data=b | the form has twice the field 'data'",
        "data=a&retry=soon | 'retry' is no whole number of milliseconds: 'soon'",
        "data=a&retry=-1 | 'retry' is no whole number of milliseconds: '-1'",
        "data=%4 | a '%' in the form lacks its two hex digits",
        "data=%zz | a '%' in the form lacks its two hex digits",
        "data=a% | a '%' in the form lacks its two hex digits",
      })
  void wrongForm(String form, String reason) throws IOException {
    publish(FakeRequest.post().body(FORM, form));

    assertRefused(400);
    assertThat(response.body())
        .isEqualTo(
            reason
                + "; send data=…, and as you like event=…, id=…, retry=…, channel=… and key=…, each once\n");
  }

  @Test
  @DisplayName("refuses text that is malformed, plain or percent-encoded")
  void malformedText() throws IOException {
    publish(FakeRequest.post().body("text/plain", new byte[] {'a', 'b', (byte) 0xC3, '('}));
    assertRefused(400);
    assertThat(response.body())
        .isEqualTo(
            "the text is malformed UTF-8 at byte 2; send it in UTF-8, or name its charset in the"
                + " header field Content-Type\n");

    publish(FakeRequest.post().body(FORM, "data=%ff"));
    assertRefused(400);
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("refuses what would break the stream or pass for the event source itself")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"data\":\"a\",\"event\":\"a\\rb\"} | event name 'a\uFFFDb' has CR at index 1",
        "{\"data\":\"a\",\"event\":\"a\\nb\"} | event name 'a\uFFFDb' has LF at index 1",
        "{\"data\":\"a\",\"id\":\"\\u0000\"} | event id '\uFFFD' has NUL at index 0",
        "{\"data\":\"a\",\"event\":\"eventsource.gap\"} | event name 'eventsource.gap' begins with",
        "{\"data\":\"a\",\"id\":-1} | event id '-1' is negative",
        "{\"data\":\"a\",\"retry\":-1} | reconnect time '-1' is negative",
      })
  void invalidEvent(String json, String reason) throws IOException {
    publish(FakeRequest.post().body(JSON, json));

    assertRefused(400);
    assertThat(response.body()).startsWith(reason);
  }

  @Test
  @DisplayName("refuses an own id in the shape of the history's ids, as the history says")
  void reservedId() throws IOException {
    publish(
        FakeRequest.post().body("text/plain", "a"),
        event ->
            CompletableFuture.failedStage(
                new InvalidEventException("event id 'x-1' is the history's; choose another")));

    assertRefused(400);
    assertThat(response.body()).isEqualTo("event id 'x-1' is the history's; choose another\n");
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("refuses other media types and lists what it takes")
  @ValueSource(strings = {"application/xml", "multipart/form-data; boundary=x", "text", "a/b\r\n"})
  void mediaType(String contentType) throws IOException {
    FakeRequest request = FakeRequest.post().body(contentType, "a");
    publish(request);

    assertRefused(415);
    assertThat(response.header("Accept-Post")).isEqualTo(ACCEPTED);
    assertThat(response.body())
        .matches(
            "content type '.*' can't be published; send text/plain or application/json or "
                + FORM
                + " or text/event-stream\n");
    assertThat(request.streamTouched()).isFalse();
  }

  @Test
  @DisplayName("refuses a body without a media type")
  void noMediaType() throws IOException {
    publish(FakeRequest.post());

    assertRefused(415);
    assertThat(response.body()).startsWith("the header field Content-Type is missing; send ");
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("refuses a charset that it doesn't know, or that its type can't have")
  @ValueSource(
      strings = {
        "text/plain;charset=klingon",
        "text/plain;charset=\"???\"",
        "application/json;charset=utf-16",
        "application/x-www-form-urlencoded;charset=iso-8859-1"
      })
  void wrongCharset(String contentType) throws IOException {
    publish(FakeRequest.post().body(contentType, "data=a"));

    assertRefused(415);
  }

  @Test
  @DisplayName("refuses a compressed body, which could be a bomb")
  void compressed() throws IOException {
    publish(FakeRequest.post().body("text/plain", "a").header("Content-Encoding", "gzip"));

    assertRefused(415);
    assertThat(response.header("Accept-Encoding")).isEqualTo("identity");
  }

  @Test
  @DisplayName("takes a body of exactly the limit")
  void longest() throws IOException {
    publish(FakeRequest.post().body("text/plain", "x".repeat(1_000)));

    assertThat(response.status()).isEqualTo(200);
  }

  @Test
  @DisplayName("refuses a longer body before reading it")
  void tooLong() throws IOException {
    FakeRequest request = FakeRequest.post().body("text/plain", "x".repeat(1_001));
    publish(request);

    assertRefused(413);
    assertThat(response.body())
        .isEqualTo(
            "the body has more than 1000 bytes; send less, or raise 'eventsource.limits.body'\n");
    assertThat(request.streamTouched()).isFalse();
  }

  @Test
  @DisplayName("reads at most one byte beyond the limit of an endless body without a length")
  void endless() throws IOException {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }
        };
    FakeRequest request = FakeRequest.post().chunked("text/plain", endless);
    publish(request);

    assertRefused(413);
    assertThat(request.bytesRead()).isEqualTo(1_001);
  }

  @Test
  @DisplayName("takes a body without a length")
  void chunked() throws IOException {
    byte[] body = "{\"data\":\"a\"}".getBytes(StandardCharsets.UTF_8);
    publish(FakeRequest.post().chunked(JSON, new ByteArrayInputStream(body)));

    assertThat(published).containsExactly(ServerSentEvent.of("a"));
  }

  @Test
  @DisplayName("answers later where the history does, and ends the request once")
  void later() throws IOException {
    CompletableFuture<SendResult> history = new CompletableFuture<>();
    FakeRequest request = FakeRequest.post().body("text/plain", "a");
    publish(request, event -> history);

    assertThat(request.asynchronous()).isTrue();
    assertThat(response.body()).isEmpty();

    history.complete(QUEUED);
    assertThat(response.body()).isEqualTo("e-1\n");
    request.timeOut();
    request.fail();
    assertThat(request.completions()).isEqualTo(1);
    assertThat(response.body()).isEqualTo("e-1\n");
  }

  @Test
  @DisplayName("answers later that the event was invalid")
  void laterInvalid() throws IOException {
    CompletableFuture<SendResult> history = new CompletableFuture<>();
    FakeRequest request = FakeRequest.post().body("text/plain", "a");
    publish(request, event -> history.thenApply(result -> result));

    history.completeExceptionally(new InvalidEventException("id 'a' is taken; choose another"));

    assertThat(response.status()).isEqualTo(400);
    assertThat(request.completions()).isEqualTo(1);
  }

  @Test
  @DisplayName("doesn't wait for ever, and doesn't touch the response afterwards")
  void tooLate() throws IOException {
    CompletableFuture<SendResult> history = new CompletableFuture<>();
    FakeRequest request = FakeRequest.post().body("text/plain", "a");
    publish(request, event -> history);

    request.timeOut();
    assertThat(response.status()).isEqualTo(503);
    assertThat(request.completions()).isEqualTo(1);
    history.complete(QUEUED);
    assertThat(response.body()).doesNotContain("e-1");
    assertThat(request.completions()).isEqualTo(1);
  }

  @Test
  @DisplayName("ends the request although the client is gone before the answer")
  void clientGone() throws IOException {
    CompletableFuture<SendResult> history = new CompletableFuture<>();
    FakeRequest request = FakeRequest.post().body("text/plain", "a");
    endpoint.publish(request.request(), response.broken().response(), event -> history);

    history.complete(QUEUED);

    assertThat(request.completions()).isEqualTo(1);
  }

  @Test
  @DisplayName("answers 503 where the event source fails, and logs the failure once")
  void failure() throws IOException {
    for (int i = 0; i < 3; i++) {
      publish(
          FakeRequest.post().body("text/plain", "a"),
          event -> {
            throw new EventSourceException("database 'secret' is down; start it");
          });
    }

    assertRefused(503);
    assertThat(response.body()).doesNotContain("secret");
    assertThat(logger.lines()).hasSize(2).first().asString().contains("could not be published");
  }

  @Test
  @DisplayName("answers 500 where a foreign implementation fails")
  void foreignFailure() throws IOException {
    publish(
        FakeRequest.post().body("text/plain", "a"),
        event -> CompletableFuture.failedStage(new IllegalStateException("internal")));

    assertThat(response.status()).isEqualTo(500);
    assertThat(response.body()).doesNotContain("internal");
  }

  @Test
  @DisplayName("logs a mistake once per kind, without what the client sent")
  void logged() throws IOException {
    for (int i = 0; i < 5; i++) {
      publish(FakeRequest.post().body(JSON, "{\"data\":\"pay" + i + "load\",\"event\":\"a\\r\"}"));
      publish(FakeRequest.post().body(JSON, "{\"data\":\"pay" + i + "load\",\"id\":\"a\\n\"}"));
      publish(FakeRequest.post().body(JSON, "{\"data\":\"pay" + i + "load\""));
      publish(FakeRequest.post().body("text/x-" + i, "payload"));
    }

    assertThat(logger.lines()).hasSize(4).noneMatch(line -> line.contains("load"));
    assertThat(warnings.occurrences()).isEqualTo(20);
  }

  @Test
  @DisplayName("names the missing library where JSON can't be read")
  void withoutJson() throws Exception {
    ClassLoader loader = new LoaderWithout("jakarta.json.", "org.asynceventsource.servlet.");
    Class<?> type = loader.loadClass(PublishEndpoint.class.getName());
    Class<?> streamsType = loader.loadClass(PublishStreams.class.getName());
    Object noStreams =
        streamsType
            .getMethod("create", Duration.class, Duration.class, Executor.class)
            .invoke(null, Duration.ZERO, Duration.ZERO, (Executor) Runnable::run);
    Object bare =
        type.getConstructor(int.class, streamsType, WarnOnce.class)
            .newInstance(1_000, noStreams, warnings);
    type.getMethod("publish", HttpServletRequest.class, HttpServletResponse.class, Function.class)
        .invoke(
            bare,
            FakeRequest.post().body(JSON, "{}").request(),
            response.response(),
            (Function<ServerSentEvent, CompletionStage<SendResult>>) this::accept);

    assertRefused(415);
    assertThat(response.header("Accept-Post"))
        .isEqualTo("text/plain, " + FORM + ", text/event-stream");
    assertThat(response.body())
        .contains("add a provider of JSON-P such as org.eclipse.parsson:parsson to the server");
  }

  private void publish(FakeRequest request) throws IOException {
    publish(request, this::accept);
  }

  private void publish(
      FakeRequest request, Function<ServerSentEvent, CompletionStage<SendResult>> publisher)
      throws IOException {
    response.clear();
    endpoint.publish(request.request(), response.response(), publisher);
  }

  private CompletionStage<SendResult> accept(ServerSentEvent event) {
    published.add(event);
    return CompletableFuture.completedStage(QUEUED);
  }

  private void assertRefused(int status) {
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
    assertThat(response.header("Cache-Control")).isEqualTo("no-store");
    assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(published).isEmpty();
  }
}
