package org.asynceventsource.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A response that remembers what was written; what a test doesn't need fails loudly. */
final class FakeResponse {

  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status = 200;
  private boolean committed;
  private boolean broken;
  private Runnable onBody = () -> {};

  /** Nothing more can be changed. */
  FakeResponse committed() {
    committed = true;
    return this;
  }

  /** The client is gone. */
  FakeResponse broken() {
    broken = true;
    return this;
  }

  /** Whom to tell that there is a body. */
  void onBody(Runnable listener) {
    onBody = listener;
  }

  /** As good as new. */
  void clear() {
    headers.clear();
    body.reset();
    status = 200;
  }

  int status() {
    return status;
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  String body() {
    return body.toString(StandardCharsets.UTF_8);
  }

  HttpServletResponse response() {
    return FakeRequest.proxy(
        HttpServletResponse.class,
        (name, arguments) -> {
          switch (name) {
            case "isCommitted" -> {
              return committed;
            }
            case "setStatus" -> status = (Integer) arguments[0];
            case "setHeader" -> headers.put((String) arguments[0], (String) arguments[1]);
            case "setContentType" -> headers.put("Content-Type", (String) arguments[0]);
            case "setContentLength" -> headers.put("Content-Length", String.valueOf(arguments[0]));
            case "getOutputStream" -> {
              return stream();
            }
            default -> throw new UnsupportedOperationException(name);
          }
          return null;
        });
  }

  private ServletOutputStream stream() {
    return new ServletOutputStream() {
      @Override
      public void write(int octet) throws IOException {
        if (broken) {
          throw new IOException("broken pipe");
        }
        body.write(octet);
      }

      @Override
      public void write(byte[] octets) throws IOException {
        super.write(octets);
        onBody.run();
      }

      @Override
      public boolean isReady() {
        throw new UnsupportedOperationException();
      }

      @Override
      public void setWriteListener(WriteListener listener) {
        throw new UnsupportedOperationException();
      }
    };
  }
}
