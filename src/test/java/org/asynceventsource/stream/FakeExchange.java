package org.asynceventsource.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.asynceventsource.test.Stub;

/**
 * One request and its response, in a container and with a client that a test plays.
 *
 * <p>As strict as the strictest container: {@code isReady()} must have answered true before each
 * write and each flush, and nothing may be touched after the end; whoever does otherwise gets an
 * exception, and {@link #violations()} tells. Safe for use by several threads.
 */
class FakeExchange {

  /** How a container tells of a failed write; measured. */
  enum Failure {
    /** An exception, and later {@link AsyncListener#onError} on a thread of the container. */
    TOMCAT,
    /** No exception; later {@link WriteListener#onError} on a thread of the container. */
    JETTY,
    /** {@link AsyncListener#onError} inside the write, then an exception. */
    UNDERTOW,
    /** An exception and nothing more. */
    NEVER_REPORTED
  }

  private static final int UNLIMITED = Integer.MAX_VALUE;

  private final Executor container;
  private final FakeOutput out = new FakeOutput();
  private final AsyncContext async =
      Stub.of(AsyncContext.class)
          .on("getTimeout", arguments -> 30_000L)
          .on("setTimeout", arguments -> log("setTimeout " + arguments[0]))
          .on("addListener", arguments -> asyncListener = (AsyncListener) arguments[0])
          .on("complete", arguments -> complete())
          .on("dispatch", arguments -> dispatch((String) arguments[0]))
          .on("getRequest", arguments -> request())
          .on("getResponse", arguments -> response()) // an AsyncEvent copies both
          .build();
  private final IOException reset = new IOException("connection reset");
  private final Map<String, String> headers = new ConcurrentHashMap<>();
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  HttpSession session; // none unless the test gives one
  private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Object> attributes = new ConcurrentHashMap<>();
  private volatile int status;
  private volatile AsyncListener asyncListener;
  private volatile WriteListener writeListener;
  private volatile boolean completed;

  // Guarded by this.
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private int window = UNLIMITED;
  private boolean permitted;
  private boolean owed;
  private int taken;
  private boolean broken;
  private Throwable nextThrown;
  private Failure cutFailure;
  private int cutAt;

  FakeExchange(Executor container) {
    this.container = container;
  }

  AsyncContext async() {
    return async;
  }

  ServletOutputStream out() {
    return out;
  }

  HttpServletRequest request() {
    return Stub.of(HttpServletRequest.class)
        .on("startAsync", arguments -> startAsync())
        .on("getSession", arguments -> session)
        .on("getRequestedSessionId", arguments -> session == null ? null : "one")
        .on("getRemoteAddr", arguments -> "192.0.2.1")
        .on("getContextPath", arguments -> "")
        .on("getProtocol", arguments -> "HTTP/1.1")
        .on("getScheme", arguments -> "http")
        .on("getHeader", arguments -> null)
        .on("getServletContext", arguments -> ManualStream.context())
        .on("getAttribute", arguments -> attributes.get((String) arguments[0]))
        .on("setAttribute", arguments -> attributes.put((String) arguments[0], arguments[1]))
        .build();
  }

  private AsyncContext startAsync() {
    log("startAsync");
    return async;
  }

  HttpServletResponse response() {
    return Stub.of(HttpServletResponse.class)
        .on("setStatus", arguments -> status = (int) arguments[0])
        .on("setContentType", arguments -> headers.put("Content-Type", (String) arguments[0]))
        .on("setHeader", arguments -> headers.put((String) arguments[0], (String) arguments[1]))
        .on("addHeader", arguments -> headers.put((String) arguments[0], (String) arguments[1]))
        .on("getHeader", arguments -> headers.get((String) arguments[0]))
        .on("getOutputStream", arguments -> out)
        .on("flushBuffer", arguments -> log("flushBuffer"))
        .build();
  }

  // What the client and the network do.

  /** The client takes no more than so many bytes from now on. */
  synchronized void takeNoMoreThan(int bytes) {
    window = bytes;
  }

  /** The client takes more; the container says so if it was asked. */
  void take(int bytes) {
    synchronized (this) {
      window = (int) Math.min(UNLIMITED, (long) Math.max(0, window) + bytes);
      if (!owed || window <= 0) {
        return;
      }
      owed = false;
    }
    container.execute(this::tellWritable);
  }

  void takeEverything() {
    take(UNLIMITED);
  }

