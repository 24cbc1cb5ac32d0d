package org.asynceventsource.stream;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done differently where Catalina stands on Grizzly, in GlassFish and Payara,
 * because the Servlet API can't tell.
 */
final class Grizzly {

  private static final String NAME = "org.glassfish.grizzly.";
  private static final String STREAM = "Http2Stream";

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
    call(connection(coyote), "terminateSilently");
  }

  /**
   * An output that fails when the client has cancelled its stream of HTTP/2; the output itself
   * anywhere else. Grizzly's takes whatever is written then, and says nothing (GlassFish 8.0.0).
   */
  static ServletOutputStream heedCancel(ServletResponse response, ServletOutputStream out) {
    try {
      Object coyote = coyote(response);
      return coyote == null ? out : heedCancel(coyote, out);
    } catch (ReflectiveOperationException | RuntimeException e) {
      Log.WARN.warn(
          "Grizzly HTTP/2", "this Grizzly doesn't tell of streams of HTTP/2 that are cancelled", e);
      return out;
    }
  }

  /** Does so for what stands behind a response. */
  static ServletOutputStream heedCancel(Object coyote, ServletOutputStream out)
      throws ReflectiveOperationException {
    Object stream = stream(coyote);
    return stream == null ? out : new StreamOutput(out, stream);
  }

  /** The stream of HTTP/2 behind a response, or {@code null} if it is one of HTTP/1. */
  private static @Nullable Object stream(Object coyote) throws ReflectiveOperationException {
    Object packet = call(call(coyote, "getRequest"), "getRequest");
    Object context = call(call(packet, "getProcessingState"), "getHttpContext");
    Object stream = call(context, "getCloseable"); // or the connection
    return stream.getClass().getSimpleName().equals(STREAM) ? stream : null;
  }

  private static final class StreamOutput extends ForwardedOutput {

    private final Object stream;
    private final Field closed;

    StreamOutput(ServletOutputStream out, Object stream) throws ReflectiveOperationException {
      super(out);
      this.stream = stream;
      this.closed = stream.getClass().getDeclaredField("closeReason");
      closed.setAccessible(true);
    }

    @Override
    public boolean isReady() {
      if (isClosed()) {
        throw new Connection.ReportedException(new IOException("cancelled by the client"));
      }
      return super.isReady();
    }

    private boolean isClosed() {
      try {
        return closed.get(stream) != null;
      } catch (IllegalAccessException e) {
        throw new AssertionError(e); // it has been made accessible
      }
    }
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
    return call(call(call(coyote, "getRequest"), "getContext"), "getConnection");
  }

  /** By a public method, of a class that may not be. */
  private static Object call(Object of, String name) throws ReflectiveOperationException {
    Method method = of.getClass().getMethod(name);
    method.setAccessible(true);
    return method.invoke(of);
  }
}
