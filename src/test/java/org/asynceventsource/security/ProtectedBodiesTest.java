package org.asynceventsource.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.servlet.ServletException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.LogRecords;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Where digests may cover bodies")
class ProtectedBodiesTest {

  @RegisterExtension final LogRecords log = LogRecords.everythingOf(SecurityLog.NAME);

  private final DrivenMechanism mechanism =
      DrivenMechanism.of(DrivenMechanism.offering("SHA-256").withProtectedBodies(100, 150));

  private static FakeRequest post(String authorization) {
    return FakeRequest.of("POST", "/events").authorization(authorization);
  }

  private String answer(String body) throws Exception {
    return mechanism.challenged().covering(body).answer("POST", "/events");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "tea=green&é=%C3%A9"})
  @DisplayName("a body that is covered arrives as it was sent")
  void right(String body) throws Exception {
    assertThat(mechanism.send(post(answer(body)).body("text/plain", body)))
        .isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(mechanism.request().getInputStream().readAllBytes()).asString(UTF_8).isEqualTo(body);
  }

  /** Attack: somebody on the way changes what is published. */
  @ParameterizedTest
  @CsvSource({"hello, hellO", "hello, ''", "'', hello", "hello, hello!"})
  @DisplayName("a body that was changed is a wrong login")
  void changed(String covered, String sent) throws Exception {
    mechanism.send(post(answer(covered)).body("text/plain", sent));
    mechanism.response().assertChallenge(false);
  }

  /** Attack: a digest that covers the body is passed off as one that doesn't, and the reverse. */
  @Test
  @DisplayName("a digest is of the kind that it says it is")
  void kinds() throws Exception {
    String covering = answer("hello");
    mechanism.send(post(covering.replace("qop=auth-int", "qop=auth")).body("text/plain", "hello"));
    mechanism.response().assertChallenge(false);
    String plain = mechanism.challenged().answer("POST", "/events");
    mechanism.send(post(plain.replace("qop=auth", "qop=auth-int")).body("text/plain", ""));
    mechanism.response().assertChallenge(false);
  }

  @Test
  @DisplayName("clients may leave the body out, are offered both, and are proved what can be")
  void both() throws Exception {
    DigestClient client = mechanism.challenged();
    assertThat(mechanism.response().challenges().get(0)).contains("qop=\"auth,auth-int\"");

    assertThat(mechanism.send(client.answer("GET", "/events")))
        .isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(mechanism.response().values("Authentication-Info").get(0)).contains("rspauth");
    DigestClient covering = client.covering("");
    assertThat(mechanism.send(covering.answer("GET", "/events", 2)))
        .isEqualTo(AuthenticationStatus.SUCCESS);
    assertThat(mechanism.response().values("Authentication-Info")).isEmpty();
  }

  /** Attack: strangers make us read and keep what they send. */
  @Test
  @DisplayName("nothing is read for whoever hasn't got a nonce of ours, but they may get one")
  void foreignNonce() throws Exception {
    DigestClient client = mechanism.challenged().withNonce("foreign").covering("hello");

    mechanism.send(post(client.answer("POST", "/events"))); // without a body: reading would throw
    mechanism.response().assertChallenge(true);
  }

  @Test
  @DisplayName("a stream of events isn't waited for, and the client is told how to send it")
  void streams() throws Exception {
    mechanism.send(
        post(answer("data: 1\n\n")).body("Text/Event-Stream;charset=utf-8", "data: 1\n\n"));
    mechanism.response().assertChallenge(true);
    assertThat(mechanism.response().challenges().get(0)).contains("qop=\"auth\"");
  }

  @Test
  @DisplayName("a body is refused once it is longer than may be, announced or not")
  void tooLong() throws Exception {
    String longest = "x".repeat(100);
    String longer = longest + 'x';

    assertThat(mechanism.send(post(answer(longest)).body("text/plain", longest)))
        .isEqualTo(AuthenticationStatus.SUCCESS);
    mechanism.send(post(answer(longer)).body("text/plain", longer));
    mechanism.response().assertRefused(413, "'eventsource.limits.body'");
    InputStream unannounced = new ByteArrayInputStream(longer.getBytes(UTF_8));
    mechanism.send(post(answer(longer)).body(unannounced));
    mechanism.response().assertRefused(413, "'eventsource.limits.body'");
  }

  @Test
  @DisplayName("a body that breaks off is refused")
  void brokenOff() throws Exception {
    mechanism.send(post(answer("hello")).body(new BrokenOff()));
    mechanism.response().assertRefused(400, "ended before its time");
  }

  /** Attack: many begin long bodies and never end them. */
  @Test
  @DisplayName("bodies that are being read take no more memory together than they may")
  void memory() throws Exception {
    ProtectedBodies bodies = new ProtectedBodies(100, 150);
    CountDownLatch halfRead = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    Future<byte[]> slow =
        executor.submit(() -> bodies.read(post("").body(halting(100, halfRead, goOn)).build()));
    halfRead.await();

    assertThat(bodies.read(post("").body("text/plain", "x".repeat(50)).build())).hasSize(50);
    assertThatThrownBy(() -> bodies.read(post("").body("text/plain", "x".repeat(51)).build()))
        .isInstanceOfSatisfying(
            RefusedBodyException.class, full -> assertThat(full.status()).isEqualTo(503));
    goOn.countDown();
    assertThat(slow.get()).hasSize(100);
    assertThat(bodies.read(post("").body("text/plain", "x".repeat(100)).build())).hasSize(100);
    executor.shutdown();
  }

  /** Gives some bytes, and their end only when it is told to. */
  private static InputStream halting(int length, CountDownLatch read, CountDownLatch goOn) {
    InputStream bytes = new ByteArrayInputStream(new byte[length]);
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return read(new byte[1], 0, 1);
      }

      @Override
      public int read(byte[] into, int offset, int most) throws IOException {
        int some = bytes.read(into, offset, most);
        if (some < 0) {
          read.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        }
        return some;
      }
    };
  }

  @Test
  @DisplayName("the body can be read by a reader, or as a form, but not in parts")
  void ways() throws Exception {
    String form = "a=1&b=%C3%A9+x&q=form&a=2&c&&bad=%zz";
    mechanism.send(post(answer(form)).body("application/x-www-form-urlencoded", form));
    Map<String, String[]> parameters = mechanism.request().getParameterMap();

    assertThat(parameters.get("a")).containsExactly("1", "2");
    assertThat(parameters.get("b")).containsExactly("é x");
    assertThat(parameters.get("q")).containsExactly("query", "form");
    assertThat(mechanism.request().getParameter("c")).isEmpty();
    assertThat(mechanism.request().getParameter("bad")).isEqualTo("%zz");
    assertThat(mechanism.request().getParameter("d")).isNull();
    assertThat(mechanism.request().getContentLengthLong()).isEqualTo(form.length());
    assertThat(mechanism.request().getReader().readLine()).isEqualTo(form);
    assertThatThrownBy(() -> mechanism.request().getInputStream())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> mechanism.request().getParts())
        .isInstanceOf(ServletException.class)
        .hasMessageContaining("qop=auth");
  }

  private static final class BrokenOff extends InputStream {

    @Override
    public int read() throws IOException {
      throw new IOException("reset");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return read();
    }
  }
}
