package org.asynceventsource;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.asynceventsource.boot.BootListener;
import org.asynceventsource.test.EventStreamParser;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Over HTTP, while events are published at full speed")
class HttpReconnectTest {

  private static final int CLIENTS = 16;
  private static final int RECONNECTS = 40;
  private static final int LEAD = 5_000;

  private final WebApplication application = WebApplication.at("/app");
  private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS + 1);
  private AsyncEventSource events;

  @AfterEach
  void stop() throws Exception {
    threads.shutdownNow();
    application.stop();
  }

  @Test
  @Timeout(60)
  @DisplayName("640 reconnects lose no event and double none")
  void nothingIsLostOrDoubled() throws Exception {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("reconnects over HTTP: -Dtest.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    application
        .parameter("eventsource.history.events", "100000")
        .parameter("eventsource.history.bytes", "100MB")
        .listener(new BootListener())
        .atStart(this::keepEventSource)
        .start();
    List<Client> clients = new ArrayList<>();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Client client = new Client(random.split());
      clients.add(client);
      running.add(threads.submit(client::reconnect));
    }
    Future<?> publisher = threads.submit(() -> publish(clients));
    for (Future<?> client : running) {
      client.get();
    }
    publisher.cancel(true);
  }

  private void keepEventSource(ServletContext context) {
    events = EventSources.of(context).at("/events");
  }

  private void publish(List<Client> clients) {
    for (long n = 1; !Thread.currentThread().isInterrupted(); n++) {
      events.send(Long.toString(n));
      while (n - slowest(clients, n) > LEAD && !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(100_000);
      }
    }
  }

  private static long slowest(List<Client> clients, long published) {
    return clients.stream()
        .filter(client -> !client.done)
        .mapToLong(client -> client.last.get())
        .min()
        .orElse(published);
  }

  /** Drops its connection at a random byte and comes back with the last id it has seen. */
  private final class Client implements EventStreamParser.Receiver {

    private final SplittableRandom random;
    private String lastId = "";
    private final AtomicLong last = new AtomicLong();
    private volatile boolean done;

    Client(SplittableRandom random) {
      this.random = random;
    }

    Void reconnect() throws IOException {
      for (int i = 0; i < RECONNECTS; i++) {
        try (HttpReply stream = application.send(request())) {
          read(stream, random.nextInt(random.nextInt(4) == 0 ? 100_000 : 3_000));
        }
      }
      done = true;
      return null;
    }

    private HttpCall request() {
      HttpCall get = HttpCall.of("GET", "/app/events");
      return lastId.isEmpty() ? get : get.with("Last-Event-ID", lastId);
    }

    private void read(HttpReply stream, int bytes) throws IOException {
      EventStreamParser parser = new EventStreamParser(this);
      byte[] buffer = new byte[8_192];
      for (int left = bytes; left > 0; ) {
        int length = stream.body().read(buffer, 0, Math.min(left, buffer.length));
        assertThat(length).as("the server has ended the stream").isPositive();
        parser.feed(buffer, 0, length);
        left -= length;
      }
    }

    @Override
    public void lastEventId(String id) {
      if (lastId.isEmpty()) {
        last.set(Long.parseLong(id.substring(id.indexOf('-') + 1)));
      }
      lastId = id;
    }

    @Override
    public void message(EventStreamParser.Message message) {
      assertThat(message.data()).isEqualTo(Long.toString(last.incrementAndGet()));
    }
  }
}
