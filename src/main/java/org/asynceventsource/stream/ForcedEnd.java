package org.asynceventsource.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger.Level;

/**
 * The end of a response that its client has stopped reading: a dispatch back to the event source's
 * servlet, and an asynchronous timeout there that nobody answers, so that the container breaks the
 * connection and frees its descriptor; on Tomcat, which might block on that, {@link Tomcat#abort},
 * and on Open Liberty and Grizzly, which wouldn't do it, {@link Liberty#abort} and {@link
 * Grizzly#abort}.
 *
 * <p>The Servlet API has no abort, and {@code complete()} calls {@code onComplete} at once but
 * waits for a pending write. Measured with a client that stopped reading, 2 to 2.8 MB on their way
 * to it, until the descriptor was free:
 *
 * <pre>
 *                               Jetty 12.1.12   Tomcat 10.1.59, 11.0.2x         Undertow 2.3.23
 * nothing is done               30 s, idle      connectionTimeout (20 s, 60 s)  never
 * complete()                    9 ms            connectionTimeout (20 s, 60 s)  never, nor by WRITE_TIMEOUT
 * dispatch, then return         5 ms            connectionTimeout               never
 * dispatch, then throw          30 ms           20 ms, logged as SEVERE         never
 * dispatch, timeout             30 ms           0.2 to 1 s, or blocks a thread  0.05 s, logged as ERROR
 *                                               until connectionTimeout
 * dispatch, Tomcat.abort                        20 ms
 * </pre>
 *
 * <p>Undertow logs that it can't close the stream of a connection that it has broken. Closing the
 * stream first avoids that, but resumes its writes, and where that falls into the dispatch Undertow
 * throws (UT000146, 1 in 100); on Jetty 1 in 100 such responses then stayed for 30 s.
 *
 * <p>{@code setTimeout} on a context that the container has got back, a write that isn't allowed,
 * and {@code sendError} are refused everywhere. What the system's send buffer holds is still
 * delivered when the client reads again; what it lacks, it gets by resuming. On HTTP/2 only the one
 * stream is reset.
 */
public final class ForcedEnd {

  private static final String MARK = ForcedEnd.class.getName();
  private static final long AT_ONCE = 1; // 0 would be for ever

  private final String path;

  /**
   * What ends responses of one servlet.
   *
   * @param path where it answers, below the context
   */
  ForcedEnd(String path) {
    this.path = path;
  }

  /**
   * Gives the response up; from then on it belongs to the container. Falls back to completing.
   *
   * @return whether it was given up; if not, a thread of the container's deals with it just now
   */
  boolean begin(AsyncContext async) {
    try {
      ServletResponse response = async.getResponse();
      if (Liberty.abort(response) || Grizzly.abort(response)) {
        async.complete();
        return true;
      }
      return Tomcat.exclusively(response, () -> dispatch(async));
    } catch (RuntimeException refused) {
      Log.LOGGER.log(Level.DEBUG, "the container dispatches no more", refused);
      complete(async);
      return true;
    }
  }

  /** Ends the response in order, unless the container has ended it already. */
  static void complete(AsyncContext async) {
    try {
      async.complete();
    } catch (RuntimeException containerWasFaster) {
      Log.LOGGER.log(Level.DEBUG, "the container had ended the response", containerWasFaster);
    }
  }

  private void dispatch(AsyncContext async) {
    async.getRequest().setAttribute(MARK, path);
    async.dispatch(path); // not to where the request came from: that may have forwarded it
  }

  /**
   * Brings the end about if the request has been dispatched for that; to be asked before anything
   * else is done with a request.
   *
   * @param request the request
   * @param response its response
   * @return whether that was so, and nothing more is to be done
   */
  public static boolean finish(HttpServletRequest request, ServletResponse response) {
    if (request.getAttribute(MARK) == null) {
      return false;
    }
    if (!Tomcat.abort(response)) {
      request.startAsync().setTimeout(AT_ONCE);
    }
    return true;
  }
}
