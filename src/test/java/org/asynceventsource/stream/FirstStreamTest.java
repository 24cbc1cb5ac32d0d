package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The first stream of an event source")
class FirstStreamTest {

  private final Logger logger = Logger.getLogger("org.asynceventsource.stream");
  private final List<String> logged = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          logged.add(entry.getLevel() + " " + entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  private static HttpServletRequest request(Map<String, String> header) {
    return request(header, "192.0.2.9");
  }

  private static HttpServletRequest request(Map<String, String> header, String peer) {
    return Stub.of(HttpServletRequest.class)
        .on("getContextPath", arguments -> "/shop")
        .on("getProtocol", arguments -> "HTTP/2.0")
        .on("getScheme", arguments -> "https")
        .on("getRemoteAddr", arguments -> peer)
        .on("getHeader", arguments -> header.get((String) arguments[0]))
        .build();
  }

  private static HttpServletResponse response(String coding) {
    return Stub.of(HttpServletResponse.class).on("getHeader", arguments -> coding).build();
  }

  private static AsyncContext async(long timeout) {
    return Stub.of(AsyncContext.class).on("getTimeout", arguments -> timeout).build();
  }

  @Test
  @DisplayName("is told of once, with what its request tells")
  void tells() {
    FirstStream first = new FirstStream("/events");
    first.look(request(Map.of()), response(null), async(30_000), "192.0.2.9");
    first.look(request(Map.of()), response(null), async(30_000), "192.0.2.9");

    assertThat(logged)
        .containsExactly(
            """
            INFO first stream at /shop/events
              async       supported
              protocol    HTTP/2.0, https
              timeout     none, instead of the container's 30000 ms
              proxies     none that tell of themselves
              compression none""");
  }

  @Test
  @DisplayName("warns of a proxy that isn't believed, and not of one that is")
  void proxies() {
    Map<String, String> header = Map.of("X-Forwarded-For", "198.51.100.7", "Via", "1.1 p");
    new FirstStream("/events").look(request(header), response(null), async(0), "192.0.2.9");
    new FirstStream("/events").look(request(header), response(null), async(0), "198.51.100.7");

    assertThat(logged).hasSize(2);
    assertThat(logged.get(0))
        .startsWith("WARNING")
        .contains("  timeout     none\n")
        .endsWith(
            "  ! clients seem to come from '192.0.2.9', which is a proxy's address if that sent"
                + " X-Forwarded-For and Via; name it in 'eventsource.trusted-proxies' then");
    assertThat(logged.get(1)).startsWith("INFO").contains("proxies     X-Forwarded-For, Via");
  }

  @Test
  @DisplayName("warns of no proxy where the client is on the proxy's own machine")
  void sameMachine() {
    Map<String, String> header = Map.of("X-Forwarded-For", "192.0.2.9");
    new FirstStream("/events").look(request(header), response(null), async(0), "192.0.2.9");

    assertThat(logged).singleElement().asString().startsWith("INFO");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.12, 192.0.2.1, INFO",
    "192.0.2.12, 192.0.2.12, WARNING",
    "[2001:db8::1%eth0], 2001:db8::1, WARNING",
    "[2001:db8::12], 2001:db8::1, INFO",
    "192.0.2.12:4711, 192.0.2.12, WARNING",
  })
  @DisplayName("compares the whole address of the peer with that of the client who is believed")
  void wholeAddresses(String peer, String client, String level) {
    Map<String, String> header = Map.of("X-Forwarded-For", "198.51.100.7");
    new FirstStream("/events").look(request(header, peer), response(null), async(0), client);

    assertThat(logged).singleElement().asString().startsWith(level);
  }

  @Test
  @DisplayName("warns of compression, and tells of filters that have wrapped the response")
  void compression() {
    FirstStream compressed = new FirstStream("/events");
    compressed.look(request(Map.of()), response("gzip"), async(0), "192.0.2.9");
    FirstStream wrapped = new FirstStream("/events");
    HttpServletResponse wrapper = new HttpServletResponseWrapper(response(null));
    wrapped.look(request(Map.of()), wrapper, async(0), "192.0.2.9");

    assertThat(logged.get(0))
        .contains("compression gzip")
        .endsWith("exclude text/event-stream from compression");
    assertThat(logged.get(1))
        .startsWith("INFO")
        .endsWith(
            "none seen; filters have wrapped the response as " + wrapper.getClass().getName());
  }
}
