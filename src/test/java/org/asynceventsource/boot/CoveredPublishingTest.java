package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
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
import org.junit.jupiter.params.provider.CsvSource;

/** With {@code eventsource.digest.integrity}, in a real container; requests byte by byte. */
@DisplayName("What is published with a digest that covers it")
class CoveredPublishingTest {

  private static final String PATH = "/app/events";

  private final WebApplication application = WebApplication.at("/app");
  private LogRecords expected;

  @BeforeEach
  void start() throws Exception {
    expected = LogRecords.of("org.asynceventsource.security");
    application
        .parameter("eventsource.users", "alice:a")
        .parameter("eventsource.publishers", "alice")
        .parameter("eventsource.digest.integrity", "true")
        .parameter("eventsource.limits.body", "100B")
        .atStart(CoveredPublishingTest::addEcho)
        .listener(new BootListener())
        .start();
  }

  private static void addEcho(ServletContext context) {
    FilterRegistration.Dynamic filter = context.addFilter("echo login", authentication());
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/echo");
    ServletRegistration.Dynamic servlet = context.addServlet("echo", new Echo());
    servlet.setAsyncSupported(true);
    servlet.addMapping("/echo");
  }

  @AfterEach
  void stop() throws Exception {
    application.stop();
    expected.close();
  }

  private static AuthenticationMiddleware authentication() {
    return AuthenticationMiddleware.digest()
        .options(options -> options.withProtectedBodies(100_000, 100_000))
        .username("alice")
        .password("a")
        .build();
  }

  private HttpReply publish(HttpCall call, String path, String covered) throws IOException {
    DigestClient client;
    try (HttpReply challenge = application.send(call)) {
      client = DigestClient.of("alice", "a", challenge.field("WWW-Authenticate"));
    }
    String answer = client.covering(covered).answer("POST", path);
    return application.send(call.with("Authorization", answer));
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, tea, tea",
    "application/json, '{\"data\":\"tea\"}', tea",
    "application/x-www-form-urlencoded, data=gr%C3%BCn+tea&event=message, grün tea",
  })
  @DisplayName("is published, be it text, JSON or a form, of a length that is known or not")
  void published(String type, String body, String data) throws Exception {
    try (EventStreamRecorder stream = application.get(PATH).stream()) {
      stream.assertOpened();
      for (HttpCall call :
          new HttpCall[] {
            HttpCall.of("POST", PATH).withBody(type, body),
            HttpCall.of("POST", PATH).withChunkedBody(type, body)
          }) {
        try (HttpReply reply = publish(call, PATH, body)) {
          assertThat(reply.status()).isEqualTo(200);
          stream.assertEvent(reply.text().strip(), "message", data);
        }
      }
      stream.assertExhausted();
    }
  }

  /** Attack: somebody on the way puts other data into the request of a publisher. */
  @Test
  @DisplayName("is refused once it has been changed")
  void changed() throws Exception {
    try (EventStreamRecorder stream = application.get(PATH).stream();
        HttpReply reply =
            publish(HttpCall.of("POST", PATH).withBody("text/plain", "sell"), PATH, "hold")) {
      assertThat(reply.status()).isEqualTo(401);
      stream.assertOpened();
      stream.assertExhausted();
    }
  }

  @Test
  @DisplayName("is refused if it is longer than may be")
  void tooLong() throws Exception {
    String body = "x".repeat(101);
    try (HttpReply reply =
        publish(HttpCall.of("POST", PATH).withChunkedBody("text/plain", body), PATH, body)) {
      assertThat(reply.status()).isEqualTo(413);
    }
  }

  @Test
  @DisplayName("is asked for otherwise if it is a stream")
  void stream() throws Exception {
    try (HttpReply reply =
        application.send(
            HttpCall.of("POST", PATH).withBody("text/event-stream", "data: tea\n\n"))) {
      assertThat(reply.field("WWW-Authenticate")).contains("qop=\"auth\"");
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "50000"})
  @DisplayName("reaches a servlet that reads it asynchronously")
  void listener(int length) throws Exception {
    String body = "x".repeat(length);
    try (HttpReply reply =
        publish(
            HttpCall.of("POST", "/app/echo").withChunkedBody("text/plain", body),
            "/app/echo",
            body)) {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text().equals(body)).isTrue();
    }
  }

  /** Answers what it reads as it comes. */
  private static final class Echo extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      AsyncContext async = request.startAsync(request, response);
      ServletInputStream in = request.getInputStream();
      in.setReadListener(new EchoListener(async, in));
    }
  }

  private record EchoListener(AsyncContext async, ServletInputStream in, ByteArrayOutputStream all)
      implements ReadListener {

    EchoListener(AsyncContext async, ServletInputStream in) {
      this(async, in, new ByteArrayOutputStream());
    }

    @Override
    public void onDataAvailable() throws IOException {
      byte[] piece = new byte[1_000];
      while (in.isReady() && !in.isFinished()) {
        all.write(piece, 0, Math.max(0, in.read(piece)));
      }
    }

    @Override
    public void onAllDataRead() throws IOException {
      async.getResponse().getOutputStream().write(all.toByteArray());
      async.complete();
    }

    @Override
    public void onError(Throwable failure) {
      throw new UncheckedIOException(new IOException(failure));
    }
  }
}
