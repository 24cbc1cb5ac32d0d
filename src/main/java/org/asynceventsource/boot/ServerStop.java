package org.asynceventsource.boot;

import jakarta.servlet.ServletContext;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.EventListener;
import org.jspecify.annotations.Nullable;

/**
 * Learns from Jetty that the whole server stops. It closes its connections first and tells its
 * applications afterwards, too late for streams to end in order; other containers do it the other
 * way round. Jetty's classes are hidden from applications, so this asks the objects by their names.
 */
final class ServerStop {

  private static final String JETTY = "org.eclipse.jetty.";
  private static final String LISTENER = "org.eclipse.jetty.util.component.LifeCycle$Listener";
  private static final ServerStop UNTOLD = new ServerStop(() -> {});

  private final Runnable forgetting;

  private ServerStop(Runnable forgetting) {
    this.forgetting = forgetting;
  }

  /**
   * Begins to listen; in other containers than Jetty nothing is ever told.
   *
   * @param action called by the thread that stops the server, once, before anything else happens;
   *     what it throws is logged by Jetty
   */
  static ServerStop listen(ServletContext context, Runnable action) {
    if (!context.getClass().getName().startsWith(JETTY)) {
      return UNTOLD;
    }
    try {
      Object server = call(call(context, "getContextHandler"), "getServer");
      ClassLoader loader = server.getClass().getClassLoader();
      Class<?>[] types = {Class.forName(LISTENER, false, loader)};
      Object listener = Proxy.newProxyInstance(loader, types, new Listener(action));
      server.getClass().getMethod("addEventListener", EventListener.class).invoke(server, listener);
      return new ServerStop(() -> remove(server, listener));
    } catch (ReflectiveOperationException | RuntimeException e) {
      Log.LOGGER.log(Level.DEBUG, "this Jetty doesn't tell when it stops", e);
      return UNTOLD;
    }
  }

  private static Object call(Object of, String method) throws ReflectiveOperationException {
    return of.getClass().getMethod(method).invoke(of);
  }

  private static void remove(Object server, Object listener) {
    try {
      server
          .getClass()
          .getMethod("removeEventListener", EventListener.class)
          .invoke(server, listener);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // the like has worked before
    }
  }

  /** No longer keeps the application from being forgotten by the server. */
  void forget() {
    forgetting.run();
  }

  /** A {@code LifeCycle.Listener}; all its methods are optional. */
  private record Listener(Runnable action) implements InvocationHandler {

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) {
      return switch (method.getName()) {
        case "lifeCycleStopping" -> {
          action.run();
          yield null;
        }
        case "equals" -> proxy == arguments[0];
        case "hashCode" -> System.identityHashCode(proxy);
        case "toString" -> "listener of Async Event Source";
        default -> null;
      };
    }
  }
}
