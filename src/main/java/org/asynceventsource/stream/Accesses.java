package org.asynceventsource.stream;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.LongSupplier;
import org.asynceventsource.Access;
import org.asynceventsource.AccessChanged;
import org.asynceventsource.spi.Login;
import org.asynceventsource.spi.UndecidedLoginException;
import org.asynceventsource.spi.UnspokenFailure;
import org.jspecify.annotations.Nullable;

/**
 * Who may go on reading an event source: asks the login that a stream was opened with and the rules
 * of the application, on the callbacks' threads, and closes the streams of those who may not.
 */
final class Accesses {

  /** Longer than a request takes from its login to its stream. */
  private static final long RECENT_NANOS = 10_000_000_000L;

  private final StreamEventSource source;
  private final Gate gate;
  private final Callbacks callbacks;
  private final LongSupplier clock;
  private volatile long lastChange;

  Accesses(StreamEventSource source, Gate gate, Callbacks callbacks, LongSupplier clock) {
    this.source = source;
    this.gate = gate;
    this.callbacks = callbacks;
    this.clock = clock;
    this.lastChange = clock.getAsLong() - RECENT_NANOS;
  }

  /** What is to be asked about a visitor again; null if there is nobody to ask. */
  @Nullable Standing standing(Visitor visitor, long now) {
    return visitor.login() == null && !gate.hasRules()
        ? null
        : new Standing(source.options().recheck(), now);
  }

  /** Somebody's access has changed: looks at all clients that this concerns. */
  void changed(AccessChanged change, Iterable<StreamClient> clients) {
    lastChange = clock.getAsLong(); // before looking who is there
    for (StreamClient client : clients) {
      if (concerns(change, client)) {
        look(client, change.over());
      }
    }
  }

  /** A client is known from now on, and may have been let in before a change that missed it. */
  void opened(StreamClient client, HttpServletRequest request) {
    if (clock.getAsLong() - lastChange < RECENT_NANOS) {
      ask(client, true);
    }
    SessionStreams.add(request, client);
  }

  private static boolean concerns(AccessChanged change, StreamClient client) {
    return change
        .user()
        .map(user -> client.principal().filter(who -> user.equals(who.getName())).isPresent())
        .orElse(true);
  }

  private void look(StreamClient client, boolean over) {
    if (over) {
      end(client.visitor().login()); // first: the client comes back as soon as it is closed
      client.revoke();
    } else if (client.standing() == null && client.principal().isPresent()) {
      client.revoke();
    } else {
      ask(client, true);
    }
  }

  private static void end(@Nullable Login login) {
    try {
      if (login != null) {
        login.end();
      }
    } catch (RuntimeException failure) {
      Log.WARN.warn(
          "end of login " + failure.getClass().getName(),
          "a login could not be told that it has ended; its stream is closed all the same",
          UnspokenFailure.of(failure));
    }
  }

  void ask(StreamClient client, boolean holds) {
    Standing standing = client.standing();
    if (standing != null && standing.ask(holds, client.fanOut().time())) {
      if (!callbacks.question(() -> answer(client, standing))) {
        client.revoke();
      }
    }
  }

  private void answer(StreamClient client, Standing standing) {
    int question = standing.begin(client.fanOut().time());
    if (!client.connected()) {
      return;
    }
    Verdict verdict = verdict(client.visitor());
    long now = client.fanOut().time();
    if (verdict == Verdict.YES) {
      standing.granted(question, now);
      client.wake();
    } else if (verdict == Verdict.UNDECIDED && standing.undecided(question, now)) {
      client.wake();
    } else {
      client.revoke();
    }
  }

  private enum Verdict {
    YES,
    NO,
    UNDECIDED
  }

  private Verdict verdict(Visitor visitor) {
    try {
      Login login = visitor.login();
      return (login == null || login.holds()) && source.access(visitor) == Access.GRANTED
          ? Verdict.YES
          : Verdict.NO;
    } catch (UndecidedLoginException away) {
      Log.WARN.warn(
          "undecided login",
          "whether logins still hold can't be told at present, since a store of users is away; their"
              + " streams go on, but for those whose access is said to have changed");
      return Verdict.UNDECIDED;
    } catch (RuntimeException failure) {
      Log.WARN.warn(
          "login " + failure.getClass().getName(),
          "a login could not be asked whether it holds; such streams are closed",
          UnspokenFailure.of(failure));
      return Verdict.NO;
    }
  }
}
