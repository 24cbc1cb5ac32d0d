package org.asynceventsource.stream;

import jakarta.servlet.ServletResponse;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done differently where Catalina stands on Grizzly, in GlassFish and Payara,
 * because the Servlet API can't tell.
 */
final class Grizzly {

  private static final String NAME = "org.glassfish.grizzly.";

  /** What may wait for one client beside what the system takes; more than one write of ours. */
  static final int QUEUE = 128 * 1024;

  private Grizzly() {}

  /**
   * Lets less wait in memory for a client that doesn't read: Grizzly would take four times what the
   * system does, 8 MB for each (GlassFish 8.0.0).
   */
  static void limit(ServletResponse response) {
    try {
      Object coyote = coyote(response);
      if (coyote != null) {
        limit(coyote);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      Log.LOGGER.log(Level.DEBUG, "this Grizzly lets nobody limit what waits for a client", e);
    }
  }

  /** Does so for what stands behind a response. */
  static void limit(Object coyote) throws ReflectiveOperationException {
    Object connection = connection(coyote);
    connection
        .getClass()
        .getMethod("setMaxAsyncWriteQueueSize", int.class)
        .invoke(connection, QUEUE);
  }

  /**
   * Breaks the connection of a response that its client doesn't take. Whatever else ends such a
   * response, Grizzly keeps it, its descriptor and all that waits, for as long as the client likes.
   *
   * @return whether it could be done
   */
  static boolean abort(ServletResponse response) {
    try {
      Object coyote = coyote(response);
      if (coyote == null) {
        return false;
      }
      abort(coyote);
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      Log.WARN.warn("Grizzly", "this Grizzly lets no connection be broken, and keeps it", e);
      return false;
    }
  }

  /** Does so for what stands behind a response. */
  static void abort(Object coyote) throws ReflectiveOperationException {
    Object connection = connection(coyote);
    connection.getClass().getMethod("terminateSilently").invoke(connection);
  }

  private static @Nullable Object coyote(ServletResponse response)
      throws ReflectiveOperationException {
    Object coyote = Catalina.coyote(response);
    return coyote == null || !isGrizzlys(coyote.getClass()) ? null : coyote;
  }

  /** Payara and GlassFish have made subclasses of their own. */
  static boolean isGrizzlys(Class<?> type) {
    Class<?> parent = type.getSuperclass();
    return type.getName().startsWith(NAME) || (parent != null && isGrizzlys(parent));
  }

  private static Object connection(Object coyote) throws ReflectiveOperationException {
    Object request = coyote.getClass().getMethod("getRequest").invoke(coyote);
    Object context = request.getClass().getMethod("getContext").invoke(request);
    return context.getClass().getMethod("getConnection").invoke(context);
  }
}
