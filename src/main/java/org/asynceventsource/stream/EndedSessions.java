package org.asynceventsource.stream;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The sessions of one web application that ended while they had streams: whose browsers come back
 * by themselves, and know no better than to log in again with what they remember.
 *
 * <p>Remembers each for an hour, and at most {@value #MOST}, then forgetting whichever ended first.
 * Any thread.
 */
public final class EndedSessions {

  static final int MOST = 10_000;

  private static final String ATTRIBUTE = EndedSessions.class.getName();
  private static final Duration MEMORY = Duration.ofHours(1);

  private final LongSupplier clock;
  private final Map<String, Long> times = new LinkedHashMap<>(); // guarded by itself

  EndedSessions(LongSupplier clock) {
    this.clock = clock;
  }

  static EndedSessions of(ServletContext application) {
    synchronized (EndedSessions.class) {
      if (application.getAttribute(ATTRIBUTE) instanceof EndedSessions known) {
        return known;
      }
      EndedSessions made = new EndedSessions(System::nanoTime);
      application.setAttribute(ATTRIBUTE, made);
      return made;
    }
  }

  void add(String id) {
    synchronized (times) {
      times.remove(id);
      times.put(id, clock.getAsLong());
      if (times.size() > MOST) {
        times.remove(times.keySet().iterator().next());
      }
    }
  }

  /**
   * Whether a request reopens a stream that its session has taken along. A page that is opened
   * afterwards has seen no event yet, or has a session of its own.
   *
   * @param request the request
   * @return whether it is to be told that there is nothing more
   */
  public static boolean areReopenedBy(HttpServletRequest request) {
    String id = request.getRequestedSessionId();
    return id != null
        && request.getHeader(LastEventId.HEADER) != null
        && !request.isRequestedSessionIdValid()
        && of(request.getServletContext()).hasEnded(id);
  }

  private boolean hasEnded(String id) {
    synchronized (times) {
      Long time = times.get(id);
      return time != null && clock.getAsLong() - time < MEMORY.toNanos();
    }
  }
}
