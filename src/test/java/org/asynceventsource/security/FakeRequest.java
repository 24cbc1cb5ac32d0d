package org.asynceventsource.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.asynceventsource.test.Stub;
import org.jspecify.annotations.Nullable;

/** A request with a method, a target and header fields; anything else it doesn't know. */
final class FakeRequest {

  /** Of all such requests. */
  static final ServletContext APPLICATION = application();

  private String method;
  private final String target;
  private final List<String[]> headers = new ArrayList<>();
  private final Map<String, Object> attributes = new HashMap<>();
  private String remoteAddress = "192.0.2.1";
  private Principal principal;
  private @Nullable InputStream body;

  private FakeRequest(String method, String target) {
    this.method = method;
    this.target = target;
  }

  static FakeRequest of(String method, String target) {
    return new FakeRequest(method, target).with("Host", "localhost:8080");
  }

  static FakeRequest get() {
    return of("GET", "/events");
  }

  FakeRequest with(String name, String value) {
    headers.add(new String[] {name, value});
    return this;
  }

  FakeRequest authorization(String value) {
    return with("Authorization", value);
  }

  /** The same request, as a filter that changes its method passes it on. */
  FakeRequest as(String otherMethod) {
    method = otherMethod;
    return this;
  }

  /** With a body, of a length that is told. */
  FakeRequest body(String type, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return with("Content-Type", type)
        .with("Content-Length", String.valueOf(bytes.length))
        .body(new ByteArrayInputStream(bytes));
  }

  /** With a body of a length that nobody knows. */
  FakeRequest body(InputStream in) {
    body = in;
    return this;
  }

  FakeRequest from(String address) {
    remoteAddress = address;
    return this;
  }

  FakeRequest by(String user) {
    principal = () -> user;
    return this;
  }

  private static ServletContext application() {
    Map<String, Object> attributes = new ConcurrentHashMap<>();
    return Stub.of(ServletContext.class)
        .on("getAttribute", arguments -> attributes.get(arguments[0]))
        .on("setAttribute", arguments -> attributes.put((String) arguments[0], arguments[1]))
        .build();
  }

  HttpServletRequest build() {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            FakeRequest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, called, arguments) ->
                called.getName().equals("setAttribute")
                    ? attributes.put((String) arguments[0], arguments[1])
                    : answer(
                        called.getName(), arguments == null ? "" : String.valueOf(arguments[0])));
  }

  private Object answer(String called, String argument) {
    int query = target.indexOf('?');
    return switch (called) {
      case "getMethod" -> method;
      case "getRequestURI" -> query < 0 ? target : target.substring(0, query);
      case "getQueryString" -> query < 0 ? null : target.substring(query + 1);
      case "getHeaders" -> Collections.enumeration(values(argument));
      case "getHeader" -> values(argument).stream().findFirst().orElse(null);
      case "getAttribute" -> attributes.get(argument);
      case "getContentType" -> values("Content-Type").stream().findFirst().orElse(null);
      case "getContentLengthLong" ->
          values("Content-Length").stream().findFirst().map(Long::valueOf).orElse(-1L);
      case "getInputStream" -> new Body(body);
      case "getParameterMap" -> Map.of("q", new String[] {"query"});
      case "getCharacterEncoding" -> null;
      case "getServletContext" -> APPLICATION;
      case "getRemoteAddr" -> remoteAddress;
      case "getUserPrincipal" -> principal;
      case "getRemoteUser" -> principal == null ? null : principal.getName();
      case "logout" -> {
        principal = null;
        yield null;
      }
      case "isUserInRole" -> false;
      case "getAuthType" -> null;
      case "toString" -> method + ' ' + target;
      default -> throw new UnsupportedOperationException(called);
    };
  }

  private List<String> values(String name) {
    return headers.stream().filter(h -> h[0].equalsIgnoreCase(name)).map(h -> h[1]).toList();
  }

  private static final class Body extends ServletInputStream {

    private final InputStream in;

    Body(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return in.read(into, offset, length);
    }

    @Override
    public boolean isFinished() {
      return false;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException("setReadListener");
    }
  }
}
