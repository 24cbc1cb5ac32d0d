package org.asynceventsource.servlet;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body that arrives when a test says so, read as the Servlet specification has it: the container
 * calls once, and again only after {@code isReady()} was false. Safe for use by several threads.
 */
final class FakeBody extends ServletInputStream {

  private final ByteArrayOutputStream arrived = new ByteArrayOutputStream(); // guarded by this
  private int taken;
  private int readers;
  private boolean ended;
  private boolean owesCall = true; // the first one
  private @Nullable IOException failure;
  private @Nullable ReadListener listener;

  /** Text arrives, and the container calls if it owes that. */
  void arrive(String text) throws IOException {
    boolean call;
    synchronized (this) {
      arrived.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      call = owesCall;
      owesCall = false;
    }
    if (call) {
      listener().onDataAvailable();
    }
  }

  /** The body ends; the container tells so if all of it has been read. */
  void end() throws IOException {
    boolean call;
    synchronized (this) {
      ended = true;
      call = waiting() == 0;
    }
    if (call) {
      listener().onAllDataRead();
    }
  }

  void arriveAndEnd(String text) throws IOException {
    synchronized (this) {
      ended = true;
    }
    arrive(text);
    listener().onAllDataRead();
  }

  /** Reading fails. */
  void fail(IOException why) throws IOException {
    synchronized (this) {
      failure = why;
    }
    arrive("x");
  }

  synchronized int waiting() {
    return arrived.size() - taken;
  }

  synchronized int readers() {
    return readers;
  }

  synchronized ReadListener listener() {
    return Objects.requireNonNull(listener);
  }

  @Override
  public int read() {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (waiting() == 0) {
      throw new IllegalStateException("read without isReady()");
    }
    int count = Math.min(length, waiting());
    System.arraycopy(arrived.toByteArray(), taken, bytes, offset, count);
    taken += count;
    if (taken == arrived.size()) {
      arrived.reset();
      taken = 0;
    }
    return count;
  }

  @Override
  public synchronized boolean isFinished() {
    return ended && waiting() == 0;
  }

  @Override
  public synchronized boolean isReady() {
    if (waiting() == 0) {
      owesCall = true;
      return false;
    }
    return true;
  }

  @Override
  public synchronized void setReadListener(ReadListener reader) {
    readers++;
    listener = reader;
  }
}
