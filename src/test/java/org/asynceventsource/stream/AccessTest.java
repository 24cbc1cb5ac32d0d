package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.asynceventsource.Access;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.spi.Login;
import org.asynceventsource.spi.UndecidedLoginException;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A user who was let in must not read on when that has ended, however the application learns it.
 */
@DisplayName("Who may go on reading")
class AccessTest {

  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final List<DisconnectReason> ends = new ArrayList<>();
  private final FakeLogin login = new FakeLogin();
  private ManualStream stream =
      start(ManualStream.create(options -> options.roles("trader").heartbeat(HEARTBEAT)));

  private ManualStream start(ManualStream started) {
    started.source.onDisconnect((client, reason) -> ends.add(reason));
    return started;
  }

  @AfterEach
  void noViolations() {
    stream.assertRulesKept();
  }

  @Test
  @DisplayName("is closed at once when the login is said to have ended, and gets nothing pending")
  void ended() {
    FakeExchange alice = open("alice");
    FakeExchange bob = open("bob");

    stream.send("pending");
    stream.source.changed(AccessChanged.ended("alice"));
    stream.send("after");
    stream.settle();

    assertThat(alice.news()).matches("retry: \\d+\n\n");
    assertThat(alice.isCompleted()).isTrue();
    assertThat(bob.news()).contains("data: pending", "data: after");
    assertThat(ends).containsExactly(DisconnectReason.REVOKED);
  }

  @Test
  @DisplayName("is asked when access may have changed; events wait for the answer and then follow")
  void askedAndGranted() {
    FakeExchange alice = open("alice");

    stream.source.changed(AccessChanged.of("alice"));
    stream.send("waiting");
    stream.turn();
    assertThat(alice.news()).isEmpty();

    stream.settle();
    assertThat(alice.news()).contains("data: waiting");
    assertThat(login.asked).isEqualTo(1);
  }

  @Test
  @DisplayName("is closed if the login no longer holds, without the events that waited")
  void askedAndRefused() {
    FakeExchange alice = open("alice");

    login.holding = false;
    stream.source.changed(AccessChanged.ofEverybody());
    stream.send("waiting");
    stream.settle();

    assertThat(alice.news()).matches("retry: \\d+\n\n");
    assertThat(ends).containsExactly(DisconnectReason.REVOKED);
  }

  @Test
  @DisplayName("is closed in doubt, if nobody answers within a second")
  void overdue() {
    FakeExchange alice = open("alice");

    stream.source.changed(AccessChanged.of("alice"));
    stream.clock.advance(Standing.PATIENCE.plus(ManualStream.TICK));
    while (stream.turn()) {
      stream.container.runAll(); // but none of the callbacks
    }

    assertThat(alice.news()).matches("retry: \\d+\n\n");
  }

  @Test
  @DisplayName("is closed if a rule of the application says no, or fails")
  void rules() {
    stream.source.authorize(
        reader -> {
          if (reader.channels().isEmpty()) {
            throw new IllegalStateException("no idea");
          }
          return reader.hasRole("trader") ? Access.GRANTED : Access.FORBIDDEN;
        });
    FakeExchange trader = open(visitor("alice", "tea"));
    FakeExchange everything = open(visitor("bob"));

    stream.source.changed(AccessChanged.ofEverybody());
    stream.settle();

    assertThat(trader.isCompleted()).isFalse();
    assertThat(everything.isCompleted()).isTrue();
  }

  @Test
  @DisplayName("with a login that can't be asked again is closed, to come anew")
  void containersLogin() {
    FakeExchange alice = open(anonymous(() -> "alice"));
    FakeExchange nobody = open(anonymous(null));

    stream.source.changed(AccessChanged.ofEverybody());
    stream.settle();

    assertThat(alice.isCompleted()).isTrue();
    assertThat(nobody.isCompleted()).isFalse();
  }

  /** The attack: somebody who has lost a role reads on, since the rule is shown the old one. */
  @Test
  @DisplayName("with a login that can't be asked again is closed, whatever a rule makes of it")
  void containersLoginUnderRule() {
    stream.source.authorize(reader -> reader.hasRole("trader") ? Access.GRANTED : Access.FORBIDDEN);
    FakeExchange alice = open(container("alice"));
    FakeExchange bob = open(container("bob"));

    stream.source.changed(AccessChanged.of("alice"));
    stream.settle();
    assertThat(alice.isCompleted()).isTrue();

    stream.source.changed(AccessChanged.ofEverybody());
    stream.settle();
    assertThat(bob.isCompleted()).isFalse(); // rules have changed, and this one says yes
  }

  private static Visitor container(String name) {
    return new Visitor(
        null, Interest.EVERYTHING, () -> name, null, "192.0.2.1", Set.of("trader"), Map.of());
  }

