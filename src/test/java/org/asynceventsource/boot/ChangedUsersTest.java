package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.asynceventsource.GuardedEvents;
import org.asynceventsource.security.DigestAlgorithm;
import org.asynceventsource.security.DigestHash;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The attack: somebody who was taken out of the users reads on. In a real container. */
@DisplayName("While streams are open and nobody logs in, users who are")
class ChangedUsersTest {

  private static final Duration RECHECK = Duration.ofMillis(500);

  /** A second until the file is looked at, by the next recheck, and one to lose the stream. */
  private static final Duration IN_TIME = RECHECK.plusSeconds(2);

  @TempDir private Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private Path users;
  private Path groups;
  private GuardedEvents events;

  @BeforeEach
  void start() throws Exception {
    users = folder.resolve("users");
    groups = folder.resolve("groups");
    move(line("alice") + line("bob"), users);
    move("editors: alice bob", groups);
    events =
        GuardedEvents.start(
            Map.of(
                "auth",
                "digest",
                "users",
                "file:" + users,
                "groups",
                "file:" + groups,
                "recheck",
                RECHECK.toMillis() + "ms"));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable stream : open) {
      stream.close();
    }
    events.close();
  }

  private static String line(String user) {
    return DigestHash.generateLine(user, "eventsource", "secret", DigestAlgorithm.SHA_256) + "\n";
  }

  /** As editors do. */
  private void move(String text, Path to) throws IOException {
    Path fresh = Files.writeString(folder.resolve("fresh"), text);
    Files.move(fresh, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private HttpReply logIn(String user) throws IOException {
    try (HttpReply challenge = events.send(GuardedEvents.get())) {
      DigestClient client = DigestClient.of(user, "secret", challenge.field("WWW-Authenticate"));
      HttpReply reply =
          events.send(
              GuardedEvents.get().with("Authorization", client.answer("GET", GuardedEvents.PATH)));
      open.add(reply);
      return reply;
    }
  }

  private EventStreamRecorder openStream(String user) throws IOException {
    EventStreamRecorder stream = logIn(user).stream();
    stream.assertOpened();
    open.add(stream);
    return stream;
  }

  @Test
  @DisplayName("taken out of the file lose their streams, and the others don't notice")
  void takenOut() throws Exception {
    EventStreamRecorder alice = openStream("alice");
    EventStreamRecorder bob = openStream("bob");

    move(line("bob"), users);
    alice.assertEndedWithin(IN_TIME);
    events.source().send("still there");
    bob.assertEvent(null, "message", "still there");
    assertThat(logIn("alice").status()).isEqualTo(401);
    assertThat(logIn("bob").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("taken out of a group have to come anew")
  void demoted() throws Exception {
    EventStreamRecorder alice = openStream("alice");
    EventStreamRecorder bob = openStream("bob");

    move("editors: alice", groups);
    bob.assertEndedWithin(IN_TIME);
    events.source().send("still there");
    alice.assertEvent(null, "message", "still there");
    assertThat(logIn("bob").status()).isEqualTo(200);
  }
}
