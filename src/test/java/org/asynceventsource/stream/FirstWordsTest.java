package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.asynceventsource.test.EventStreamParser.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("What onConnect sends while events are published at full speed")
@Timeout(60)
class FirstWordsTest {

  private static final int CLIENTS = 50;
  private static final int CUTS = 60;

  @Test
  @DisplayName("precedes every replayed and every live event, on each of 3,000 connections")
  void precedesAll() throws InterruptedException {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("first words: -Dtest.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    AtomicLong greeted = new AtomicLong();
    try (LiveStream stream = new LiveStream(1 << 18)) {
      stream.source.onConnect(
          client -> {
            client.send("first", "greeting");
            client.send("second", "greeting");
          });
      Thread publisher = new Thread(() -> publish(stream), "publisher");
      publisher.start();
      List<Greeted> clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(i -> new Greeted(stream, random.split(), greeted))
              .toList();
      clients.forEach(Greeted::connect);
      ReconnectingClient.awaitSteady(clients);
      publisher.interrupt();
      publisher.join();
    }
    System.out.println("first words: " + greeted + " connections were greeted");
    assertThat(greeted).hasValueGreaterThan(CLIENTS * CUTS / 2);
  }

  private static void publish(LiveStream stream) {
    while (!Thread.currentThread().isInterrupted()) {
      stream.source.send("live");
    }
  }

  private static final class Greeted extends ReconnectingClient {

    private final AtomicLong greeted;
    private int greetings;

    Greeted(LiveStream stream, SplittableRandom random, AtomicLong greeted) {
      super(stream, random, CUTS);
      this.greeted = greeted;
    }

    @Override
    void connecting() {
      greetings = 0;
    }

    @Override
    void received(Message message) {
      if (message.name().equals("eventsource.gap")) {
        return; // part of the opening: the history may have been trimmed
      }
      greetings++;
      switch (greetings) {
        case 1 -> assertThat(message.data()).isEqualTo("first");
        case 2 -> {
          assertThat(message.data()).isEqualTo("second");
          greeted.incrementAndGet();
        }
        default -> assertThat(message.data()).isEqualTo("live");
      }
    }
  }
}