  @Test
  @DisplayName(
      "is closed if what it is asked with lacks a class, and others are asked all the same")
  void broken() {
    FakeExchange alice = open("alice");
    FakeExchange bob = open(container("bob"));

    login.broken = true;
    stream.source.changed(AccessChanged.of("alice"));
    stream.settle();

    assertThat(alice.isCompleted()).isTrue();
    assertThat(bob.isCompleted()).isFalse();
  }

  @Test
  @DisplayName("is asked before a heartbeat is written, again and again")
  void beforeHeartbeat() {
    stream = start(recheckedAtHeartbeats());
    FakeExchange alice = open("alice");

    stream.pass(HEARTBEAT.plus(ManualStream.TICK).multipliedBy(3));
    assertThat(alice.news()).contains(":");
    assertThat(login.asked).isBetween(3, 4);

    login.holding = false;
    stream.pass(HEARTBEAT.plus(ManualStream.TICK));
    assertThat(alice.news()).matches("retry: \\d+\n\n");
    assertThat(ends).containsExactly(DisconnectReason.REVOKED);
  }

  @Test
  @DisplayName("goes on while that can't be told, and is asked again and again")
  void undecided() {
    stream = start(recheckedAtHeartbeats());
    FakeExchange alice = open("alice");

    login.undecided = true;
    stream.pass(HEARTBEAT.multipliedBy(4));
    stream.send("meanwhile");
    stream.settle();
    assertThat(alice.news()).contains(": \n\n: \n\n", "data: meanwhile");
    assertThat(login.asked).isBetween(3, 5);

    login.undecided = false;
    login.holding = false;
    stream.pass(HEARTBEAT.plus(ManualStream.TICK));
    assertThat(ends).containsExactly(DisconnectReason.REVOKED);
  }

  @Test
  @DisplayName("is closed in doubt if access is said to have changed while that can't be told")
  void undecidedChange() {
    FakeExchange alice = open("alice");

    login.undecided = true;
    stream.source.changed(AccessChanged.of("alice"));
    stream.send("waiting");
    stream.settle();

    assertThat(alice.news()).matches("retry: \\d+\n\n");
  }

  @Test
  @DisplayName("gets its heartbeat a second late if nobody comes to ask, and goes on for an hour")
  void unanswered() {
    stream = start(recheckedAtHeartbeats());
    FakeExchange alice = open("alice");

    for (int tick = 0; tick < 100 && stream.callbacks.isIdle(); tick++) {
      passUnanswered(ManualStream.TICK);
    }
    assertThat(stream.callbacks.isIdle()).isFalse();
    passUnanswered(Standing.PATIENCE.minus(ManualStream.TICK));
    assertThat(alice.news()).isEmpty();
    passUnanswered(ManualStream.TICK.multipliedBy(2));
    assertThat(alice.news()).isEqualTo(": \n\n");

    passUnanswered(Standing.LONGEST_DOUBT);
    assertThat(alice.news()).matches("(: \n\n)+retry: \\d+\n\n");
    assertThat(login.asked).isZero();
  }

  private static ManualStream recheckedAtHeartbeats() {
    return ManualStream.create(o -> o.roles("trader").heartbeat(HEARTBEAT).recheck(HEARTBEAT));
  }

  /** As if all threads of the callbacks hung. */
  private void passUnanswered(Duration time) {
    for (Duration passed = Duration.ZERO;
        passed.compareTo(time) < 0;
        passed = passed.plus(ManualStream.TICK)) {
      stream.clock.advance(ManualStream.TICK);
      while (stream.turn()) {
        stream.container.runAll(); // but none of the callbacks
      }
    }
  }

  @Test
  @DisplayName("is closed when the login ends by itself")
  void expires() {
    login.end = Instant.now().plusSeconds(60);
    FakeExchange alice = open("alice");

    stream.pass(Duration.ofSeconds(55));
    assertThat(alice.isCompleted()).isFalse();
    stream.pass(Duration.ofSeconds(6));

    assertThat(alice.isCompleted()).isTrue();
    assertThat(ends).containsExactly(DisconnectReason.REVOKED);
  }

  @Test
  @DisplayName("is asked at its start if access changed while it was let in")
  void newcomer() {
    stream.source.changed(AccessChanged.ended("alice"));
    login.holding = false;
    stream.send("history");
    FakeExchange alice = stream.begin(visitor("alice"), new FakeExchange(stream.container));
    stream.settle();

    assertThat(alice.text()).doesNotContain("history").contains("retry: ");
    assertThat(alice.isCompleted()).isTrue();
  }

