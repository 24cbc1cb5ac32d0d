package org.asynceventsource.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps what a filter or mechanism answers. */
final class RecordedResponse {

  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status = 200;
  private boolean committed;

  HttpServletResponse asResponse() {
    return (HttpServletResponse)
        Proxy.newProxyInstance(
            RecordedResponse.class.getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (proxy, called, arguments) ->
                answer(called.getName(), arguments == null ? new Object[0] : arguments));
  }

  int status() {
    return status;
  }

  String body() {
    return body.toString(StandardCharsets.UTF_8);
  }

  List<String> challenges() {
    return values("WWW-Authenticate");
  }

  List<String> values(String name) {
    return headers.getOrDefault(name, List.of());
  }

  void commit() {
    committed = true;
  }

  void assertUntouched() {
    assertThat(status).isEqualTo(200);
    assertThat(headers).isEmpty();
    assertThat(body()).isEmpty();
  }

  void assertChallenge(boolean stale) {
    assertThat(status).as(body()).isEqualTo(401);
    assertThat(challenges()).isNotEmpty();
    assertThat(challenges()).allMatch(challenge -> challenge.endsWith(", stale=true") == stale);
    assertThat(values("Cache-Control")).containsExactly("no-store");
    assertThat(values("Content-Type")).containsExactly("text/plain;charset=UTF-8");
  }

  void assertRefused(int expected, String... words) {
    assertThat(status).isEqualTo(expected);
    assertThat(body()).contains(words).endsWith("\n");
    assertThat(values("Content-Type")).containsExactly("text/plain;charset=UTF-8");
  }

  private Object answer(String called, Object[] arguments) {
    return switch (called) {
      case "isCommitted" -> committed;
      case "getStatus" -> status;
      case "getOutputStream" -> new Output();
      default -> {
        change(called, arguments);
        yield null;
      }
    };
  }

  private void change(String called, Object[] arguments) {
    switch (called) {
      case "setStatus" -> status = (int) arguments[0];
      case "setHeader" -> set((String) arguments[0], (String) arguments[1]);
      case "setContentType" -> set("Content-Type", (String) arguments[0]);
      case "addHeader" ->
          headers
              .computeIfAbsent((String) arguments[0], name -> new ArrayList<>())
              .add((String) arguments[1]);
      case "resetBuffer" -> body.reset();
      case "sendRedirect" -> {
        status = HttpServletResponse.SC_FOUND;
        set("Location", (String) arguments[0]);
      }
      default -> throw new UnsupportedOperationException(called);
    }
  }

  private void set(String name, String value) {
    headers.put(name, new ArrayList<>(List.of(value)));
  }

  private final class Output extends ServletOutputStream {

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new UnsupportedOperationException("setWriteListener");
    }

    @Override
    public void write(int b) {
      body.write(b);
    }
  }
}
