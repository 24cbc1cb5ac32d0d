package org.asynceventsource.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.asynceventsource.spi.Login;
import org.jspecify.annotations.Nullable;

/** A request as a container would hand it out; what a test doesn't need fails loudly. */
final class FakeRequest {

  private final String method;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, Object> attributes = new HashMap<>();
  private final List<AsyncListener> listeners = new ArrayList<>();
  private @Nullable Principal principal;
  private String remoteAddress = "192.0.2.1";
  private String scheme = "http";
  private long contentLength = -1;
  private long bytesRead;
  private boolean streamTouched;
  private int completions;
  private boolean asyncSupported = true;
  private InputStream body = InputStream.nullInputStream();

  private FakeRequest(String method) {
    this.method = method;
  }

  static FakeRequest get() {
    return new FakeRequest("GET");
  }

  static FakeRequest post() {
    return new FakeRequest("POST");
  }

  static FakeRequest put() {
    return new FakeRequest("PUT");
  }

  FakeRequest header(String name, String value) {
    headers.computeIfAbsent(name, absent -> new ArrayList<>()).add(value);
    return this;
  }

  FakeRequest attribute(String name, Object value) {
    attributes.put(name, value);
    return this;
  }

  /** Somebody has logged in, by something that can be asked again. */
  FakeRequest by(String user, Login loggedIn) {
    principal = () -> user;
    attributes.put(Login.ATTRIBUTE, loggedIn);
    return this;
  }

  FakeRequest from(String remoteAddress) {
    this.remoteAddress = remoteAddress;
    return this;
  }

  FakeRequest scheme(String scheme) {
    this.scheme = scheme;
    return this;
  }

  FakeRequest body(String contentType, String text) {
    return body(contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  FakeRequest body(String contentType, byte[] bytes) {
    contentLength = bytes.length;
    body = new ByteArrayInputStream(bytes);
    return header("Content-Type", contentType);
  }

  /** A body without Content-Length. */
  FakeRequest chunked(String contentType, InputStream bytes) {
    contentLength = -1;
    body = bytes;
    return header("Content-Type", contentType);
  }

  /** A body that arrives bit by bit. */
  FakeRequest arriving(String contentType, FakeBody bytes) {
    body = bytes;
    return header("Content-Type", contentType);
  }

  /** A request that has passed a filter without support for asynchronous answers. */
  FakeRequest blocking() {
    asyncSupported = false;
    return this;
  }

  long bytesRead() {
    return bytesRead;
  }

  boolean streamTouched() {
    return streamTouched;
  }

  boolean asynchronous() {
    return !listeners.isEmpty();
  }

  int completions() {
    return completions;
  }

  /** The container gives up waiting. */
  void timeOut() throws IOException {
    for (AsyncListener listener : listeners) {
      listener.onTimeout(new AsyncEvent(asyncContext(), null, null));
    }
  }

  /** The client goes away. */
  void fail() throws IOException {
    for (AsyncListener listener : listeners) {
      listener.onError(new AsyncEvent(asyncContext(), null, null, new IOException("reset")));
    }
  }

  HttpServletRequest request() {
    return proxy(
        HttpServletRequest.class,
        (name, arguments) ->
            switch (name) {
              case "getMethod" -> method;
              case "getHeader" -> first((String) arguments[0]);
              case "getHeaders" -> Collections.enumeration(all((String) arguments[0]));
              case "getContentType" -> first("Content-Type");
              case "getContentLengthLong" -> contentLength;
              case "getRemoteAddr" -> remoteAddress;
              case "getScheme" -> scheme;
              case "isSecure" -> scheme.equals("https");
              case "getServerName" -> "localhost";
              case "getServerPort" -> 8080;
              case "getServletPath" -> "/events";
              case "isAsyncSupported" -> asyncSupported;
              case "getAttribute" -> attributes.get((String) arguments[0]);
              case "getUserPrincipal" -> principal;
              case "getInputStream" -> stream();
              case "startAsync" -> asyncContext();
              default -> throw new UnsupportedOperationException(name);
            });
  }

  /** Answers the calls of an interface by the method's name. */
  static <T> T proxy(Class<T> type, Calls calls) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> calls.answer(method.getName(), arguments)));
  }

  /** The answers of a fake. */
  @FunctionalInterface
  interface Calls {

    @Nullable Object answer(String method, Object[] arguments) throws IOException;
  }

  private AsyncContext asyncContext() {
    return proxy(
        AsyncContext.class,
        (name, arguments) -> {
          switch (name) {
            case "setTimeout" -> {}
            case "addListener" -> listeners.add((AsyncListener) arguments[0]);
            case "complete" -> completions++;
            default -> throw new UnsupportedOperationException(name);
          }
          return null;
        });
  }

  private List<String> all(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  private @Nullable String first(String name) {
    return all(name).stream().findFirst().orElse(null);
  }

  private ServletInputStream stream() {
    streamTouched = true;
    if (body instanceof FakeBody arriving) {
      return arriving;
    }
    return new ServletInputStream() {
      @Override
      public int read() throws IOException {
        int octet = body.read();
        bytesRead += octet < 0 ? 0 : 1;
        return octet;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = body.read(bytes, offset, length);
        bytesRead += Math.max(0, count);
        return count;
      }

      @Override
      public boolean isFinished() {
        throw new UnsupportedOperationException();
      }

      @Override
      public boolean isReady() {
        throw new UnsupportedOperationException();
      }

      @Override
      public void setReadListener(ReadListener listener) {
        throw new UnsupportedOperationException();
      }
    };
  }
}
