package org.asynceventsource.stream;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.Serializable;
import java.util.HashSet;
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

  /** Remembers a client for the session of its request, if that has one; makes none. */
  static void add(HttpServletRequest request, StreamClient client) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      return;
    }
    try {
      of(session).add(client);
    } catch (IllegalStateException ended) { // since the request was let in
      client.revoke();
    }
  }

  private static SessionStreams of(HttpSession session) {
    synchronized (SessionStreams.class) {
      if (session.getAttribute(ATTRIBUTE) instanceof SessionStreams known) {
        return known;
      }
      SessionStreams made = new SessionStreams();
      session.setAttribute(ATTRIBUTE, made);
      return made;
    }
  }

  private synchronized void add(StreamClient client) {
    Set<StreamClient> open = clients == null ? new HashSet<>() : clients;
    open.removeIf(StreamClient::isReleased); // so there are never many more than are open
    open.add(client);
    clients = open;
  }

  private synchronized Set<StreamClient> take() {
    Set<StreamClient> taken = clients == null ? Set.of() : clients;
    clients = null;
    return taken;
  }

  @Override
  public void valueUnbound(HttpSessionBindingEvent event) {
    take().forEach(StreamClient::revoke);
  }
}
