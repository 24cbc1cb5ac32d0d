package org.asynceventsource.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.RecordingLogger;
import org.asynceventsource.spi.StreamListener;
import org.asynceventsource.spi.StreamListener.Slowness;
import org.asynceventsource.spi.WarnOnce;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The listeners of an event source")
class StreamListenersTest {

  private final RecordingLogger logger = new RecordingLogger();
  private final StreamListeners listeners = new StreamListeners(new WarnOnce(logger));
  private final List<String> heard = new ArrayList<>();

  /** Hears every method there is, and those to come. */
  private StreamListener hearing() {
    return (StreamListener)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {StreamListener.class},
            (proxy, method, arguments) -> {
              heard.add(method.getName());
              return null;
            });
  }

  private static StreamListener throwing(Throwable failure) {
    return (StreamListener)
        Proxy.newProxyInstance(
            StreamListenersTest.class.getClassLoader(),
            new Class<?>[] {StreamListener.class},
            (proxy, method, arguments) -> {
              throw failure;
            });
  }

  private void tellAll() {
    AsyncEventSourceClient client = Stub.of(AsyncEventSourceClient.class).build();
    listeners.appended(1);
    listeners.opened(client);
    listeners.closed(client, DisconnectReason.GONE);
    listeners.written(1, 2, 3);
    listeners.stalled(client);
    listeners.recovered(client, 1);
    listeners.slow(client, Slowness.STALLED);
    listeners.gap(client, "trimmed", OptionalLong.empty());
    listeners.replayed(client, 1, 2);
  }

  @Test
  @DisplayName("all hear everything, in the order in which they were added")
  void everything() {
    listeners.add(hearing());
    listeners.add(hearing());
    tellAll();

    assertThat(heard)
        .containsSubsequence(
            "appended",
            "appended",
            "opened",
            "opened",
            "closed",
            "closed",
            "written",
            "written",
            "stalled",
            "stalled",
            "recovered",
            "recovered",
            "slow",
            "slow",
            "gap",
            "gap",
            "replayed",
            "replayed")
        .hasSize(18)
        .containsAll(
            Arrays.stream(StreamListener.class.getMethods()).map(Method::getName).toList());
  }

  @Test
  @DisplayName("go on when one of them fails, which is counted and logged once")
  void failing() {
    listeners.add(hearing());
    listeners.add(throwing(new IllegalStateException("mine")));
    listeners.add(throwing(new AssertionError("mine")));
    listeners.add(hearing());
    tellAll();
    tellAll();

    assertThat(heard).hasSize(36);
    assertThat(listeners.failures()).isEqualTo(36);
    assertThat(logger.lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("WARNING listener "))
        .allMatch(line -> line.endsWith(" failed; the event source goes on, mend or remove it"));
  }

  @Test
  @DisplayName("may be none")
  void none() {
    listeners.add(StreamListener.NONE);
    tellAll();

    assertThat(listeners.failures()).isZero();
  }
}
