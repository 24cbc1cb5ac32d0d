package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An event that may linger")
class LingerTest {

  private static final Duration LINGER = Duration.ofMillis(20);

  private final ManualStream stream = ManualStream.create(options -> options.linger(LINGER));
  private final FakeExchange client = stream.open();

  private long writes() {
    return client.calls().stream().filter(call -> call.startsWith("write")).count();
  }

  @Test
  @DisplayName("waits for others, and goes out with them in one write when its time is over")
  void waits() {
    long before = writes();
    stream.send("a");
    stream.settle();
    stream.clock.advance(LINGER.minusMillis(1));
    stream.send("b");
    stream.settle();
    assertThat(client.news()).isEmpty();

    stream.clock.advance(Duration.ofMillis(1));
    stream.settle();
    assertThat(stream.news(client)).isEqualTo("id: E-1\ndata: a\n\nid: E-2\ndata: b\n\n");
    assertThat(writes() - before).isEqualTo(1);
  }

  @Test
  @DisplayName("that comes after another has gone out has its own time")
  void again() {
    stream.send("a");
    stream.settle();
    stream.clock.advance(LINGER);
    stream.settle();
    client.news();
    stream.send("b");
    stream.settle();
    assertThat(client.news()).isEmpty();

    stream.clock.advance(LINGER);
    stream.settle();
    assertThat(stream.news(client)).isEqualTo("id: E-2\ndata: b\n\n");
  }

  @Test
  @DisplayName("doesn't hold up a client that has to catch up, nor the end of the stream")
  void holdsUpNobodyElse() {
    stream.send("a", "b");
    stream.settle();
    FakeExchange resuming = stream.open(stream.id(1));
    assertThat(stream.plain(resuming.text())).endsWith("id: E-2\ndata: b\n\n");

    stream.source.beginClose();
    stream.settle();
    assertThat(client.isCompleted()).isTrue();
    assertThat(client.text()).contains("data: a", "data: b");
  }
}
