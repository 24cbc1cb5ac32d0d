package org.asynceventsource;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.asynceventsource.boot.BootListener;
import org.asynceventsource.security.AuthenticationMiddleware;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamParser.Message;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The lines that introduce the ESP32 plugin of the same name, in Java. What they print goes to a
 * queue here.
 */
@DisplayName("The lines that this began with")
class SeedTest {

  private static final String PATH = "/app/events";

  private final WebApplication application = WebApplication.at("/app");
  private final BlockingQueue<String> printed = new LinkedBlockingQueue<>();
  private AsyncEventSource events;

  @AfterEach
  void stop() throws Exception {
    application.stop();
  }

  private void setup(ServletContext context) {
    events = EventSources.of(context).at("/events");
    events.onConnect(
        client -> {
          client.lastId().ifPresent(id -> printed.add("Client reconnected! It got " + id));
          // send event with message "hello!", id current millis
          // and set reconnect delay to 1 second
          client.send("hello!", null, System.currentTimeMillis(), 1000);
        });
  }

  private void loop() {
    // send event "myevent"
    events.send("my event content", "myevent", System.currentTimeMillis());
  }

  private void secure(ServletContext context) {
    AuthenticationMiddleware middleware =
        AuthenticationMiddleware.digest()
            .realm("My app name")
            .username("admin")
            .password("admin")
            .build();
    EventSources.of(context).at("/events").addMiddleware(middleware);
  }

  @Test
  @DisplayName("greet each client with a reconnect time, and reach all with myevent")
  void greetAndBroadcast() throws Exception {
    application.listener(new BootListener()).atStart(this::setup).start();
    try (EventStreamRecorder first = open(HttpCall.of("GET", PATH));
        EventStreamRecorder second = open(HttpCall.of("GET", PATH))) {
      for (EventStreamRecorder stream : List.of(first, second)) {
        Message hello = stream.assertEvent(null, "message", "hello!");
        assertThat(Long.parseLong(hello.id())).isBetween(now() - 10_000, now());
        assertThat(stream.retry()).isEqualTo(1000);
      }
      loop();
      for (EventStreamRecorder stream : List.of(first, second)) {
        Message mine = stream.assertEvent(null, "myevent", "my event content");
        assertThat(Long.parseLong(mine.id())).isBetween(now() - 10_000, now());
        stream.assertExhausted();
      }
    }
    assertThat(printed).isEmpty();
  }

  @Test
  @DisplayName("know a client that comes back, which then misses nothing")
  void reconnect() throws Exception {
    application.listener(new BootListener()).atStart(this::setup).start();
    String id;
    try (EventStreamRecorder stream = open(HttpCall.of("GET", PATH))) {
      stream.assertEvent(null, "message", "hello!");
      loop();
      id = stream.assertEvent(null, "myevent", "my event content").id();
    }
    events.send("missed", "myevent", now() + 1_000);
    try (EventStreamRecorder back = open(HttpCall.of("GET", PATH).with("Last-Event-ID", id))) {
      back.assertEvent(null, "message", "hello!");
      back.assertEvent(null, "myevent", "missed");
      back.assertExhausted();
    }
    assertThat(printed.poll(10, TimeUnit.SECONDS)).isEqualTo("Client reconnected! It got " + id);
  }

  @Test
  @DisplayName("let nobody in but admin, who logs in to My app name by digest")
  void digest() throws Exception {
    application.listener(new BootListener()).atStart(this::setup).atStart(this::secure).start();
    String challenge;
    try (HttpReply refused = application.get(PATH)) {
      assertThat(refused.status()).isEqualTo(401);
      challenge = refused.field("WWW-Authenticate");
      assertThat(challenge).startsWith("Digest realm=\"My app name\"");
    }
    DigestClient mallory = DigestClient.of("admin", "guess", challenge);
    try (HttpReply refused = application.send(login(mallory))) {
      assertThat(refused.status()).isEqualTo(401);
    }
    DigestClient admin = DigestClient.of("admin", "admin", challenge);
    try (EventStreamRecorder stream = open(login(admin))) {
      stream.assertEvent(null, "message", "hello!");
      loop();
      stream.assertEvent(null, "myevent", "my event content");
    }
  }

  private static HttpCall login(DigestClient client) {
    return HttpCall.of("GET", PATH).with("Authorization", client.answer("GET", PATH));
  }

  private EventStreamRecorder open(HttpCall call) throws IOException {
    EventStreamRecorder stream = application.send(call).stream();
    stream.assertOpened();
    return stream;
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
