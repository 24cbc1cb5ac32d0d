package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.asynceventsource.EventSources;
import org.asynceventsource.WebApplication;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The attack: a user has logged out, and the browser's EventSource comes back by itself with the
 * password that the browser remembers.
 */
@DisplayName("A browser whose session has ended with its stream")
class SessionEndTest {

  private static final String PATH = "/app/events";
  private static final String ALICE =
      "Basic "
          + Base64.getEncoder().encodeToString("alice:secret".getBytes(StandardCharsets.UTF_8));

  private final WebApplication application = WebApplication.at("/app");
  private String session;

  @BeforeEach
  void start() throws Exception {
    application
        .parameter("eventsource.auth", "basic")
        .parameter("eventsource.users", "alice:secret")
        .atStart(context -> EventSources.of(context).addMiddleware(SessionEndTest::sessions))
        .listener(new BootListener())
        .start();
    session = begin();
    try (EventStreamRecorder stream = reopen("").stream()) {
      stream.assertOpened();
      get("?end", session, "").close();
      stream.assertEnded();
    }
  }

  /** What an application's pages do. */
  private static void sessions(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    if ("begin".equals(http.getQueryString())) {
      http.getSession();
    } else if ("end".equals(http.getQueryString())) {
      http.getSession(false).invalidate();
    } else {
      chain.doFilter(request, response);
    }
  }

  @AfterEach
  void stop() throws Exception {
    application.stop();
  }

  private String begin() throws Exception {
    try (HttpReply reply = get("?begin", "", "")) {
      return reply.field("Set-Cookie").replaceFirst(";.*", "");
    }
  }

  private HttpReply reopen(String lastEventId) throws Exception {
    return get("", session, lastEventId);
  }

  private HttpReply get(String query, String cookie, String lastEventId) throws Exception {
    HttpCall call = HttpCall.of("GET", PATH + query).with("Authorization", ALICE);
    if (!cookie.isEmpty()) {
      call = call.with("Cookie", cookie);
    }
    if (!lastEventId.isEmpty()) {
      call = call.with("Last-Event-ID", lastEventId);
    }
    return application.send(call);
  }

  @Test
  @DisplayName("is told that there is nothing more when it comes back by itself, each time")
  void comesBack() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (HttpReply reply = reopen("a")) {
        assertThat(reply.status()).isEqualTo(204);
      }
    }
  }

  @Test
  @DisplayName("is let in from a page that is opened afterwards")
  void newPage() throws Exception {
    try (HttpReply reply = reopen("")) {
      assertThat(reply.status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("is let in with a new session, and comes back with that")
  void newSession() throws Exception {
    session = begin();
    try (HttpReply reply = reopen("a")) {
      assertThat(reply.status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("is let in with a session that nobody here knows")
  void foreignSession() throws Exception {
    session = "JSESSIONID=node0unknown";
    try (HttpReply reply = reopen("a")) {
      assertThat(reply.status()).isEqualTo(200);
    }
  }
}
