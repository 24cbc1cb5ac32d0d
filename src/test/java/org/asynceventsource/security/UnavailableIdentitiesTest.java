package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.asynceventsource.GuardedEvents;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In a real container; 401 and 503 both close an EventSource for good, and 401 asks its user. */
@DisplayName("While the database of users is away,")
class UnavailableIdentitiesTest {

  private static final Duration RECHECK = Duration.ofSeconds(1);

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private final UsersDatabase database =
      UsersDatabase.create().with("alice", "eventsource", "secret");
  private GuardedEvents events;
  private DigestClient alice;
  private int count;

  @BeforeEach
  void start() throws Exception {
    events =
        GuardedEvents.start(
            Map.of("recheck", RECHECK.toSeconds() + "s"),
            AuthenticationMiddleware.digest()
                .identityStore(DataSourceIdentityStore.of(database.counted().source()))
                .build());
    try (HttpReply challenge = events.send(GuardedEvents.get())) {
      alice = DigestClient.of("alice", "secret", challenge.field("WWW-Authenticate"));
    }
    database.counted().setAway(true);
  }

  @AfterEach
  void stop() {
    events.close();
  }

  private HttpCall loggedIn(HttpCall call) {
    return call.with("Authorization", alice.answer("GET", GuardedEvents.PATH, ++count));
  }

  @Test
  @DisplayName("logins are answered 503, as often as you like, and soon go on afterwards")
  void unavailable() throws IOException {
    for (int i = 0; i < 8; i++) { // more than may fail
      try (HttpReply reply = events.send(loggedIn(GuardedEvents.get()))) {
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.field("Retry-After")).isEqualTo("5");
        assertThat(reply.text())
            .isEqualTo("the login can't be checked at present; try again later\n");
      }
    }
    database.counted().setAway(false);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> events.status(loggedIn(GuardedEvents.get())) == 200);
    assertThat(log.text()).doesNotContain("hunter2").doesNotContain("alice");
  }

  /** The attack: passwords of those whom another store knows, while wrong ones aren't counted. */
  @Test
  @DisplayName("who guesses is held up, and no store is asked")
  void guessing() throws IOException {
    for (int i = 0; i < 6; i++) {
      events.status(loggedIn(GuardedEvents.get()));
    }
    database.counted().setAway(false);
    assertThat(events.status(loggedIn(GuardedEvents.get()))).isEqualTo(503);
    assertThat(database.counted().queries()).isEmpty();
  }

  @Test
  @DisplayName("an EventSource is told to come back, and gets nothing else")
  void eventSource() throws IOException {
    events.source().send("for those who log in");
    HttpCall call = loggedIn(GuardedEvents.eventSource().with("Last-Event-ID", "its-last"));
    try (HttpReply reply = events.send(call)) {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text()).matches("(?s)(: .*\n)?retry: \\d{4,5}\nid: its-last\n\n");
    }
  }

  @Test
  @DisplayName("whoever was let in before reads on, until the database says otherwise")
  void readers() throws Exception {
    database.counted().setAway(false);
    try (EventStreamRecorder stream = events.open(loggedIn(GuardedEvents.get()))) {
      database.counted().setAway(true);
      int asked = database.counted().asked();
      await().until(() -> database.counted().asked() > asked + 1);
      events.source().send("read");
      stream.assertEvent(null, "message", "read");

      database.run("delete from event_source_users").counted().setAway(false);
      stream.assertEndedWithin(RECHECK.plusSeconds(1));
    }
  }

  @Test
  @DisplayName("who doesn't log in is asked to, all the same")
  void challenge() throws IOException {
    assertThat(events.status(GuardedEvents.eventSource())).isEqualTo(401);
  }
}
