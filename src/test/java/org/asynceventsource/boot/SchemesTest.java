package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.GuardedEvents;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In a real container; requests byte by byte. */
@DisplayName("The settings choose how")
class SchemesTest {

  private static final String TOKEN = "5f2d9c1b7ae04c6d8a";
  private static final String TOKENS =
      "bob:{SHA-256}" + "0".repeat(64) + ":editors, alice:{SHA-256}HASH";

  private static final HttpCall POST =
      HttpCall.of("POST", GuardedEvents.PATH).withBody("text/plain", "hello");

  private LogRecords expected;

  @BeforeEach
  void listen() {
    expected = LogRecords.of("org.asynceventsource.security");
  }

  @AfterEach
  void stopListening() {
    expected.close();
  }

  private static GuardedEvents start(String... settings) throws Exception {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    all.put("users", "alice:secret");
    all.put("publishers", "alice");
    all.put("tokens", TOKENS.replace("HASH", sha256(TOKEN)));
    return GuardedEvents.start(all);
  }

  private static String sha256(String text) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(hash);
  }

  private static HttpCall by(HttpCall call, String scheme) throws Exception {
    byte[] pair = "alice:secret".getBytes(StandardCharsets.US_ASCII);
    return switch (scheme) {
      case "basic" ->
          call.with("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
      case "bearer" -> call.with("Authorization", "Bearer " + TOKEN);
      default -> call;
    };
  }

  private static HttpCall byDigest(GuardedEvents events, HttpCall call, String method)
      throws Exception {
    try (HttpReply challenge = events.send(call)) {
      DigestClient alice = DigestClient.of("alice", "secret", challenge.field("WWW-Authenticate"));
      return call.with("Authorization", alice.answer(method, GuardedEvents.PATH));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"basic, bearer", "bearer, basic"})
  @DisplayName("readers and publishers log in, and by nothing else")
  void both(String scheme, String other) throws Exception {
    try (GuardedEvents events = start("auth", scheme)) {
      assertThat(events.status(GuardedEvents.get())).isEqualTo(401);
      assertThat(events.status(by(GuardedEvents.get(), other))).isEqualTo(401);
      assertThat(events.status(by(GuardedEvents.get(), scheme))).isEqualTo(200);
      assertThat(events.status(POST)).isEqualTo(401);
      assertThat(events.status(by(POST, other))).isEqualTo(401);
      assertThat(events.status(by(POST, scheme))).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("publishers log in, where that differs from readers")
  void different() throws Exception {
    try (GuardedEvents events = start("auth", "digest", "publish.auth", "bearer")) {
      assertThat(events.status(by(GuardedEvents.get(), "bearer"))).isEqualTo(401);
      assertThat(events.status(byDigest(events, GuardedEvents.get(), "GET"))).isEqualTo(200);
      assertThat(events.status(by(POST, "bearer"))).isEqualTo(200);
      try (HttpReply reply = events.send(by(POST, "basic"))) {
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.field("WWW-Authenticate")).isEqualTo("Bearer realm=\"eventsource\"");
        assertThat(reply.text()).isEqualTo("login required: this needs a token\n");
      }
    }
  }

  @Test
  @DisplayName("publishers log in where readers needn't, by digest unless it is said")
  void openReading() throws Exception {
    try (GuardedEvents events = start("auth", "none")) {
      assertThat(events.status(GuardedEvents.get())).isEqualTo(200);
      assertThat(events.status(by(POST, "bearer"))).isEqualTo(401);
      assertThat(events.status(byDigest(events, POST, "POST"))).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("nobody reads, though publishers publish")
  void denied() throws Exception {
    try (GuardedEvents events = start("auth", "denied", "publish.auth", "basic")) {
      assertThat(events.status(by(GuardedEvents.get(), "basic"))).isEqualTo(401);
      assertThat(events.status(by(GuardedEvents.get(), "bearer"))).isEqualTo(401);
      assertThat(events.status(by(POST, "basic"))).isEqualTo(200);
    }
  }

  @ParameterizedTest(name = "insecure {0}: {1}")
  @CsvSource({"false, 403", "true, 200"})
  @DisplayName("passwords are sent without TLS, if at all")
  void insecure(boolean insecure, int status) throws Exception {
    try (GuardedEvents events =
        start(
            "auth", "basic",
            "trusted-proxies", "127.0.0.1",
            "basic.insecure", Boolean.toString(insecure))) {
      HttpCall call = GuardedEvents.get().with("X-Forwarded-For", "192.0.2.1");
      assertThat(events.status(by(call, "basic"))).isEqualTo(status);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "auth=basic|setting 'eventsource.auth' is 'basic' but 'eventsource.users' names nobody",
        "auth=bearer|setting 'eventsource.auth' is 'bearer' but 'eventsource.tokens' names nobody",
        "publish.auth=bearer|setting 'eventsource.publish.auth' is 'bearer' but",
        "publish.auth=none|must be auto or digest or basic or bearer or container",
        "tokens=alice|setting 'eventsource.tokens', entry 1: it must be NAME:{SHA-256}DIGITS",
        "tokens=alice:S3CRET|entry 1: the hash of the token must be {SHA-256}",
        "tokens=file:/no/such/file|entry 1: the file can't be read (NoSuchFileException)",
      })
  @DisplayName("nothing starts with, since it can't work")
  void mistakes(String setting, String message) {
    String[] parts = setting.split("=", 2);
    assertThatThrownBy(() -> GuardedEvents.start(Map.of(parts[0], parts[1])))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("S3CRET");
  }

  @Test
  @DisplayName("publishers are known, who must have a token where tokens are asked for")
  void unknownPublisher() throws Exception {
    String tokens = "bob:{SHA-256}" + sha256(TOKEN);
    assertThatThrownBy(
            () ->
                GuardedEvents.start(
                    Map.of("auth", "bearer", "tokens", tokens, "publishers", "alice,bob")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("names 'alice', whom 'eventsource.tokens' doesn't know");
  }
}
