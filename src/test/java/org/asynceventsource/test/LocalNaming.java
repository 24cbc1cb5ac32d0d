package org.asynceventsource.test;

import java.lang.reflect.Proxy;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.spi.InitialContextFactory;

/** A container's naming, for as long as it is open; for one test at a time. */
public final class LocalNaming implements InitialContextFactory, AutoCloseable {

  private static final Map<String, Object> NAMES = new ConcurrentHashMap<>();

  /** Made by JNDI, and by tests that open it. */
  public LocalNaming() {}

  /**
   * Opens it.
   *
   * @return a naming without names
   */
  public static LocalNaming open() {
    System.setProperty(Context.INITIAL_CONTEXT_FACTORY, LocalNaming.class.getName());
    return new LocalNaming();
  }

  /**
   * Names something.
   *
   * @param name such as {@code java:comp/env/jdbc/users}
   * @param object what has the name
   */
  public void bind(String name, Object object) {
    NAMES.put(name, object);
  }

  @Override
  public Context getInitialContext(Hashtable<?, ?> environment) {
    return (Context)
        Proxy.newProxyInstance(
            LocalNaming.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "lookup" -> lookup((String) arguments[0]);
                  case "close" -> null;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static Object lookup(String name) throws NameNotFoundException {
    Object found = NAMES.get(name);
    if (found == null) {
      throw new NameNotFoundException(name);
    }
    return found;
  }

  @Override
  public void close() {
    System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
    NAMES.clear();
  }
}
