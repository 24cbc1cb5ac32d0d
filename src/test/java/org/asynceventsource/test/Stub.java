package org.asynceventsource.test;

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
public final class Stub<T> {

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

  /**
   * An interface of which nothing is scripted yet.
   *
   * @param type the interface
   * @return what scripts and builds it
   */
  public static <T> Stub<T> of(Class<T> type) {
    return new Stub<>(type, null);
  }

  /**
   * An interface that passes on what isn't scripted.
   *
   * @param type the interface
   * @param delegate where calls are passed on
   * @return what scripts and builds it
   */
  public static <T> Stub<T> delegating(Class<T> type, T delegate) {
    return new Stub<>(type, delegate);
  }

  /**
   * Scripts every overload of a method.
   *
   * @param method its name
   * @param answer gets the arguments, or {@code null} if there are none
   * @return this
   */
  public Stub<T> on(String method, Function<Object[], Object> answer) {
    methods.put(method, answer);
    return this;
  }

  /**
   * Does something, such as throwing, before every call of a method that isn't scripted.
   *
   * @param method its name
   * @param hook what is done
   * @return this
   */
  public Stub<T> before(String method, Runnable hook) {
    hooks.put(method, hook);
    return this;
  }

  /**
   * Builds it.
   *
   * @return an instance of the interface
   */
  public T build() {
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
