package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.catalina.core.ApplicationContextFacade;
import org.asynceventsource.test.Stub;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("On Grizzly")
class GrizzlyTest {

  private final List<String> calls = new ArrayList<>();

  @Test
  @DisplayName("little more waits for a client than one write")
  void limits() throws ReflectiveOperationException {
    Grizzly.limit(new Response(calls));

    assertThat(calls).containsExactly("at most " + Grizzly.QUEUE);
  }

  @Test
  @DisplayName("a connection is broken without a word")
  void aborts() throws ReflectiveOperationException {
    Grizzly.abort(new Response(calls));

    assertThat(calls).containsExactly("terminated");
  }

  @Test
  @DisplayName("an output fails as soon as the client has cancelled its stream of HTTP/2")
  void heedsCancel() throws Exception {
    ServletOutputStream out = new FakeExchange(Runnable::run).out();
    Http2Stream stream = new Http2Stream();
    ServletOutputStream heeding = Grizzly.heedCancel(new Response(calls, stream), out);

    assertThat(heeding.isReady()).isEqualTo(out.isReady());
    stream.closeReason = "reset";
    assertThatThrownBy(heeding::isReady).isInstanceOf(Connection.ReportedException.class);
  }

  @Test
  @DisplayName("an output of HTTP/1 is used as it is")
  void http1() throws Exception {
    ServletOutputStream out = new FakeExchange(Runnable::run).out();

    assertThat(Grizzly.heedCancel(new Response(calls, new Object()), out)).isSameAs(out);
  }

  @Test
  @DisplayName("the response of any other container is left alone")
  void others() {
    HttpServletResponse other = Stub.of(HttpServletResponse.class).build();
    Grizzly.limit(other);

    assertThat(Grizzly.abort(other)).isFalse();
    assertThat(Grizzly.isGrizzlys(org.apache.coyote.Response.class)).isFalse();
  }

  @Test
  @DisplayName("Catalina isn't taken for Tomcat")
  void isNotTomcat() throws Exception {
    Class<?> tomcats = ApplicationContextFacade.class;

    assertThat(Tomcat.isTomcats(tomcats)).isTrue();
    assertThat(Tomcat.isTomcats(new CatalinaAlone().loadClass(tomcats.getName()))).isFalse();
  }

  /** Has Tomcat's class of a context, but not its connectors. */
  private static final class CatalinaAlone extends ClassLoader {

    CatalinaAlone() {
      super(GrizzlyTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.apache.coyote.")) {
        throw new ClassNotFoundException(name);
      }
      return name.equals(ApplicationContextFacade.class.getName())
          ? define(name)
          : super.loadClass(name, resolve);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  /** What stands behind a response; the methods are named so there. */
  public static final class Response {

    private final List<String> calls;
    private final Object closeable;

    Response(List<String> calls) {
      this(calls, calls);
    }

    Response(List<String> calls, Object closeable) {
      this.calls = calls;
      this.closeable = closeable;
    }

    /** How far it is. */
    public Response getProcessingState() {
      return this;
    }

    /** What it belongs to. */
    public Response getHttpContext() {
      return this;
    }

    /** A stream of HTTP/2, or the connection. */
    public Object getCloseable() {
      return closeable;
    }

    /** Its request. */
    public Response getRequest() {
      return this;
    }

    /** That of the filters it passed. */
    public Response getContext() {
      return this;
    }

    /** The client's. */
    public Response getConnection() {
      return this;
    }

    /** In bytes. */
    public void setMaxAsyncWriteQueueSize(int most) {
      calls.add("at most " + most);
    }

    /** At once. */
    public void terminateSilently() {
      calls.add("terminated");
    }
  }

  /** One of several streams of a connection; class and field are named so there. */
  private static final class Http2Stream {

    @SuppressWarnings("unused") // It is read by reflection.
    private @Nullable Object closeReason;
  }
}
