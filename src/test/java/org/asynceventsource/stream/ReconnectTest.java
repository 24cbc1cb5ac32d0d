package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.asynceventsource.test.EventStreamParser.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that are cut off at random bytes, tell of it in each of the containers' ways, and come
 * back, while events are published as fast as the slowest of them can follow.
 */
@DisplayName("While events are published at full speed")
@Timeout(120)
class ReconnectTest {

  private static final int CLIENTS = 100;
  private static final int CUTS = 110;
  private static final int PUBLISHERS = 2;

  private final SplittableRandom random = random();

  private static SplittableRandom random() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("reconnects: -Dtest.seed=" + seed);
    return new SplittableRandom(seed);
  }

  @Test
  @DisplayName("11,000 reconnects lose no event and double none")
  void nothingIsLostOrDoubled() throws InterruptedException {
    try (LiveStream stream = new LiveStream(100_000)) {
      List<Follower> followers = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        followers.add(new Follower(stream, random.split()));
      }
      List<Publisher> publishers = new ArrayList<>();
      for (int i = 0; i < PUBLISHERS; i++) {
        publishers.add(new Publisher(stream, "p" + i, followers, 2_000));
      }
      followers.forEach(Follower::connect);
      publishers.forEach(Thread::start);
      ReconnectingClient.awaitSteady(followers);
      for (Publisher publisher : publishers) {
        publisher.finish();
      }
      for (Follower follower : followers) {
        follower.awaitAll(publishers);
      }
      report("exact", stream, followers);
    }
  }

  @Test
  @DisplayName("clients whose history was trimmed learn exactly how many events they lost")
  void gapsAreExact() throws InterruptedException {
    try (LiveStream stream = new LiveStream(2_000)) {
      List<Accountant> accountants = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        accountants.add(new Accountant(stream, random.split()));
      }
      Publisher publisher = new Publisher(stream, "", List.of(), Long.MAX_VALUE);
      publisher.start();
      accountants.forEach(Accountant::connect);
      ReconnectingClient.awaitSteady(accountants);
      publisher.finish();
      long gaps = 0;
      for (Accountant accountant : accountants) {
        accountant.awaitEvent(publisher.sent());
        gaps += accountant.gaps;
      }
      System.out.println("trimmed: " + gaps + " gaps in " + publisher.sent() + " events");
      assertThat(gaps).isPositive();
    }
  }

  private static void report(String what, LiveStream stream, List<Follower> followers) {
    long received = followers.stream().mapToLong(follower -> follower.count).sum();
    System.out.println(
        "%s: %d events published, %d received in order"
            .formatted(what, stream.log.tail(), received));
  }

  /** Publishes numbered events, every third with an id of its own. */
  private static final class Publisher extends Thread {

    private final LiveStream stream;
    private final String name;
    private final List<Follower> followers;
    private final long lead;
    private volatile boolean finishing;
    private volatile long sent;

    Publisher(LiveStream stream, String name, List<Follower> followers, long lead) {
      super("publisher " + name);
      this.stream = stream;
      this.name = name;
      this.followers = followers;
      this.lead = lead;
      setDaemon(true);
    }

    @Override
    public void run() {
      for (long n = 1; !finishing; n++) {
        if (name.isEmpty() || n % 3 != 0) {
          stream.source.send(name + ':' + n);
        } else {
          stream.source.send(name + ':' + n, "named", name + "~" + n);
        }
        sent = n;
        if (n % 100 == 0) {
          awaitFollowers(n);
        }
      }
    }

    /** Stays within the history, so that no follower may have a gap. */
    private void awaitFollowers(long n) {
      while (n - slowest(n) > lead && !finishing) {
        LockSupport.parkNanos(100_000);
      }
    }

    private long slowest(long n) {
      return followers.stream().mapToLong(follower -> follower.lastOf(name)).min().orElse(n);
    }

    void finish() throws InterruptedException {
      finishing = true;
      join();
    }

    long sent() {
      return sent;
    }
  }

  /** Wants every publisher's numbers to follow one another. */
  private static final class Follower extends ReconnectingClient {

    private final Map<String, Long> last = new HashMap<>(); // guarded by itself
    private long count;

    Follower(LiveStream stream, SplittableRandom random) {
      super(stream, random, CUTS);
    }

    @Override
    void received(Message message) {
      int colon = message.data().indexOf(':');
      String publisher = message.data().substring(0, colon);
      long number = Long.parseLong(message.data().substring(colon + 1));
      synchronized (last) {
        Long before = last.put(publisher, number);
        assertThat(number)
            .as("event behind %s of %s", before, publisher)
            .isEqualTo(before == null ? 1 : before + 1);
        count++;
        last.notifyAll();
      }
    }

    long lastOf(String publisher) {
      synchronized (last) {
        return last.getOrDefault(publisher, 0L);
      }
    }

    void awaitAll(List<Publisher> publishers) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      for (Publisher publisher : publishers) {
        synchronized (last) {
          while (lastOf(publisher.name) < publisher.sent()) {
            rethrow();
            assertThat(System.nanoTime() - end).as("stuck at %s", last).isNegative();
            last.wait(100);
          }
        }
      }
      rethrow();
    }
  }

  /** Wants every event or a gap that accounts for its absence. */
  private static final class Accountant extends ReconnectingClient {

    private long last; // guarded by this
    private long gaps;

    Accountant(LiveStream stream, SplittableRandom random) {
      super(stream, random, CUTS);
    }

    @Override
    synchronized void beginsAt(String id) {
      last = Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    @Override
    synchronized void received(Message message) {
      if (message.name().equals("eventsource.gap")) {
        JsonObject gap = Json.createReader(new StringReader(message.data())).readObject();
        assertThat(gap.getString("reason")).isEqualTo("trimmed");
        last += gap.getJsonNumber("lost").longValue();
        assertThat(gap.getString("resumedAt")).endsWith("-" + last).isEqualTo(message.id());
        gaps++;
        return;
      }
      long number = Long.parseLong(message.data().substring(1));
      assertThat(message.id()).endsWith("-" + number);
      assertThat(number).isEqualTo(last + 1);
      last = number;
      notifyAll();
    }

    synchronized void awaitEvent(long number) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (last < number) {
        rethrow();
        assertThat(System.nanoTime() - end).as("stuck at %d of %d", last, number).isNegative();
        wait(100);
      }
      rethrow();
    }
  }
}
