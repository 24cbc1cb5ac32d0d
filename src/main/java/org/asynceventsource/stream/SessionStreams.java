package org.asynceventsource.stream;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.Serializable;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The streams that were opened with a session, which end with it. An attribute of the session, so
 * that the container tells of its end, whatever becomes of its id.
 *
 * <p>Safe for use by several threads. A copy of the session, in another process or from a disk, has
 * no streams.
 */
final class SessionStreams implements HttpSessionBindingListener, Serializable {

  private static final long serialVersionUID = 1L;
  private static final String ATTRIBUTE = SessionStreams.class.getName();

  @SuppressWarnings("serial") // null in a copy
  private transient @Nullable Set<StreamClient> clients = new HashSet<>(); // guarded by this

  /** The session's id as its browser sends it: some containers tell another one. */
  private transient @Nullable String id; // guarded by this

  private transient boolean over; // guarded by this

  /** Remembers a client for the session of its request, if that has one; makes none. */
  static void add(HttpServletRequest request, StreamClient client) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      return;
    }
    try {
      if (!of(session).add(client, request.getRequestedSessionId())) {
        client.revoke(); // the session has ended since the request was let in
      }
    } catch (IllegalStateException ended) {
      client.revoke();
    }
  }

  private static SessionStreams of(HttpSession session) {
    Optional<SessionStreams> known = find(session);
    if (known.isPresent()) {
      return known.get();
    }
    session.setAttribute(ATTRIBUTE, new SessionStreams()); // listeners run here: under no lock
    return find(session).orElseThrow(() -> new IllegalStateException("the session has ended"));
  }

  private static Optional<SessionStreams> find(HttpSession session) {
    return Optional.ofNullable(session.getAttribute(ATTRIBUTE))
        .filter(SessionStreams.class::isInstance)
        .map(SessionStreams.class::cast);
  }

  /** Remembers a client; answers whether the session has not ended yet. */
  private synchronized boolean add(StreamClient client, @Nullable String requestedId) {
    if (over) {
      return false;
    }
    id = requestedId;
    Set<StreamClient> open = clients == null ? new HashSet<>() : clients;
    open.removeIf(StreamClient::isReleased); // so there are never many more than are open
    open.add(client);
    clients = open;
    return true;
  }

  private synchronized Set<StreamClient> takeAll() {
    over = true;
    Set<StreamClient> taken = clients == null ? Set.of() : clients;
    clients = null;
    return taken;
  }

  /** Ends the streams; unless another stream of the session has put others in this one's place. */
  @Override
  public void valueUnbound(HttpSessionBindingEvent event) {
    Optional<SessionStreams> successor = successor(event.getSession());
    String ended = lastId();
    if (ended != null && successor.isEmpty()) { // first: a client may come back as soon as it ends
      EndedSessions.of(event.getSession().getServletContext()).add(ended);
    }
    for (StreamClient client : takeAll()) {
      if (successor.isEmpty() || !successor.get().add(client, ended)) {
        client.revoke();
      }
    }
  }

  private synchronized @Nullable String lastId() {
    return id;
  }

  private Optional<SessionStreams> successor(HttpSession session) {
    try {
      return find(session).filter(other -> other != this);
    } catch (IllegalStateException ended) {
      return Optional.empty();
    }
  }
}
