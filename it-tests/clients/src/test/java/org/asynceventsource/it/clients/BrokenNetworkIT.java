package org.asynceventsource.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asynceventsource.it.support.Publisher;
import org.asynceventsource.it.support.WarProcess;
import org.asynceventsource.test.EventStreamParser.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Six clients that nobody here has written read one stream at once while events are published, each
 * over a network that cuts its connection again and again, inside characters and chunk headers too.
 * Only what reads fetch's bytes is ours, and what reads curl's and HttpClient's.
 */
@DisplayName("Six clients of one event source, on networks that cut each connection,")
class BrokenNetworkIT {

  private static final int CUTS = Boolean.getBoolean("it.long") ? 500 : 100;

  /** As long as the history is by default. */
  private static final int LONG_HISTORY = 10_000;

  private static final int SHORT_HISTORY = 100;
  private static final int OUTAGES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Short, so that a hundred reconnects take seconds. */
  private static final long RETRY_MILLIS = 10;

  private static final String HELLO = "eventsource.hello";
  private static final String GAP = "eventsource.gap";
  private static final String[] NAMES = {"message", HELLO, GAP};
  private static final Pattern LOST = Pattern.compile("\"lost\":(\\d+),\"reason\":\"trimmed\"");

  private final SplittableRandom random = seeded();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<CutClient> clients = new ArrayList<>();
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

    for (CutClient client : clients) {
      assertThat(losses(client)).as("%s: gaps", client).isEmpty();
    }
  }

  @Test
  @DisplayName("are told once of each loss that a short history means, exactly there")
  void gaps() {
    Publisher publisher = start(SHORT_HISTORY);

    for (int outages = 1; outages <= OUTAGES + 1; outages++) {
      while (fewestCuts() < CUTS * outages / (OUTAGES + 1)) {
        publishPaced(publisher, SHORT_HISTORY / 2);
      }
      if (outages <= OUTAGES) {
        clients.forEach(CutClient::interrupt);
        publish(publisher, 2 * SHORT_HISTORY);
        clients.forEach(CutClient::resume);
      }
    }
    endCuts(publisher);

    for (CutClient client : clients) {
      assertThat(losses(client))
          .as("%s: one gap for each outage", client)
          .hasSize(OUTAGES)
          .allSatisfy(loss -> assertThat(loss).isGreaterThanOrEqualTo(SHORT_HISTORY));
    }
  }

  /** Leaves all clients reading; nothing published yet. */
  private Publisher start(int history) {
    WarProcess server =
        open(
            WarProcess.start(
                "--user",
                "alice:wonderland",
                "-Deventsource.hello=true",
                "-Deventsource.history.events=" + history));
    read(server, "curl", Curl::read);
    read(server, "npm's eventsource", events -> NodeProgram.eventSource(events, NAMES));
    read(server, "Node's fetch", NodeProgram::fetch);
    read(server, "Chromium", events -> ChromiumProgram.read(events, NAMES));
    read(server, "okhttp-eventsource", OkHttpProgram::read);
    read(server, "Apache HttpClient", ApacheHttpClient::read);
    for (CutClient client : clients) {
      await(client.toString()).atMost(PATIENCE).until(() -> !client.messages().isEmpty());
      assertThat(client.messages().get(0).name()).as("%s", client).isEqualTo(HELLO);
    }
    return open(Publisher.of(server.uri().resolve("events"), "alice", "wonderland"));
  }

  private void read(WarProcess server, String name, Function<URI, ReadingProgram> start) {
    clients.add(open(new CutClient(name, server.port(), random.split(), start)));
  }

  private <T extends AutoCloseable> T open(T resource) {
    opened.add(resource);
    return resource;
  }

  /** Publishes as fast as it goes, but only so far ahead of the slowest client. */
  private void publishPaced(Publisher publisher, int ahead) {
    for (CutClient client : clients) {
      if (published.size() - client.progress() >= ahead) {
        await(client.toString())
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> published.size() - client.progress() < ahead);
      }
    }
    publish(publisher, 1);
  }

  private void publish(Publisher publisher, int events) {
    for (int i = 0; i < events; i++) {
      String data = published.size() + " " + text();
      published.add(new Message(publisher.publish(data, null, RETRY_MILLIS), "message", data));
    }
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

  private int fewestCuts() {
    return clients.stream().mapToInt(CutClient::cuts).min().orElseThrow();
  }

  /** Leaves all clients with the last event, none with a complaint. */
  private void endCuts(Publisher publisher) {
    clients.forEach(CutClient::endCuts);
    publish(publisher, 1);
    System.out.println(published.size() + " events were published");
    for (CutClient client : clients) {
      await(client.toString()).atMost(PATIENCE).until(() -> client.progress() == published.size());
      client.assertNoComplaints();
    }
  }

  /**
   * Asserts that each message is the next published one, but for those that a gap counts, and that
   * those received and those lost are all; returns what each gap counts.
   */
  private List<Integer> losses(CutClient client) {
    List<Message> messages = client.messages();
    List<Integer> losses = new ArrayList<>();
    int next = 0;
    for (Message message : messages.subList(1, messages.size())) {
      if (message.name().equals(GAP)) {
        Matcher gap = LOST.matcher(message.data());
        assertThat(gap.find()).as(message.data()).isTrue();
        losses.add(Integer.parseInt(gap.group(1)));
        next += losses.get(losses.size() - 1);
      } else {
        assertThat(published).as("%s: %s after the last", client, message).hasSizeGreaterThan(next);
        assertThat(message).as("%s: message %d", client, next).isEqualTo(published.get(next));
        next++;
      }
    }
    assertThat(next).as("%s: received and told to be lost", client).isEqualTo(published.size());
    return losses;
  }
}
