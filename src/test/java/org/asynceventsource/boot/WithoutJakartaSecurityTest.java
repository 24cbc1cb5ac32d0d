package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EventListener;
import org.asynceventsource.LoaderWithout;
import org.asynceventsource.WebApplication;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("In a container without Jakarta Security")
class WithoutJakartaSecurityTest {

  private final WebApplication application = WebApplication.at("/app");

  @BeforeEach
  void takeAway() throws ReflectiveOperationException {
    ClassLoader bare = new LoaderWithout("jakarta.security.", "org.asynceventsource.");
    application.listener(
        (EventListener)
            bare.loadClass(BootListener.class.getName()).getDeclaredConstructor().newInstance());
  }

  @AfterEach
  void stop() throws Exception {
    application.stop();
  }

  @Test
  @DisplayName("everybody may read, and nobody may publish over HTTP")
  void reading() throws Exception {
    application.start();

    try (EventStreamRecorder stream = application.get("/app/events").stream();
        HttpReply refused =
            application.send(HttpCall.of("POST", "/app/events").withBody("text/plain", "hello"))) {
      stream.assertOpened();
      assertThat(refused.status()).isEqualTo(403);
    }
  }

  @Test
  @DisplayName("logins can be left to the container, and without any nobody gets in")
  void container() throws Exception {
    application.parameter("eventsource.auth", "container").start();

    try (HttpReply refused = application.get("/app/events")) {
      assertThat(refused.status()).isEqualTo(403);
    }
  }

  @Test
  @DisplayName("users are refused at the start, with what is missing")
  void users() {
    application.parameter("eventsource.users", "alice:secret");

    assertThatThrownBy(application::start)
        .hasStackTraceContaining("authentication needs Jakarta Security")
        .hasStackTraceContaining("NoClassDefFoundError");
  }
}
