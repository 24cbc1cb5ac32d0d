package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.Ticket;
import org.asynceventsource.test.FakeClock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A ticket")
class TicketsTest {

  private static final Duration LIFETIME = Duration.ofSeconds(30);
  private static final int MOST = 3;

  private final FakeClock clock = new FakeClock();
  private final Tickets tickets = new Tickets(LIFETIME, clock, MOST);

  private void assertRefused(String text, String path, Set<String> channels, String reason) {
    assertThatThrownBy(() -> tickets.take(text, path, channels))
        .isInstanceOf(RefusedTicketException.class)
        .hasMessageContaining(reason);
  }

  @Test
  @DisplayName("says for whom and for what it was issued")
  void says() throws Exception {
    Ticket ticket = Ticket.of("Žofie").at("/a").withRoles("x", "y").withChannels("tea", "milk");

    String text = tickets.issue(ticket);

    assertThat(text).matches("[A-Za-z0-9_-]+");
    assertThat(tickets.take(text, "/a", Set.of("tea"))).isEqualTo(ticket);
  }

  @Test
  @DisplayName("is good once")
  void once() throws Exception {
    String text = tickets.issue(Ticket.of("alice"));
    tickets.take(text, "", Set.of());

    assertRefused(text, "", Set.of(), "has been used");
  }

  @Test
  @Timeout(10)
  @DisplayName("is good once among threads that come at the same time")
  void onceAmongThreads() throws Exception {
    Tickets office = Tickets.lasting(LIFETIME);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int i = 0; i < 200; i++) {
        String text = office.issue(Ticket.of("alice"));
        Callable<Boolean> taker = () -> isTaken(office, text);
        int taken = 0;
        for (var result : threads.invokeAll(IntStream.range(0, 8).mapToObj(n -> taker).toList())) {
          taken += result.get() ? 1 : 0;
        }
        assertThat(taken).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean isTaken(Tickets office, String text) {
    try {
      office.take(text, "", Set.of());
      return true;
    } catch (RefusedTicketException e) {
      return false;
    }
  }

  @Test
  @DisplayName("is good until its time is over, and no longer")
  void expires() throws Exception {
    String early = tickets.issue(Ticket.of("alice"));
    String late = tickets.issue(Ticket.of("alice"));

    clock.advance(LIFETIME.minusNanos(1));
    tickets.take(early, "", Set.of());
    clock.advance(Duration.ofNanos(1));

    assertRefused(late, "", Set.of(), "expired");
  }

  @Test
  @DisplayName("that is shown for something else is refused, but not used up")
  void bound() throws Exception {
    String text = tickets.issue(Ticket.of("alice").at("/a").withChannels("tea"));

    assertRefused(text, "/b", Set.of("tea"), "another event source");
    assertRefused(text, "/a", Set.of(), "certain channels");
    assertRefused(text, "/a", Set.of("tea", "milk"), "certain channels");
    assertThat(tickets.take(text, "/a", Set.of("tea")).user()).isEqualTo("alice");
  }

  @Test
  @DisplayName("with any bit changed is none")
  void forged() {
    byte[] right = Base64.getUrlDecoder().decode(tickets.issue(Ticket.of("alice")));

    for (int bit = 0; bit < right.length * 8; bit++) {
      byte[] wrong = right.clone();
      wrong[bit / 8] ^= (byte) (1 << bit % 8);
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(wrong);
      assertRefused(text, "", Set.of(), "isn't one");
    }
    assertThat(tickets.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "*", "AAAA", "ä", "=", "%00"})
  @DisplayName("isn't any other text")
  void otherText(String text) {
    assertRefused(text, "", Set.of(), "isn't one");
  }

  @Test
  @DisplayName("isn't a text that is too long to be one")
  void longText() {
    assertRefused("A".repeat(5_000), "", Set.of(), "isn't one");
  }

  @Test
  @DisplayName("of another process is none, though it says the same")
  void foreign() {
    String text = new Tickets(LIFETIME, clock, MOST).issue(Ticket.of("alice"));

    assertRefused(text, "", Set.of(), "isn't one");
  }

  @Test
  @DisplayName("in another spelling is the same ticket")
  void spelling() throws Exception {
    String text = tickets.issue(Ticket.of("alice"));
    tickets.take(text, "", Set.of());

    assertRefused(text + "=".repeat((4 - text.length() % 4) % 4), "", Set.of(), "has been used");
  }

  @Test
  @DisplayName("that was used is remembered until its time is over, whatever that costs others")
  void bounded() throws Exception {
    String first = tickets.issue(Ticket.of("alice"));
    tickets.take(first, "", Set.of());
    for (int i = 1; i < MOST; i++) {
      tickets.take(tickets.issue(Ticket.of("bob")), "", Set.of());
    }

    assertRefused(tickets.issue(Ticket.of("bob")), "", Set.of(), "too many");
    assertRefused(first, "", Set.of(), "has been used");

    clock.advance(LIFETIME);
    tickets.take(tickets.issue(Ticket.of("bob")), "", Set.of());
    assertThat(tickets.size()).isEqualTo(1);
  }

  @Test
  @DisplayName("that would be too long for a query isn't issued")
  void tooLong() {
    assertThatThrownBy(() -> tickets.issue(Ticket.of("a".repeat(4_000))))
        .isInstanceOf(EventSourceException.class)
        .hasMessageContaining("more than 4096 characters");
    assertThatThrownBy(() -> tickets.issue(Ticket.of("a".repeat(70_000))))
        .isInstanceOf(EventSourceException.class)
        .hasMessageContaining("more than 4096 characters");
  }

  @Test
  @DisplayName("isn't issued where there are to be none")
  void none() {
    assertThatThrownBy(() -> Tickets.lasting(Duration.ZERO).issue(Ticket.of("alice")))
        .isInstanceOf(EventSourceException.class)
        .hasMessageContaining("set 'eventsource.tickets'");
  }

  @Test
  @DisplayName("needs a user")
  void user() {
    assertThatThrownBy(() -> Ticket.of(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("user");
  }
}
