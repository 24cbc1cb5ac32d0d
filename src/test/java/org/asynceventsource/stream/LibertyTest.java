package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("In Open Liberty")
class LibertyTest {

  private static final String LIBERTY = "IBM WebSphere Liberty/26.0.0.3";
  private static final String TOMCAT = "Apache Tomcat/11.0.24";

  private final List<String> calls = new ArrayList<>();
  private final FakeChannel channel = new FakeChannel(calls);
  private final FakeOutput out = new FakeOutput(calls, channel);
  private final WriteWatch watch = new WriteWatch();

  private static ServletContext context(String server) {
    return Stub.of(ServletContext.class).on("getServerInfo", arguments -> server).build();
  }

  private static HttpServletRequest request(String server, String protocol) {
    return Stub.of(HttpServletRequest.class)
        .on("getServletContext", arguments -> context(server))
        .on("getProtocol", arguments -> protocol)
        .build();
  }

  private HttpServletResponse response(ServletOutputStream output) {
    return Stub.of(HttpServletResponse.class)
        .on("getOutputStream", arguments -> output)
        .on("flushBuffer", arguments -> calls.add("flushBuffer"))
        .build();
  }

  private WriteListener listener() {
    return Stub.of(WriteListener.class)
        .on("onWritePossible", arguments -> calls.add("possible"))
        .build();
  }

  @Test
  @DisplayName("the first flush, which it ignores, is repeated, and nowhere else")
  void flushesAgain() throws IOException {
    Liberty.flushAgain(context(TOMCAT), response(out));
    assertThat(calls).isEmpty();

    Liberty.flushAgain(context(LIBERTY), response(out));
    assertThat(calls).containsExactly("flushBuffer");
  }

  @Test
  @DisplayName("what is written doesn't wait for the client, as soon as there is a listener")
  void doesNotWait() throws IOException {
    ServletOutputStream through = Liberty.writeThrough(request(LIBERTY, "HTTP/1.1"), out, watch);
    through.write(new byte[3]);
    through.flush();
    through.setWriteListener(listener());
    through.write(new byte[4], 1, 2);
    through.flush();

    assertThat(calls)
        .containsExactly("blocking 3", "blocking flush", "listener", "write 2", "flush");
  }

  @Test
  @DisplayName("on HTTP/2 a write may wait, and is watched")
  void watches() throws IOException {
    ServletOutputStream watched = Liberty.writeThrough(request(LIBERTY, "HTTP/2.0"), out, watch);
    watched.setWriteListener(listener());
    watched.write(new byte[3]);

    assertThat(watched).isInstanceOf(WatchedOutput.class);
    assertThat(calls).containsExactly("listener", "blocking 3");
  }

  @Test
  @DisplayName("a failed write throws what the container does")
  void fails() {
    ServletOutputStream through = Liberty.writeThrough(request(LIBERTY, "HTTP/1.1"), out, watch);
    through.setWriteListener(listener());
    channel.failure = new IOException("reset");

    assertThatThrownBy(() -> through.write(1)).isSameAs(channel.failure);
  }

  /**
   * A writer holds the fence when it asks for that lock; an error is dealt with under the fence.
   */
  @Test
  @DisplayName("an error that is reported under the container's lock is left to the next write")
  void errors() throws IOException {
    ServletOutputStream through = Liberty.writeThrough(request(LIBERTY, "HTTP/1.1"), out, watch);
    through.setWriteListener(listener());
    out.listener.onWritePossible();
    assertThat(through.isReady()).isTrue();

    IOException reset = new IOException("reset");
    out.listener.onError(reset);
    assertThat(calls).containsExactly("listener", "possible", "possible");
    assertThatThrownBy(through::isReady)
        .isInstanceOf(Connection.ReportedException.class)
        .hasCause(reset);
  }

  @Test
  @DisplayName("a connection can be broken, whoever has wrapped the response")
  void aborts() {
    Liberty.writeThrough(request(LIBERTY, "HTTP/1.1"), out, watch);

    assertThat(Liberty.abort(new HttpServletResponseWrapper(response(out)))).isTrue();
    assertThat(calls).containsExactly("abort");
    assertThat(Liberty.abort(response(new FakeExchange(Runnable::run).out()))).isFalse();
  }

  @Test
  @DisplayName(
      "outputs that aren't its own are used as they are, and so is every other container's")
  void others() {
    ServletOutputStream foreign = new FakeExchange(Runnable::run).out();

    assertThat(Liberty.writeThrough(request(LIBERTY, "HTTP/1.1"), foreign, watch))
        .isSameAs(foreign);
    assertThat(Liberty.writeThrough(request(TOMCAT, "HTTP/1.1"), out, watch)).isSameAs(out);
    assertThat(Liberty.abort(response(foreign))).isFalse();
  }

  /** What Open Liberty has behind an output; its methods and fields are named so there. */
  static class FakeConnected {

    protected final Object isc;

    FakeConnected(List<String> calls) {
      isc = new FakeConnection(calls);
    }
  }

  /** A connection that can be broken. */
  public static final class FakeConnection {

    private final List<String> calls;

    FakeConnection(List<String> calls) {
      this.calls = calls;
    }

    /** Breaks it. */
    public void abort() {
      calls.add("abort");
    }
  }

  @SuppressWarnings("unused") // They are called by reflection.
  private static final class FakeChannel extends FakeConnected {

    private final List<String> calls;
    private IOException failure;

    FakeChannel(List<String> calls) {
      super(calls);
      this.calls = calls;
    }

    private void writeToBuffers(byte[] bytes, int offset, int length) throws IOException {
      if (failure != null) {
        throw failure;
      }
      calls.add("write " + length);
    }

    private void flushAsyncBuffers() {
      calls.add("flush");
    }
  }

  private static final class FakeOutput extends ServletOutputStream {

    private final List<String> calls;

    @SuppressWarnings("unused") // It is read by reflection.
    private final FakeChannel _httpOut;

    private WriteListener listener;

    FakeOutput(List<String> calls, FakeChannel channel) {
      this.calls = calls;
      this._httpOut = channel;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      calls.add("listener");
      this.listener = listener;
    }

    @Override
    public void write(int b) {
      throw new AssertionError("one byte at a time");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      calls.add("blocking " + length);
    }

    @Override
    public void flush() {
      calls.add("blocking flush");
    }
  }
}
