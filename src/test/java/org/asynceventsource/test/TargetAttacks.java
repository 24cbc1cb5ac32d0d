package org.asynceventsource.test;

import static org.asynceventsource.test.AttackedServer.EVENTS;

import java.io.IOException;
import java.util.Set;
import org.asynceventsource.test.AttackedServer.Answer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The attack: an answer that was made for a harmless resource is sent to another, or to the same
 * one under a name that passes by what guards it. Containers refuse some of these spellings
 * themselves.
 */
public interface TargetAttacks {

  /** The server, as a further attacker sees it. */
  AttackedServer attacked() throws IOException;

  /**
   * Spellings of which the container shows nobody more than the plain name, so that an answer for
   * that opens what it was made for.
   */
  default Set<String> shownAsPlain() {
    return Set.of();
  }

  /** A target: below the application's path, unless it is absolute. */
  private static String at(AttackedServer server, String target) {
    if (!target.startsWith("http:")) {
      return server.base() + target;
    }
    return target.replaceFirst("localhost", "localhost:" + server.port()) + server.base() + EVENTS;
  }

  @ParameterizedTest(name = "{1} for {0}")
  @CsvSource({
    "events, brief",
    "events, events/",
    "events, EVENTS",
    "events?a=b, events",
    "events, events?a=b",
    "events?a=b, events?a=c",
    "events?a=b, events?a=%62",
    "events, %65vents",
    "events, events;a=b",
    "events, http://elsewhere",
    "events, *",
    "events?, events?a",
  })
  @DisplayName("An answer for another resource, or for another spelling, is malformed")
  default void otherResource(String target, String uri) throws IOException {
    AttackedServer server = attacked();
    String claimed = uri.equals("*") ? uri : at(server, uri);
    server
        .sendTo(at(server, target), server.alice(EVENTS).answer("GET", claimed))
        .assertMalformed();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%65vents",
        "%2e/events",
        "./events",
        "x/../events",
        "x/%2e%2e/events",
        "brief/../events",
        "/events",
        "%2fevents",
        "events;jsessionid=1",
        ";x=y/events",
        "events/",
        "events%00",
        "http://elsewhere",
      })
  @DisplayName("An answer for the plain name opens nothing under another spelling")
  default void otherSpelling(String target) throws IOException {
    AttackedServer server = attacked();
    String plain = server.alice(EVENTS).answer("GET", server.base() + EVENTS);
    Answer answer = server.sendTo(at(server, target), plain);
    if (shownAsPlain().contains(target)) {
      answer.assertLoggedIn();
    } else {
      answer.assertNotLetIn();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "events",
        "%65vents",
        "%2e/events",
        "./events",
        "x/../events",
        "/events",
        "events;jsessionid=1",
        "events/",
        "events?a=b",
        "http://localhost",
        "http://elsewhere",
      })
  @DisplayName("No spelling passes without a login, or with a wrong one")
  default void noLogin(String target) throws IOException {
    AttackedServer server = attacked();
    server.send(HttpCall.of("GET", at(server, target))).assertNotLetIn();
    String wrong = server.challenged(EVENTS, "alice", "wrong").answer("GET", at(server, target));
    server.sendTo(at(server, target), wrong).assertNotLetIn();
  }

  @ParameterizedTest(name = "{1} for {0}")
  @CsvSource({
    "events, events",
    "events?a=b, events?a=b",
    "%65vents, %65vents",
    "events, http://localhost",
    "http://localhost, http://localhost",
  })
  @DisplayName("An answer for this very target passes")
  default void thisResource(String target, String uri) throws IOException {
    AttackedServer server = attacked();
    server
        .sendTo(at(server, target), server.alice(EVENTS).answer("GET", at(server, uri)))
        .assertLoggedIn();
  }

  @Test
  @DisplayName("An answer that was made to read doesn't publish")
  default void otherMethod() throws IOException {
    AttackedServer server = attacked();
    String path = server.base() + EVENTS;
    String answer = server.alice(EVENTS).answer("GET", path);
    server
        .send(
            HttpCall.of("POST", path)
                .with("Authorization", answer)
                .withBody("text/plain", "not by alice"))
        .assertRefused();
  }
}
