package org.asynceventsource.test;

import static org.asynceventsource.test.AttackedServer.EVENTS;
import static org.asynceventsource.test.AttackedSources.BRIEF;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The attack: what was overheard is sent again, or a nonce is sent that this server hasn't made or
 * no longer takes. A right digest tells that its sender knows the password, and may go on silently;
 * it opens nothing by itself.
 */
public interface NonceAttacks {

  /** Longer than a nonce of {@link AttackedSources#BRIEF} lives, by far. */
  Duration FEW_SECONDS = Duration.ofSeconds(3);

  /** How many counts below the highest one may still arrive. */
  int WINDOW = 128;

  /** The server, as a further attacker sees it. */
  AttackedServer attacked() throws IOException;

  @Test
  @DisplayName("A request that is sent again is refused, and its first sender goes on")
  default void replay() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS);
    String overheard = alice.answer("GET", server.base() + EVENTS);
    server.send(EVENTS, overheard).assertLoggedIn();
    server.send(EVENTS, overheard).assertStale();
    server.send(EVENTS, overheard).assertStale();
    server.logIn(EVENTS, alice).assertLoggedIn();
  }

  @Test
  @DisplayName("A request that is sent again under a higher count is refused")
  default void raisedCount() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS);
    server.logIn(EVENTS, alice, 1).assertLoggedIn();
    server.logIn(EVENTS, alice, Map.of("nc", "00000002")).assertRefused();
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000", "0", "1", "000000001", "-0000001", "0000000g", "\"\""})
  @DisplayName("The count 0, and what is no count, are malformed")
  default void noCount(String count) throws IOException {
    AttackedServer server = attacked();
    server.logIn(EVENTS, server.alice(EVENTS), Map.of("nc", count)).assertMalformed();
  }

  @Test
  @DisplayName("The count 0 is malformed, even with a digest that covers it")
  default void countZero() throws IOException {
    AttackedServer server = attacked();
    server.logIn(EVENTS, server.alice(EVENTS), 0).assertMalformed();
  }

  @Test
  @DisplayName("Counts may come in reverse, each once")
  default void reversed() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS);
    for (long count = 5; count > 0; count--) {
      server.logIn(EVENTS, alice, count).assertLoggedIn();
    }
    for (long count = 1; count <= 5; count++) {
      server.logIn(EVENTS, alice, count).assertStale();
    }
  }

  @Test
  @DisplayName("Counts may leave gaps and come out of order, each once")
  default void outOfOrder() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS);
    for (long count : new long[] {3, 70, 2, 90, 69, 1}) {
      server.logIn(EVENTS, alice, count).assertLoggedIn();
      server.logIn(EVENTS, alice, count).assertStale();
    }
  }

  @Test
  @DisplayName("The last of a window of 128 counts may come late, the one before it may not")
  default void edgeOfWindow() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS);
    server.logIn(EVENTS, alice, 1_000).assertLoggedIn();
    server.logIn(EVENTS, alice, 1_000 - WINDOW).assertStale();
    server.logIn(EVENTS, alice, 1_000 - WINDOW + 1).assertLoggedIn();
    server.logIn(EVENTS, alice, 1_000 - WINDOW + 1).assertStale();
  }

  @Test
  @DisplayName("After the highest count only a new nonce leads on")
  default void highest() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS);
    server.logIn(EVENTS, alice, 0xffff_ffffL).assertLoggedIn();
    server.logIn(EVENTS, alice, 0xffff_ffffL).assertStale();
    server.logIn(EVENTS, alice, 1).assertStale();
    server.logIn(EVENTS, server.alice(EVENTS)).assertLoggedIn();
  }

  @Test
  @DisplayName("A wrong password doesn't use up the count that the right one is about to send")
  default void guess() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS);
    server.logIn(EVENTS, alice.as("alice", "guess"), 1).assertRefused();
    server.logIn(EVENTS, alice.as("alice", "guess"), 0xffff_ffffL).assertRefused();
    server.logIn(EVENTS, alice, 1).assertLoggedIn();
  }

  @Test
  @DisplayName("A nonce of another server is never accepted")
  default void foreign() throws IOException {
    AttackedServer server = attacked();
    DigestClient foreign = server.alice(BRIEF);
    server.logIn(EVENTS, foreign.as("alice", "guess")).assertRefused();
    server.logIn(EVENTS, foreign).assertStale();
    server.logIn(EVENTS, foreign).assertStale();
  }

  @Test
  @DisplayName("A nonce that has expired is never accepted again")
  default void expired() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(BRIEF);
    await().atMost(FEW_SECONDS).until(() -> server.logIn(BRIEF, alice).status() == 401);
    server.logIn(BRIEF, alice.as("alice", "guess")).assertRefused();
    server.logIn(BRIEF, alice).assertStale();
    server.logIn(BRIEF, alice).assertStale();
  }

  @Test
  @DisplayName("A nonce that differs in one letter from one of the server's is never accepted")
  default void forged() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS);
    String nonce = alice.nonce();
    for (int at = 0; at < nonce.length(); at += 5) {
      char other = nonce.charAt(at) == 'A' ? 'B' : 'A';
      String forged = nonce.substring(0, at) + other + nonce.substring(at + 1);
      server.logIn(EVENTS, alice.withNonce(forged)).assertStale();
    }
    server.logIn(EVENTS, alice).assertLoggedIn();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "null", "AAAA====", "dcd98b7102dd2f0e8b11d0f600bfb0c093"})
  @DisplayName("Text that no server would make is no nonce")
  default void garbage(String nonce) throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS).withNonce(nonce);
    server.logIn(EVENTS, alice).assertStale();
    server.logIn(EVENTS, alice.as("alice", "guess")).assertRefused();
  }

  @Test
  @DisplayName("Text that isn't even ASCII is no nonce, and in some containers no header field")
  default void foreignLetters() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS).withNonce("é");
    AttackedServer.Answer answer = server.logIn(EVENTS, alice);
    if (takesForeignLetters()) {
      answer.assertStale();
      server.logIn(EVENTS, alice.as("alice", "guess")).assertRefused();
    } else {
      answer.assertMalformed();
    }
  }

  /** Whether the container passes on header fields that have other letters than ASCII. */
  default boolean takesForeignLetters() {
    return true;
  }

  @Test
  @DisplayName("Another spelling of a nonce has no counts of its own")
  default void spelling() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS);
    server.logIn(EVENTS, alice, 1).assertLoggedIn();
    server.logIn(EVENTS, alice.withNonce(alice.nonce() + "="), 1).assertStale();
  }
}
