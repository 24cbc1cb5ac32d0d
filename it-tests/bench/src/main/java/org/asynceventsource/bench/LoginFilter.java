package org.asynceventsource.bench;

import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.asynceventsource.security.DigestAuthenticationMechanism;
import org.asynceventsource.security.DigestIdentity;
import org.asynceventsource.security.DigestOptions;
import org.asynceventsource.security.IdentityStores;
import org.asynceventsource.security.MemoryIdentityStore;

/** The mechanism itself, with nothing around that would hide a difference. */
final class LoginFilter implements LoginTimes.Attempt {

  private static final int REQUESTS_PER_NONCE = 1_000;
  private static final DigestOptions OPTIONS = DigestOptions.of("eventsource");

  private final DigestAuthenticationMechanism mechanism;
  private final ServletContext application = stub(ServletContext.class, Map.of());
  private String challenge = "";
  private String nonce = "";
  private int requests;

  LoginFilter() {
    List<DigestIdentity> users =
        IntStream.range(0, LoginTimes.USERS)
            .mapToObj(LoginTimes::user)
            .map(
                name -> DigestIdentity.withPassword(name, "eventsource", "x", OPTIONS.algorithms()))
            .toList();
    mechanism =
        DigestAuthenticationMechanism.of(OPTIONS, IdentityStores.of(MemoryIdentityStore.of(users)));
  }

  @Override
  public long refused(String name, String address, String response) throws Exception {
    if (requests++ % REQUESTS_PER_NONCE == 0) {
      ask(request(List.of(), address));
      nonce = LoginServer.nonce(challenge);
    }
    return ask(request(List.of(LoginServer.answer(name, nonce, response)), address));
  }

  private long ask(HttpServletRequest request) throws AuthenticationException {
    HttpServletResponse answer =
        stub(
            HttpServletResponse.class,
            Map.of("addHeader", arguments -> challenge = (String) arguments[1]));
    HttpMessageContext context =
        stub(
            HttpMessageContext.class,
            Map.of(
                "isProtected", arguments -> true,
                "getRequest", arguments -> request,
                "responseUnauthorized", arguments -> AuthenticationStatus.SEND_FAILURE));
    long begin = System.nanoTime();
    AuthenticationStatus status = mechanism.validateRequest(request, answer, context);
    long nanos = System.nanoTime() - begin;
    if (status != AuthenticationStatus.SEND_FAILURE) {
      throw new BenchmarkException("a wrong digest was answered " + status);
    }
    return nanos;
  }

  private HttpServletRequest request(List<String> authorization, String address) {
    return stub(
        HttpServletRequest.class,
        Map.of(
            "getMethod", arguments -> "GET",
            "getRequestURI", arguments -> LoginServer.PATH,
            "getRemoteAddr", arguments -> address,
            "getServletContext", arguments -> application,
            "getHeaders", arguments -> Collections.enumeration(authorization)));
  }

  /** What isn't scripted answers nothing. */
  private static <T> T stub(Class<T> type, Map<String, Function<Object[], Object>> methods) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                methods.getOrDefault(method.getName(), nothing -> null).apply(arguments)));
  }
}
