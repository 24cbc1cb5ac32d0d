package org.asynceventsource.security;

import java.io.UTFDataFormatException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.Ticket;

/**
 * Issues tickets for the query of a URL, and takes each once: signed, short-lived, and bound to a
 * user, an event source and channels.
 *
 * <p>A URL gets about, in logs and in the browser's history; hence all of that. A ticket is good in
 * the process that issued it, as long as that lives. Nothing is stored for tickets that are issued,
 * nor for texts that aren't any; of those that were used there is the number, until their time is
 * over. Safe for use by several threads.
 */
public final class Tickets {

  /** How many used tickets are remembered; none is forgotten before its time is over. */
  static final int USED = 100_000;

  private final Duration lifetime;
  private final LongSupplier clock;
  private final int most;
  private final ProcessSecret secret = new ProcessSecret(new SecureRandom());
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Long> used = new LinkedHashMap<>(); // number to end, guarded by itself

  Tickets(Duration lifetime, LongSupplier clock, int most) {
    this.lifetime = lifetime;
    this.clock = clock;
    this.most = most;
  }

  /**
   * An office for tickets.
   *
   * @param lifetime how long each can be used; zero if there are to be none
   * @return the office
   */
  public static Tickets lasting(Duration lifetime) {
    return new Tickets(lifetime, System::nanoTime, USED);
  }

  /**
   * Whether there are tickets at all.
   *
   * @return whether they live for longer than no time
   */
  public boolean areIssued() {
    return !lifetime.isZero();
  }

  /**
   * Issues a ticket.
   *
   * @param ticket what it is for, with the event source's path
   * @return letters, digits, '-' and '_', at most 4,096
   * @throws EventSourceException if there are no tickets, or it would be longer
   */
  public String issue(Ticket ticket) {
    if (!areIssued()) {
      throw new EventSourceException(
          "no tickets are issued; set 'eventsource.tickets' to the time for which each can be used, such as 30s");
    }
    long end = clock.getAsLong() + lifetime.toNanos();
    try {
      return new SignedTicket(numbers.getAndIncrement(), end, ticket).text(secret);
    } catch (UTFDataFormatException e) {
      throw new EventSourceException(
          "a ticket would have more than %d characters; give it shorter names, fewer roles or channels"
              .formatted(SignedTicket.LONGEST),
          e);
    }
  }

  /**
   * Takes a ticket; what is refused for another reason than having been used isn't used up.
   *
   * @param text what the client sent
   * @param path the event source that it is to be for
   * @param channels the channels that are asked for; empty for everything
   */
  Ticket take(String text, String path, Set<String> channels) throws RefusedTicketException {
    SignedTicket signed =
        SignedTicket.parse(text, secret)
            .orElseThrow(
                () ->
                    new RefusedTicketException(
                        "the ticket isn't one that this server has issued since it started; get another one"));
    Ticket ticket = signed.ticket();
    if (!ticket.path().equals(path)) {
      throw new RefusedTicketException("the ticket is for another event source; get another one");
    }
    if (!covers(ticket, channels)) {
      throw new RefusedTicketException(
          "the ticket is for certain channels; name some of those, and no others, as the parameter 'channel'");
    }
    use(signed);
    return ticket;
  }

  /** Whether a ticket is for all that is asked for; no channels ask for everything. */
  static boolean covers(Ticket ticket, Set<String> channels) {
    return ticket.channels().isEmpty()
        || (!channels.isEmpty() && ticket.channels().containsAll(channels));
  }

  private void use(SignedTicket ticket) throws RefusedTicketException {
    synchronized (used) {
      long now = clock.getAsLong();
      if (ticket.end() - now <= 0) {
        throw new RefusedTicketException("the ticket has expired; get another one");
      }
      forgetEnded(now);
      if (used.containsKey(ticket.number())) {
        throw new RefusedTicketException(
            "the ticket has been used; get another one for each stream");
      }
      if (used.size() >= most) {
        throw new RefusedTicketException("too many tickets were used lately; come back later");
      }
      used.put(ticket.number(), ticket.end());
    }
  }

  /** In order of use; one that ends early may wait for one that ends later, but not for long. */
  private void forgetEnded(long now) {
    Iterator<Long> ends = used.values().iterator();
    while (ends.hasNext() && ends.next() - now <= 0) {
      ends.remove();
    }
  }

  /** How many used tickets are remembered. */
  int size() {
    synchronized (used) {
      return used.size();
    }
  }
}
