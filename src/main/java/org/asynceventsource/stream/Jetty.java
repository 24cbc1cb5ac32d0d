package org.asynceventsource.stream;

import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done differently in Jetty: every write passes the response's buffer by.
 *
 * <p>Jetty would take that buffer, 32 KB of direct memory, from a pool at the first write and keep
 * it for as long as the stream is open; and the pool looks through all that are taken for a free
 * one, so that a connect got dearer with every client there was. A {@code write(ByteBuffer)}, which
 * the Servlet API has from 6.1 on and Jetty always had, goes to the connection directly.
 */
final class Jetty {

  private static final String NAME = "org.eclipse.jetty.";
  private static final MethodType WRITE = MethodType.methodType(void.class, ByteBuffer.class);
  private static final MethodType TO_ANY = WRITE.insertParameterTypes(0, ServletOutputStream.class);

  /** Of the class that was met last; there is hardly ever another. */
  private static volatile @Nullable Writing writing;

  private Jetty() {}

  /** A response's output, past its buffer; the output itself if somebody has wrapped it. */
  static ServletOutputStream writeThrough(ServletOutputStream out) {
    if (!out.getClass().getName().startsWith(NAME)) {
      return out;
    }
    Writing known = writing;
    if (known == null || known.type != out.getClass()) {
      known = Writing.of(out.getClass());
      writing = known;
    }
    return known.write == null ? out : new WriteThrough(out, known.write);
  }

  /** Whether what is written to an output is on its way at once, headers included. */
  static boolean isWrittenThrough(ServletOutputStream out) {
    return out instanceof WriteThrough;
  }

  /** How outputs of a class are written to; without a method if they can't be. */
  private record Writing(Class<?> type, @Nullable MethodHandle write) {

    static Writing of(Class<?> type) {
      try {
        MethodHandle write = MethodHandles.publicLookup().findVirtual(type, "write", WRITE);
        return new Writing(type, write.asType(TO_ANY));
      } catch (ReflectiveOperationException e) {
        Log.LOGGER.log(Level.DEBUG, "this Jetty takes no ByteBuffer", e);
        return new Writing(type, null);
      }
    }
  }

  private static final class WriteThrough extends ForwardedOutput {

    private final MethodHandle write;

    WriteThrough(ServletOutputStream out, MethodHandle write) {
      super(out);
      this.write = write;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        write.invokeExact(out, ByteBuffer.wrap(bytes, offset, length));
      } catch (IOException | RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e); // it declares no other
      }
    }

    /** Nothing is ever left to be flushed. */
    @Override
    public void flush() {}
  }
}
