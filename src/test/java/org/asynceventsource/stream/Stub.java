package org.asynceventsource.stream;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Stands in for one of the Servlet API's wide interfaces: what a test doesn't script is an error,
 * so that code under test can't lean on anything else unnoticed.
 */
final class Stub<T> {

  private final Class<T> type;
  private final Map<String, Function<Object[], Object>> methods = new HashMap<>();
  private final Map<String, Runnable> hooks = new HashMap<>();
  private final T delegate;

  private Stub(Class<T> type, T delegate) {
    this.type = type;
    this.delegate = delegate;
    on("toString", arguments -> "stub of " + type.getSimpleName());
    on("hashCode", arguments -> System.identityHashCode(this));
  }

  static <T> Stub<T> of(Class<T> type) {
    return new Stub<>(type, null);
  }

  /** Passes on to the delegate what isn't scripted. */
  static <T> Stub<T> delegating(Class<T> type, T delegate) {
    return new Stub<>(type, delegate);
  }

  /** Scripts every overload of a method. */
  Stub<T> on(String method, Function<Object[], Object> answer) {
    methods.put(method, answer);
    return this;
  }

  /** Does something, such as throwing, before every call of a method that isn't scripted. */
  Stub<T> before(String method, Runnable hook) {
    hooks.put(method, hook);
    return this;
  }

  T build() {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Function<Object[], Object> answer = methods.get(method.getName());
              return answer == null ? pass(method, arguments) : answer.apply(arguments);
            }));
  }

  private Object pass(Method method, Object[] arguments) throws Throwable {
    hooks.getOrDefault(method.getName(), () -> {}).run();
    if (delegate == null) {
      throw new UnsupportedOperationException(method.toString());
    }
    try {
      return method.invoke(delegate, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
