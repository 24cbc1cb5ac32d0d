package org.asynceventsource.stream;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** What has to be done differently in Open Liberty, because the Servlet API can't tell. */
final class Liberty {

  private static final String NAME = "Liberty";
  private static final String CHANNEL = "_httpOut";
  private static final String WRITE = "writeToBuffers";
  private static final String FLUSH = "flushAsyncBuffers";
  private static final String CONNECTION = "isc";
  private static final String ABORT = "abort";
  private static final MethodType WRITING =
      MethodType.methodType(void.class, Object.class, byte[].class, int.class, int.class);
  private static final MethodType FLUSHING = MethodType.methodType(void.class, Object.class);

  /** Of the class that was met last; there is hardly ever another. */
  private static volatile @Nullable Writing writing;

  private Liberty() {}

  /** Whether an application runs there. */
  static boolean runs(ServletContext context) {
    return context.getServerInfo().contains(NAME);
  }

  /**
   * Puts on the wire what a flush was to put there.
   *
   * <p>Liberty takes the first flush of a response for the one that many servlets end with, says
   * that the response is committed, and sends nothing, so that it can still add a length (26.0.0.3,
   * {@code HttpOutputStreamImpl.ignoreFlush}). A client would see no header before the first event.
   */
  static void flushAgain(ServletContext context, ServletResponse response) throws IOException {
    if (runs(context)) {
      response.flushBuffer();
    }
  }

  /**
   * A response's output that doesn't block; the output itself anywhere else.
   *
   * <p>With a write listener, too, Liberty's {@code write} waits for the client: the methods that
   * don't, {@code writeToBuffers} and {@code flushAsyncBuffers} of {@code HttpOutputStreamEE7}, are
   * private, and what calls them calls those of its superclass instead, which have the same names
   * (26.0.0.3). One client that stops reading would stop all that its fan-out thread looks after.
   * All the rest is there: {@code isReady()}, the call when the client takes more, the errors. Not
   * on HTTP/2, where these methods spoil what other streams of the connection are writing: there,
   * as in Tomcat, only other clients on HTTP/2 wait, and no longer than a {@link WriteWatch} lets
   * them.
   */
  static ServletOutputStream writeThrough(
      HttpServletRequest request, ServletOutputStream out, WriteWatch watch) {
    if (!runs(request.getServletContext())) {
      return out;
    }
    if (Tomcat.mayBlock(request)) {
      return new WatchedOutput(out, watch);
    }
    Writing known = writing;
    if (known == null || known.type != out.getClass()) {
      known = new Writing(out.getClass(), Channel.of(out.getClass()));
      writing = known;
    }
    return known.channel == null ? out : new WriteThrough(out, known.channel);
  }

  /**
   * Breaks the connection of a response that its client doesn't take, and frees what it holds.
   *
   * <p>Liberty, too, would free it only when its {@code writeTimeout} is over, 60 s, whatever else
   * ends such a response.
   *
   * @return whether it could be done
   */
  static boolean abort(ServletResponse response) {
    Writing known = writing;
    if (known == null || known.channel == null) {
      return false;
    }
    ServletResponse own = response;
    while (own instanceof ServletResponseWrapper wrapper) {
      own = wrapper.getResponse();
    }
    try {
      ServletOutputStream out = own.getOutputStream();
      return out.getClass() == known.type && known.channel.abort(out);
    } catch (IOException | RuntimeException e) {
      Log.LOGGER.log(Level.DEBUG, "there is nothing left to abort", e);
      return false;
    }
  }

  /** How outputs of a class are written to; {@code null} if they can't be. */
  private record Writing(Class<?> type, @Nullable Channel channel) {}

  /** What is behind an output, the two methods that it doesn't get at, and its connection. */
  private record Channel(Field field, MethodHandle write, MethodHandle flush, Field connection) {

    static @Nullable Channel of(Class<?> type) {
      try {
        Field field = type.getDeclaredField(CHANNEL);
        field.setAccessible(true);
        Class<?> target = field.getType();
        MethodHandle write = method(target, WRITE, byte[].class, int.class, int.class);
        MethodHandle flush = method(target, FLUSH);
        Field connection = target.getSuperclass().getDeclaredField(CONNECTION);
        connection.setAccessible(true);
        return new Channel(field, write.asType(WRITING), flush.asType(FLUSHING), connection);
      } catch (ReflectiveOperationException | RuntimeException e) {
        Log.WARN.warn(
            "Liberty",
            "this Open Liberty lets nobody write without waiting for the client; others wait then",
            e);
        return null;
      }
    }

    private static MethodHandle method(Class<?> target, String name, Class<?>... parameters)
        throws ReflectiveOperationException {
      Method method = target.getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return MethodHandles.lookup().unreflect(method);
    }

    Object of(ServletOutputStream out) {
      try {
        return field.get(out);
      } catch (IllegalAccessException e) {
        throw new AssertionError(e); // it has been made accessible
      }
    }

    boolean abort(ServletOutputStream out) {
      try {
        Object connected = connection.get(of(out));
        connected.getClass().getMethod(ABORT).invoke(connected);
        return true;
      } catch (ReflectiveOperationException e) {
        Log.LOGGER.log(Level.DEBUG, "this Open Liberty lets no connection be broken", e);
        return false;
      }
    }
  }

  private static final class WriteThrough extends ServletOutputStream {

    private final ServletOutputStream out;
    private final Channel channel;
    private final Object target;
    private boolean listening;
    private volatile @Nullable Throwable failure;

    WriteThrough(ServletOutputStream out, Channel channel) {
      this.out = out;
      this.channel = channel;
      this.target = channel.of(out);
    }

    @Override
    public boolean isReady() {
      Throwable reported = failure;
      if (reported != null) {
        throw new Connection.ReportedException(reported);
      }
      return out.isReady();
    }

    /**
     * Liberty reports an error under the lock that a write takes behind the fence, and the error is
     * dealt with behind the fence: so that is left to the thread that writes.
     */
    @Override
    public void setWriteListener(WriteListener listener) {
      listening = true;
      out.setWriteListener(
          new WriteListener() {
            @Override
            public void onWritePossible() throws IOException {
              listener.onWritePossible();
            }

            @Override
            public void onError(Throwable reported) {
              failure = reported;
              possible(listener);
            }
          });
    }

    private static void possible(WriteListener listener) {
      try {
        listener.onWritePossible();
      } catch (IOException e) {
        throw new AssertionError(e); // ours only wakes
      }
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    /** Liberty reports under this lock that the client takes more, so not before this returns. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!listening) {
        out.write(bytes, offset, length);
        return;
      }
      synchronized (target) {
        call(
            () -> {
              channel.write.invokeExact(target, bytes, offset, length);
            });
      }
    }

    @Override
    public void flush() throws IOException {
      if (!listening) {
        out.flush();
        return;
      }
      synchronized (target) {
        call(
            () -> {
              channel.flush.invokeExact(target);
            });
      }
    }

    private static void call(Call call) throws IOException {
      try {
        call.run();
      } catch (IOException | RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e); // they declare no other
      }
    }
  }

  @FunctionalInterface
  private interface Call {

    void run() throws Throwable;
  }
}