  private void tellWritable() {
    if (!completed) {
      try {
        writeListener.onWritePossible();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** The next write or flush fails. */
  void failNext(Failure failure) {
    failAfter(0, failure);
  }

  /** The connection breaks behind so many bytes from now on. */
  synchronized void failAfter(int bytes, Failure failure) {
    cutAt = bytes;
    cutFailure = failure;
  }

  /** The next write throws something that no container should. */
  synchronized void throwNext(Throwable failure) {
    nextThrown = failure;
  }

  /** The container tells of an error that no write has shown. */
  void reportError(Failure route) {
    switch (route) {
      case TOMCAT, UNDERTOW -> asyncError(reset);
      case JETTY -> writeListener.onError(reset);
      case NEVER_REPORTED -> {
        // nothing is told
      }
    }
  }

  void timeOut() throws IOException {
    asyncListener.onTimeout(new AsyncEvent(async));
  }

  private void asyncError(Throwable failure) {
    try {
      asyncListener.onError(new AsyncEvent(async, failure));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private AsyncContext complete() {
    log("complete");
    end("complete()");
    container.execute(this::tellCompleted);
    return async;
  }

  /** The response is the container's again; no listener hears of its end. */
  private AsyncContext dispatch(String path) {
    log("dispatch " + path);
    end("dispatch()");
    return async;
  }

  private void end(String call) {
    synchronized (this) {
      if (completed) {
        throw violated(call + " after the end");
      }
      completed = true;
    }
    ended();
  }

  private void tellCompleted() {
    if (asyncListener == null) {
      return;
    }
    try {
      asyncListener.onComplete(new AsyncEvent(async));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Learns of the bytes that the client receives, under the exchange's monitor. */
  void received(byte[] bytes, int offset, int length) {
    received.write(bytes, offset, length);
  }

  /** Learns that the server has ended the response, or that the connection is broken. */
  void ended() {}

  // What a test asks.

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  boolean isCompleted() {
    return completed;
  }

  boolean isAsync() {
    return writeListener != null;
  }

  /** Calls in order: {@code write <bytes>}, {@code flush}, {@code isReady}, and so on. */
  List<String> calls() {
    return List.copyOf(calls);
  }

  void forgetCalls() {
    calls.clear();
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  /** All text received so far. */
  synchronized String text() {
    return received.toString(StandardCharsets.UTF_8);
  }

  /** The text received since this was asked last. */
  synchronized String news() {
    String text = text();
    String news = text.substring(taken);
    taken = text.length();
    return news;
  }

  private Object log(String call) {
    calls.add(call);
    return null;
  }

  private IllegalStateException violated(String what) {
    violations.add(what);
    return new IllegalStateException(what);
  }

  private final class FakeOutput extends ServletOutputStream {

    @Override
    public boolean isReady() {
      log("isReady");
      synchronized (FakeExchange.this) {
        if (completed) {
          throw violated("isReady() after the end");
        }
        permitted = window > 0 && !broken;
        owed |= !permitted;
        return permitted;
      }
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      log("setWriteListener");
      writeListener = listener;
      synchronized (FakeExchange.this) {
        if (window <= 0) {
          owed = true;
          return;
        }
      }
      container.execute(FakeExchange.this::tellWritable);
    }

    @Override
    public void write(int b) {
      throw violated("write of a single byte");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      log("write " + length);
      permit("write");
      synchronized (FakeExchange.this) {
        int accepted = cutFailure == null ? length : Math.min(length, cutAt);
        received(bytes, offset, accepted);
        window -= window == UNLIMITED ? 0 : accepted;
        cutAt -= accepted;
        broken = accepted < length;
      }
      mayFail();
    }

    @Override
    public void flush() throws IOException {
      log("flush");
      permit("flush");
      synchronized (FakeExchange.this) {
        broken = cutFailure != null && cutAt <= 0;
      }
      mayFail();
    }

    private void permit(String what) {
      synchronized (FakeExchange.this) {
        if (completed) {
          throw violated(what + "() after the end");
        }
        if (writeListener != null && !permitted) {
          throw violated(what + "() without isReady()");
        }
        permitted = false;
      }
    }

    private void mayFail() throws IOException {
      synchronized (FakeExchange.this) {
        throwScripted();
        if (!broken) {
          return;
        }
      }
      fail(writeListener == null ? Failure.NEVER_REPORTED : cutFailure);
    }

    private void throwScripted() {
      Throwable thrown = nextThrown;
      nextThrown = null;
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof RuntimeException exception) {
        throw exception;
      }
    }

    private void fail(Failure failure) throws IOException {
      IOException brokenPipe = new IOException("broken pipe");
      switch (failure) {
        case TOMCAT -> {
          container.execute(() -> asyncError(brokenPipe));
          throw brokenPipe;
        }
        case JETTY -> container.execute(() -> writeListener.onError(brokenPipe));
        case UNDERTOW -> {
          asyncError(brokenPipe);
          throw brokenPipe;
        }
        case NEVER_REPORTED -> throw brokenPipe;
      }
    }
  }
}
