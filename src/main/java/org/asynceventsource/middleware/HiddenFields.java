package org.asynceventsource.middleware;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A request without some of its header fields. What the container has made of them stays, such as
 * the content type's, the length's and the cookies' own methods; unless these fields are hidden.
 */
final class HiddenFields extends HttpServletRequestWrapper {

  private static final int NO_NUMBER = -1;

  private final Predicate<String> hidden;

  HiddenFields(HttpServletRequest request, Predicate<String> hidden) {
    super(request);
    this.hidden = hidden;
  }

  @Override
  public @Nullable String getHeader(String name) {
    return hidden.test(name) ? null : super.getHeader(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return hidden.test(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    return Collections.enumeration(
        Collections.list(super.getHeaderNames()).stream().filter(hidden.negate()).toList());
  }

  @Override
  public long getDateHeader(String name) {
    return hidden.test(name) ? NO_NUMBER : super.getDateHeader(name);
  }

  @Override
  public int getIntHeader(String name) {
    return hidden.test(name) ? NO_NUMBER : super.getIntHeader(name);
  }

  @Override
  public @Nullable String getContentType() {
    return hidden.test("Content-Type") ? null : super.getContentType();
  }

  @Override
  public Cookie @Nullable [] getCookies() {
    return hidden.test("Cookie") ? null : super.getCookies();
  }
}
