package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that connects wakes no thread; whoever sends has to. */
@DisplayName("A client that connects just as an event is sent")
@Timeout(60)
class NewcomerTest {

  private static final int CLIENTS = 1_000;
  private static final int SPINS = 2_000;
  private static final Pattern OPENING_ID = Pattern.compile("id: .*-([0-9]+)\n");
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration NO_TICK = Duration.ofHours(1);

  private final SplittableRandom random = new SplittableRandom();

  @Test
  @DisplayName("gets it at once, or begins after it, 1,000 times")
  void gets() throws Exception {
    try (LiveStream stream = new LiveStream(CLIENTS, NO_TICK)) {
      List<FakeExchange> clients = new ArrayList<>();
      for (int number = 1; number <= CLIENTS; number++) {
        FakeExchange client = new FakeExchange(stream.container);
        clients.add(client);
        Future<?> opened = stream.container.submit(() -> open(stream, client));
        for (int spin = random.nextInt(SPINS); spin > 0; spin--) {
          Thread.onSpinWait();
        }
        stream.source.send("event " + number);
        opened.get();
        if (beginning(client) < number) {
          String event = "data: event " + number + "\n";
          await()
              .pollDelay(Duration.ZERO)
              .pollInterval(SOON)
              .until(() -> client.text().contains(event));
        }
      }
      assertThat(clients).allSatisfy(client -> assertThat(client.violations()).isEmpty());
    }
  }

  private static void open(LiveStream stream, FakeExchange client) {
    try {
      stream.source.open(client.request(), client.response(), ManualStream.visitor(null));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long beginning(FakeExchange client) {
    Matcher id = OPENING_ID.matcher(client.text());
    assertThat(id.find()).isTrue();
    return Long.parseLong(id.group(1));
  }
}
