package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.asynceventsource.Access;
import org.asynceventsource.AsyncEventSource;
import org.asynceventsource.EventSources;
import org.asynceventsource.Reader;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.WebApplication;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In a real container; requests byte by byte. Each user may read the channels that the rule lets
 * through, whatever else the request brings.
 */
@DisplayName("A rule for who may read what")
class ReadingRulesTest {

  private static final String PATH = "/app/events";
  private static final String TEA = PATH + "?channel=tea";

  private final WebApplication application = WebApplication.at("/app");
  private final Set<String> mayReadTea = ConcurrentHashMap.newKeySet();
  private LogRecords expected;
  private AsyncEventSource source;
  private DigestClient alice;
  private DigestClient bob;

  @BeforeEach
  void start() throws Exception {
    expected = LogRecords.of("org.asynceventsource");
    mayReadTea.addAll(Set.of("alice", "bob"));
    application
        .parameter("eventsource.auth", "digest")
        .parameter("eventsource.users", "alice:a,bob:b")
        .atStart(context -> source = EventSources.of(context).at("/events").authorize(this::access))
        .listener(new BootListener())
        .start();
    alice = challenged("alice", "a");
    bob = challenged("bob", "b");
  }

  @AfterEach
  void stop() throws Exception {
    application.stop();
    expected.close();
  }

  private Access access(Reader reader) {
    if (reader.channels().contains("broken")) {
      throw new IllegalStateException("no idea");
    }
    if (reader.channels().equals(Set.of("sold-out"))) {
      return Access.FINISHED;
    }
    String name = reader.principal().orElseThrow().getName();
    return reader.channels().equals(Set.of("tea")) && mayReadTea.contains(name)
        ? Access.GRANTED
        : Access.FORBIDDEN;
  }

  /** Each logs in once, as a browser does, so that the login is one that has succeeded before. */
  private DigestClient challenged(String user, String password) throws IOException {
    try (HttpReply challenge = application.send(HttpCall.of("GET", PATH))) {
      return DigestClient.of(user, password, challenge.field("WWW-Authenticate"));
    }
  }

  private HttpCall call(DigestClient user, String method, String target) {
    return HttpCall.of(method, target).with("Authorization", user.answer(method, target));
  }

  /** Puts an event into the history. */
  private String publish(String channel, String data) {
    ServerSentEvent event = ServerSentEvent.of(data).withChannel(channel);
    return source.send(event).toCompletableFuture().join().id();
  }

  @ParameterizedTest
  @CsvSource({
    "/app/events?channel=tea, 200",
    "/app/events?channel=milk, 403",
    "/app/events?channel=tea&channel=milk, 403",
    "/app/events, 403",
    "/app/events?channel=broken, 403",
    "/app/events?channel=sold-out, 204"
  })
  @DisplayName("is asked before a stream opens, and HEAD is answered as GET would be")
  void connect(String target, int status) throws Exception {
    publish("milk", "secret");

    try (HttpReply get = application.send(call(alice, "GET", target));
        HttpReply head = application.send(call(alice, "HEAD", target))) {
      assertThat(get.status()).isEqualTo(status);
      assertThat(source.count()).isEqualTo(status == 200 ? 1 : 0);
      assertThat(head.status()).isEqualTo(status);
      assertThat(head.field("Content-Type")).isEqualTo(get.field("Content-Type"));
    }
  }

  @Test
  @DisplayName("that forbids is answered with words, and one that has finished without a byte")
  void answers() throws Exception {
    try (HttpReply forbidden = application.send(call(alice, "GET", PATH));
        HttpReply finished = application.send(call(alice, "GET", PATH + "?channel=sold-out"))) {
      assertThat(forbidden.text())
          .isEqualTo("this stream is not for you; log in as somebody else\n");
      assertThat(finished.fields()).doesNotContainKeys("content-type", "www-authenticate");
      assertThat(finished.text()).isEmpty();
    }
  }

  /** Attack: whoever has lost the right to read comes back with the id of the last event it had. */
  @ParameterizedTest
  @ValueSource(strings = {"header", "lastEventId", "last_event_id"})
  @DisplayName("is asked again at each resume, and not a byte of the history is for somebody else")
  void resume(String way) throws Exception {
    String first = publish("tea", "first");
    try (EventStreamRecorder stream = application.send(resumed(alice, first, way)).stream()) {
      stream.assertOpened();
    }
    String missed = publish("tea", "missed");

    mayReadTea.remove("alice");

    try (HttpReply refused = application.send(resumed(alice, first, way));
        EventStreamRecorder other = application.send(resumed(bob, first, way)).stream()) {
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text()).isEqualTo("this stream is not for you; log in as somebody else\n");
      other.assertOpened();
      other.assertEvent(missed, "message", "missed");
    }
  }

  /**
   * Attack: the id of an event that one may read opens the history of a channel that one mayn't.
   */
  @ParameterizedTest
  @ValueSource(strings = {PATH + "?channel=milk", PATH + "?channel=tea&channel=milk", PATH})
  @DisplayName("holds for the history of other channels too, whatever the last event's was")
  void foreignHistory(String target) throws Exception {
    String tea = publish("tea", "mine");
    publish("milk", "secret");

    try (HttpReply refused =
        application.send(call(alice, "GET", target).with("Last-Event-ID", tea))) {
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.text()).doesNotContain("secret", "data", "id:");
    }
  }

  private HttpCall resumed(DigestClient user, String id, String way) {
    return way.equals("header")
        ? call(user, "GET", TEA).with("Last-Event-ID", id)
        : call(user, "GET", TEA + '&' + way + '=' + id);
  }
}
