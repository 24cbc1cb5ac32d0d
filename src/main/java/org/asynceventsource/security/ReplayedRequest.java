package org.asynceventsource.security;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body has been read and is there to be read once more, in each of the ways that
 * servlets have for it but as parts. For one request, and one thread at a time.
 */
final class ReplayedRequest extends HttpServletRequestWrapper {

  private static final String FORM = "application/x-www-form-urlencoded";

  private final byte[] body;
  private final ReplayedBody in;
  private @Nullable BufferedReader reader;
  private @Nullable Map<String, String[]> parameters;

  ReplayedRequest(HttpServletRequest request, byte[] body) {
    super(request);
    this.body = body;
    this.in = new ReplayedBody(body, this);
  }

  @Override
  public ServletInputStream getInputStream() {
    if (reader != null) {
      throw new IllegalStateException("the body is being read by a reader");
    }
    return in;
  }

  @Override
  public BufferedReader getReader() {
    if (reader == null) {
      reader = new BufferedReader(new InputStreamReader(new ByteArrayInputStream(body), charset()));
    }
    return reader;
  }

  @Override
  public int getContentLength() {
    return body.length;
  }

  @Override
  public long getContentLengthLong() {
    return body.length;
  }

  @Override
  public @Nullable String getParameter(String name) {
    String[] values = parameters().get(name);
    return values == null ? null : values[0];
  }

  @Override
  public String @Nullable [] getParameterValues(String name) {
    String[] values = parameters().get(name);
    return values == null ? null : values.clone();
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    return Collections.unmodifiableMap(parameters());
  }

  @Override
  public Enumeration<String> getParameterNames() {
    return Collections.enumeration(parameters().keySet());
  }

  @Override
  public Collection<Part> getParts() throws ServletException {
    throw noParts();
  }

  @Override
  public Part getPart(String name) throws ServletException {
    throw noParts();
  }

  private static ServletException noParts() {
    return new ServletException(
        "a body that a digest covers can't be read in parts; let the client use qop=auth");
  }

  /** Those of the query, which the container knows, before those of the form (Servlet 6.0 §3.1). */
  private Map<String, String[]> parameters() {
    if (parameters == null) {
      Map<String, String[]> all = new LinkedHashMap<>(super.getParameterMap());
      String type = getContentType();
      if (type != null && type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
        addForm(all);
      }
      parameters = all;
    }
    return parameters;
  }

  private void addForm(Map<String, String[]> all) {
    for (String pair : new String(body, charset()).split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
        all.merge(
            decoded(equals < 0 ? pair : pair.substring(0, equals)),
            new String[] {value},
            (some, more) ->
                Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new));
      }
    }
  }

  private String decoded(String text) {
    try {
      return URLDecoder.decode(text, charset());
    } catch (IllegalArgumentException malformed) {
      return text;
    }
  }

  private Charset charset() {
    String name = getCharacterEncoding();
    try {
      return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    } catch (IllegalArgumentException unknown) {
      return StandardCharsets.UTF_8;
    }
  }
}
