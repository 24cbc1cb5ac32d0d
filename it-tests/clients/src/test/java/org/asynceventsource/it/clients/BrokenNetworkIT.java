package org.asynceventsource.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asynceventsource.it.support.CuttingProxy;
import org.asynceventsource.it.support.CuttingProxy.Place;
import org.asynceventsource.it.support.Publisher;
import org.asynceventsource.it.support.WarProcess;
import org.asynceventsource.test.EventStreamParser.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Two programs that nobody here has written read one stream while events are published, each over a
 * network that cuts its connection again and again, inside characters and chunk headers too.
 */
@DisplayName("curl and npm's eventsource on a network that cuts each connection")
class BrokenNetworkIT {

  private static final int CUTS = 105;

  /** As long as the history is by default. */
  private static final int LONG_HISTORY = 10_000;

  private static final int SHORT_HISTORY = 200;
  private static final int OUTAGES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Short, so that a hundred reconnects take seconds. */
  private static final long RETRY_MILLIS = 10;

  private static final String HELLO = "eventsource.hello";
  private static final String GAP = "eventsource.gap";
  private static final Pattern LOST = Pattern.compile("\"lost\":(\\d+),\"reason\":\"trimmed\"");

  private final SplittableRandom random = seeded();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<CuttingProxy> proxies = new ArrayList<>();
  private final List<RandomCuts> plans = new ArrayList<>();
  private final List<ReadingProgram> programs = new ArrayList<>();
  private final List<Message> published = new ArrayList<>();

  private static SplittableRandom seeded() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("broken network: -Dtest.seed=" + seed);
    return new SplittableRandom(seed);
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  @Test
  @DisplayName("lose nothing and get nothing twice while the history reaches back far enough")
  void complete() {
    Publisher publisher = start(LONG_HISTORY);

    while (fewestCuts() < CUTS) {
      publishPaced(publisher, LONG_HISTORY / 2);
    }
    endCuts(publisher);

    for (ReadingProgram program : programs) {
      awaitLast(program);
      assertThat(program.messages().subList(1, program.messages().size())).isEqualTo(published);
      assertThat(program.complaints()).isEmpty();
    }
  }

  @Test
  @DisplayName("are told of every event that a short history has lost, exactly there")
  void gaps() {
    Publisher publisher = start(SHORT_HISTORY);

    for (int outages = 1; outages <= OUTAGES + 1; outages++) {
      while (fewestCuts() < CUTS * outages / (OUTAGES + 1)) {
        publishPaced(publisher, SHORT_HISTORY / 2);
      }
      if (outages <= OUTAGES) {
        proxies.forEach(CuttingProxy::interrupt);
        publish(publisher, 2 * SHORT_HISTORY);
        proxies.forEach(CuttingProxy::resume);
      }
    }
    endCuts(publisher);

    for (ReadingProgram program : programs) {
      awaitLast(program);
      assertThat(lost(program.messages()))
          .as("events lost, and told of")
          .isGreaterThanOrEqualTo(OUTAGES * SHORT_HISTORY);
      assertThat(program.complaints()).isEmpty();
    }
  }

  /** Leaves both programs reading; nothing published yet. */
  private Publisher start(int history) {
    WarProcess server =
        open(
            WarProcess.start(
                "--user",
                "alice:wonderland",
                "-Deventsource.hello=true",
                "-Deventsource.history.events=" + history));
    programs.add(open(CurlProgram.read(cut(server))));
    programs.add(open(NodeProgram.read(cut(server), "message", HELLO, GAP)));
    for (ReadingProgram program : programs) {
      await().atMost(PATIENCE).until(() -> !program.messages().isEmpty());
      assertThat(program.messages().get(0).name()).isEqualTo(HELLO);
    }
    return open(Publisher.of(server.uri().resolve("events"), "alice", "wonderland"));
  }

  private URI cut(WarProcess server) {
    RandomCuts plan = new RandomCuts(random.split());
    CuttingProxy proxy = open(CuttingProxy.cutting(server.port(), plan));
    plans.add(plan);
    proxies.add(proxy);
    return URI.create("http://localhost:" + proxy.port() + "/events");
  }

  private <T extends AutoCloseable> T open(T resource) {
    opened.add(resource);
    return resource;
  }

  /** Publishes as fast as it goes, but only so far ahead of the slower program. */
  private void publishPaced(Publisher publisher, int ahead) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> programs.stream().allMatch(read -> published.size() - progress(read) < ahead));
    publish(publisher, 1);
  }

  private void publish(Publisher publisher, int events) {
    for (int i = 0; i < events; i++) {
      String data = published.size() + " " + text();
      published.add(new Message(publisher.publish(data, null, RETRY_MILLIS), "message", data));
    }
  }

  private void endCuts(Publisher publisher) {
    plans.forEach(RandomCuts::stop);
    publish(publisher, 1);
    for (CuttingProxy proxy : proxies) {
      System.out.println(published.size() + " events published, cut: " + proxy.cuts());
      assertThat(proxy.cuts().keySet()).containsExactlyInAnyOrder(Place.values());
    }
  }

  private int fewestCuts() {
    return proxies.stream()
        .mapToInt(proxy -> proxy.cuts().values().stream().mapToInt(Integer::intValue).sum())
        .min()
        .orElseThrow();
  }

  /** How many events were published when the last one that a program has read was. */
  private static int progress(ReadingProgram program) {
    List<Message> messages = program.messages();
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).name().equals("message")) {
        return Integer.parseInt(messages.get(i).data().split(" ", 2)[0]) + 1;
      }
    }
    return 0;
  }

  /** Text in which most bytes are inside of characters. */
  private String text() {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(40); length >= 0; length--) {
      text.appendCodePoint(random.nextInt(0x1F300, 0x1F5FF));
      text.append(random.nextInt(10) == 0 ? "\n" : "");
    }
    return text.toString();
  }

  private void awaitLast(ReadingProgram program) {
    Message last = published.get(published.size() - 1);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(program.messages().get(program.messages().size() - 1))
                    .as(program.complaints())
                    .isEqualTo(last));
  }

  /** Asserts that each message is the next published one, but for those a gap counts in between. */
  private int lost(List<Message> messages) {
    assertThat(messages.get(0).name()).isEqualTo(HELLO);
    int next = 0;
    int received = 0;
    for (Message message : messages.subList(1, messages.size())) {
      if (message.name().equals(GAP)) {
        Matcher gap = LOST.matcher(message.data());
        assertThat(gap.find()).as(message.data()).isTrue();
        next += Integer.parseInt(gap.group(1));
      } else {
        assertThat(message).as("after %d received", received).isEqualTo(published.get(next));
        next++;
        received++;
      }
    }
    assertThat(next).isEqualTo(published.size());
    return next - received;
  }
}