  @Test
  @DisplayName("is cut off at once if it takes no bytes")
  void stalled() {
    FakeExchange alice = open("alice");
    alice.takeNoMoreThan(0);
    stream.send("stuck");
    stream.settle();

    stream.source.changed(AccessChanged.ended("alice"));
    stream.pass(ManualStream.TICK.multipliedBy(2));

    assertThat(alice.isCompleted()).isTrue();
    assertThat(ends).containsExactly(DisconnectReason.REVOKED);
  }

  @Test
  @DisplayName("is closed with the session that the stream was opened with")
  void session() {
    FakeSession session = new FakeSession();
    FakeExchange alice = open(session);
    FakeExchange bob = open("bob");

    session.end();
    stream.send("after");
    stream.settle();

    assertThat(alice.text()).doesNotContain("after");
    assertThat(alice.isCompleted()).isTrue();
    assertThat(bob.news()).contains("data: after");
  }

  @Test
  @DisplayName("goes on if another stream of a new session is remembered at the same time")
  void sessionOfTwo() {
    FakeSession session = new FakeSession();
    FakeExchange first = open(session);
    session.forgetOnce(); // as the second one's thread has seen it before the first one's wrote
    FakeExchange second = open(session);

    stream.send("for both");
    stream.settle();
    assertThat(first.text()).contains("data: for both");
    assertThat(second.text()).contains("data: for both");

    session.end();
    stream.settle();
    assertThat(first.isCompleted()).isTrue();
    assertThat(second.isCompleted()).isTrue();
  }

  private FakeExchange open(FakeSession session) {
    FakeExchange exchange = new FakeExchange(stream.container);
    exchange.session = session.stub;
    stream.begin(anonymous(null), exchange);
    return exchange;
  }

  @Test
  @DisplayName("never began if the session ended while the request was let in")
  void sessionThatHasEnded() {
    FakeExchange alice = new FakeExchange(stream.container);
    alice.session =
        Stub.of(HttpSession.class)
            .on(
                "getAttribute",
                arguments -> {
                  throw new IllegalStateException("invalidated");
                })
            .build();

    stream.send("before");
    stream.begin(anonymous(null), alice);
    stream.settle();

    assertThat(alice.isCompleted()).isTrue();
    assertThat(ends).containsExactly(DisconnectReason.REVOKED);
  }

  private FakeExchange open(String name) {
    return open(visitor(name));
  }

  private FakeExchange open(Visitor visitor) {
    FakeExchange exchange = stream.begin(visitor, new FakeExchange(stream.container));
    stream.settle();
    exchange.news();
    return exchange;
  }

  private Visitor visitor(String name, String... channels) {
    return new Visitor(
        null,
        new Interest(Set.of(channels)),
        () -> name,
        login,
        "192.0.2.1",
        Set.of("trader"),
        Map.of());
  }

  private static Visitor anonymous(Principal principal) {
    return new Visitor(null, Interest.EVERYTHING, principal, null, "192.0.2.1", Set.of(), Map.of());
  }

  /** A session that is used as two threads may use it. */
  private static final class FakeSession {

    private final Map<String, Object> attributes = new HashMap<>();
    private final Map<String, Object> ofApplication = new HashMap<>();
    private final ServletContext application =
        Stub.of(ServletContext.class)
            .on("getAttribute", arguments -> ofApplication.get((String) arguments[0]))
            .on("setAttribute", arguments -> ofApplication.put((String) arguments[0], arguments[1]))
            .build();
    private final HttpSession stub =
        Stub.of(HttpSession.class)
            .on("getServletContext", arguments -> application)
            .on("getAttribute", arguments -> get((String) arguments[0]))
            .on("setAttribute", arguments -> set((String) arguments[0], arguments[1]))
            .build();
    private boolean forgetful;

    private Object get(String name) {
      boolean nothing = forgetful;
      forgetful = false;
      return nothing ? null : attributes.get(name);
    }

    private Object set(String name, Object value) {
      Object before = attributes.put(name, value);
      if (before != null) {
        unbind(name, before);
      }
      return null;
    }

    private void unbind(String name, Object value) {
      ((HttpSessionBindingListener) value)
          .valueUnbound(new HttpSessionBindingEvent(stub, name, value));
    }

    private void forgetOnce() {
      forgetful = true;
    }

    private void end() {
      Map<String, Object> bound = Map.copyOf(attributes);
      attributes.clear();
      bound.forEach(this::unbind);
    }
  }

  private static final class FakeLogin implements Login {

    private boolean holding = true;
    private boolean undecided;
    private boolean broken;
    private Instant end;
    private int asked;

    @Override
    public boolean holds() {
      if (broken) {
        throw new NoClassDefFoundError("org/example/Driver");
      }
      asked++;
      if (undecided) {
        throw new UndecidedLoginException("away");
      }
      return holding;
    }

    @Override
    public Optional<Instant> expiresAt() {
      return Optional.ofNullable(end);
    }
  }
}
