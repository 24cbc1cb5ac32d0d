package org.asynceventsource.middleware;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.asynceventsource.GuardedEvents;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What comes behind the two that hide header fields, in a real container. */
@DisplayName("Header fields")
class HeaderMiddlewareTest {

  private static final HttpCall CALL =
      GuardedEvents.get()
          .with("Accept", "text/event-stream")
          .with("X-Tenant", "acme")
          .with("x-tenant", "other")
          .with("X-Number", "5")
          .with("X-Date", "Mon, 23 Nov 2026 05:51:33 GMT")
          .with("Cookie", "a=b")
          .with("Origin", "http://localhost")
          .with("Content-Type", "text/plain");

  private final Map<String, Object> seen = new TreeMap<>();

  private void send(Filter middleware) throws Exception {
    Filter look =
        (request, response, chain) -> {
          look((HttpServletRequest) request);
          chain.doFilter(request, response);
        };
    try (GuardedEvents events = GuardedEvents.behind(middleware, look);
        EventStreamRecorder stream = events.open(CALL)) {
      stream.assertExhausted();
    }
  }

  private void look(HttpServletRequest request) {
    seen.put("names", lowerCase(Collections.list(request.getHeaderNames())));
    seen.put("tenants", Collections.list(request.getHeaders("X-TENANT")));
    seen.put("tenant", String.valueOf(request.getHeader("X-Tenant")));
    seen.put("number", request.getIntHeader("X-Number"));
    seen.put("dated", request.getDateHeader("X-Date") > 0);
    seen.put("cookies", request.getCookies() == null ? 0 : request.getCookies().length);
    seen.put("type", String.valueOf(request.getContentType()));
  }

  private static List<String> lowerCase(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().sorted().toList();
  }

  @Test
  @DisplayName("that are removed are gone, whatever asks for them, and the others stay")
  void filter() throws Exception {
    send(
        HeaderFilterMiddleware.remove("x-TENANT", "X-Number", "X-Date", "Cookie", "Origin")
            .without("ORIGIN"));
    assertThat(seen)
        .containsEntry("names", List.of("accept", "content-type", "host", "origin"))
        .containsEntry("tenants", List.of())
        .containsEntry("tenant", "null")
        .containsEntry("number", -1)
        .containsEntry("dated", false)
        .containsEntry("cookies", 0)
        .containsEntry("type", "text/plain");
  }

  @Test
  @DisplayName(
      "that are kept stay, and all others are gone but those that foreign pages can't hide")
  void free() throws Exception {
    send(HeaderFreeMiddleware.keep("ACCEPT", "X-Tenant", "X-Number").without("x-number"));
    assertThat(seen)
        .containsEntry("names", List.of("accept", "origin", "x-tenant"))
        .containsEntry("tenants", Arrays.asList("acme", "other"))
        .containsEntry("tenant", "acme")
        .containsEntry("number", -1)
        .containsEntry("dated", false)
        .containsEntry("cookies", 0)
        .containsEntry("type", "null");
  }

  @Test
  @DisplayName("that nobody hides are as they were")
  void nothingHidden() throws Exception {
    send(HeaderFilterMiddleware.remove());
    assertThat(seen)
        .containsEntry("number", 5)
        .containsEntry("dated", true)
        .containsEntry("cookies", 1);
  }

  @Test
  @DisplayName("that are hidden don't resume a stream")
  void lastEventId() throws Exception {
    try (GuardedEvents events =
        GuardedEvents.behind(HeaderFilterMiddleware.remove("Last-Event-ID"))) {
      String id = events.source().send("old").toCompletableFuture().join().id();
      events.source().send("missed");
      try (EventStreamRecorder stream =
          events.open(GuardedEvents.get().with("Last-Event-ID", id))) {
        stream.assertExhausted();
      }
    }
  }
}
