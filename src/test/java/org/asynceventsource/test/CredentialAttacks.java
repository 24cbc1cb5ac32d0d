package org.asynceventsource.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.asynceventsource.test.AttackedServer.EVENTS;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.asynceventsource.test.AttackedServer.Answer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The attack: to come in without the password, by names that nobody has, by a scheme or an
 * algorithm that is weaker than the one offered, or by what is stored in the password's place.
 */
public interface CredentialAttacks {

  /** The server, as a further attacker sees it. */
  AttackedServer attacked() throws IOException;

  private static String hash(String algorithm, String text) {
    try {
      byte[] bytes = MessageDigest.getInstance(algorithm).digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String basic(String user, String password) {
    byte[] bytes = (user + ':' + password).getBytes(UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  @ParameterizedTest(name = "{0} with {1}")
  @CsvSource({
    "nobody, null",
    "nobody, ''",
    "nobody, undefined",
    "nobody, secret",
    "'', ''",
    "'', null",
    "null, null",
    "ALICE, secret",
    "'alice ', secret",
    "alice:x, secret",
    "alice, ''",
    "alice, null",
    "alice, wrong",
    "alice, Secret",
  })
  @DisplayName("Nobody comes in by a name that isn't there, or a password that isn't the user's")
  default void notAUser(String user, String password) throws IOException {
    AttackedServer server = attacked();
    server.logIn(EVENTS, server.challenged(EVENTS, user, password)).assertRefused();
  }

  @Test
  @DisplayName("The hash that is stored for the password isn't a password")
  default void storedHash() throws IOException {
    AttackedServer server = attacked();
    for (String algorithm : new String[] {"SHA-256", "MD5"}) {
      String stored = hash(algorithm, "alice:eventsource:secret");
      server.logIn(EVENTS, server.challenged(EVENTS, "alice", stored)).assertRefused();
      server.send(EVENTS, basic("alice", stored)).assertRefused();
      server.send(EVENTS, "Bearer " + stored).assertRefused();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Basic YWxpY2U6c2VjcmV0", // alice:secret
        "basic YWxpY2U6c2VjcmV0",
        "Bearer secret",
        "Negotiate YWxpY2U6c2VjcmV0",
        "Digested username=\"alice\"",
        "secret",
      })
  @DisplayName("A scheme that isn't offered lets nobody in, not even with the right password")
  default void otherScheme(String authorization) throws IOException {
    attacked().send(EVENTS, authorization).assertRefused();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "MD5-sess", "SHA-256-sess", "SHA-512-256"})
  @DisplayName("An algorithm that isn't offered lets nobody in, not even with a right digest")
  default void otherAlgorithm(String algorithm) throws IOException {
    AttackedServer server = attacked();
    server.logIn(EVENTS, server.alice(EVENTS).with("algorithm", algorithm)).assertRefused();
  }

  @Test
  @DisplayName("An answer that names no algorithm is one in MD5, and lets nobody in")
  default void noAlgorithm() throws IOException {
    AttackedServer server = attacked();
    DigestClient md5 = server.alice(EVENTS).with("algorithm", "MD5");
    server.logIn(EVENTS, md5, Map.of("algorithm", "")).assertRefused();
  }

  @Test
  @DisplayName("An answer without qop, which knows no counts, is malformed")
  default void noQop() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS);
    String a1 = hash("SHA-256", "alice:eventsource:secret");
    String a2 = hash("SHA-256", "GET:" + server.base() + EVENTS);
    String response = hash("SHA-256", String.join(":", a1, alice.nonce(), a2));
    Map<String, String> old =
        Map.of("qop", "", "nc", "", "cnonce", "", "response", '"' + response + '"');
    server.logIn(EVENTS, alice, old).assertMalformed();
    server.logIn(EVENTS, alice, Map.of("qop", "")).assertMalformed();
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource({"qop, auth-int", "userhash, true", "username*, UTF-8''alice", "response, \"\""})
  @DisplayName("What wasn't offered, or is said twice, is malformed")
  default void notOffered(String name, String value) throws IOException {
    AttackedServer server = attacked();
    server.logIn(EVENTS, server.alice(EVENTS), Map.of(name, value)).assertMalformed();
  }

  @Test
  @DisplayName("A login for another realm is none for this one")
  default void otherRealm() throws IOException {
    AttackedServer server = attacked();
    server.logIn(EVENTS, server.alice(EVENTS).with("realm", "other")).assertRefused();
    server
        .logIn(
            EVENTS, server.alice(EVENTS).with("realm", "other"), Map.of("realm", "\"eventsource\""))
        .assertRefused();
  }

  @Test
  @DisplayName("Two sets of credentials let nobody in, whichever of them is right")
  default void twice() throws IOException {
    AttackedServer server = attacked();
    DigestClient alice = server.alice(EVENTS);
    String path = server.base() + EVENTS;
    String right = alice.answer("GET", path);
    String wrong = alice.as("alice", "wrong").answer("GET", path);
    for (String[] fields : new String[][] {{right, wrong}, {wrong, right}}) {
      Answer answer =
          server.send(
              HttpCall.of("GET", path)
                  .with("Authorization", fields[0])
                  .with("Authorization", fields[1]));
      answer.assertNotLetIn();
    }
  }
}
