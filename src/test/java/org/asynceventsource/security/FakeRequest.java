package org.asynceventsource.security;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A request with a method, a target and header fields; anything else it doesn't know. */
final class FakeRequest {

  private final String method;
  private final String target;
  private final List<String[]> headers = new ArrayList<>();
  private final Map<String, Object> attributes = new HashMap<>();
  private Principal principal;

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

  FakeRequest by(String user) {
    principal = () -> user;
    return this;
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
}
