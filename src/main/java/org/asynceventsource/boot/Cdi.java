package org.asynceventsource.boot;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/**
 * The application's CDI: the container's own, or else the Weld that the application carries.
 *
 * <p>Weld must not announce itself to the container: it would start beside the container's CDI, and
 * events fired in one never reach the other. So the WAR carries it without its service files, and
 * it is started here, where the container is known to have none. An empty {@code
 * <absolute-ordering/>} would silence it too, but with it every other fragment of the application.
 *
 * <p>A runtime without the CDI interfaces is fine: {@link #attach} is then empty. Called by the
 * thread that starts and stops the application.
 */
final class Cdi {

  private static final String CDI_INTERFACE = "jakarta.enterprise.inject.spi.CDI";
  private static final String WELD = "org.jboss.weld.environment.servlet.Listener";

  private final Instance<Object> instances;
  private final @Nullable ServletContextListener weld;

  private Cdi(Instance<Object> instances, @Nullable ServletContextListener weld) {
    this.instances = instances;
    this.weld = weld;
  }

  /**
   * Finds CDI or starts it. Weld, if started, is told of requests and sessions from now on.
   *
   * @param event the start of the application, from a listener that a descriptor declares
   * @return CDI, or empty if neither the container nor the application has it
   */
  static Optional<Cdi> attach(ServletContextEvent event) {
    return isPresent(CDI_INTERFACE, Cdi.class.getClassLoader())
        ? Lookup.attach(event)
        : Optional.empty();
  }

  /**
   * The bean of a type.
   *
   * @param type the bean's type
   * @param qualifiers what else it must have
   * @return the bean's contextual reference, or empty if there is no such bean
   * @throws jakarta.enterprise.inject.AmbiguousResolutionException if there is more than one
   */
  <T> Optional<T> find(Class<T> type, Annotation... qualifiers) {
    Instance<T> found = instances.select(type, qualifiers);
    return found.isUnsatisfied() ? Optional.empty() : Optional.of(found.get());
  }

  /**
   * All beans of a type, whatever their qualifiers; each call takes an instance of its own of those
   * that have no scope, for as long as the application lives.
   *
   * @param type the beans' type
   * @return the beans' contextual references
   */
  <T> List<T> all(Class<T> type) {
    return instances.select(type, Any.Literal.INSTANCE).stream().toList();
  }

  /**
   * Stops Weld if {@link #attach} started it. Beans are gone afterwards.
   *
   * @param event the end of the application
   */
  void detach(ServletContextEvent event) {
    if (weld != null) {
      weld.contextDestroyed(event);
    }
  }

  /** Says whose CDI it is, and what implements it. */
  @Override
  public String toString() {
    Package implementation = instances.getClass().getPackage();
    return "%s, %s %s"
        .formatted(
            weld == null ? "the container's" : "the application's own",
            implementation.getName(),
            Objects.toString(implementation.getImplementationVersion(), ""))
        .strip();
  }

  private static boolean isPresent(String name, ClassLoader classes) {
    try {
      Class.forName(name, false, classes);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** What links to the CDI interfaces even before it runs: loaded only where they are. */
  private static final class Lookup {

    private Lookup() {}

    static Optional<Cdi> attach(ServletContextEvent event) {
      return containersOwn().map(own -> new Cdi(own, null)).or(() -> startWeld(event));
    }

    @SuppressWarnings("BanJNDI") // The name is a constant, and only the container binds java:comp.
    private static Optional<Instance<Object>> containersOwn() {
      try {
        Object manager = new InitialContext().lookup("java:comp/BeanManager");
        if (manager instanceof BeanManager beans) {
          return Optional.of(beans.createInstance());
        }
      } catch (NamingException e) {
        // No naming here, or nothing bound under the name that the CDI specification gives.
      }
      return current();
    }

    private static Optional<Instance<Object>> current() {
      try {
        return Optional.of(CDI.current());
      } catch (IllegalStateException e) {
        return Optional.empty();
      }
    }

    private static Optional<Cdi> startWeld(ServletContextEvent event) {
      ClassLoader classes = event.getServletContext().getClassLoader();
      if (!isPresent(WELD, classes)) {
        return Optional.empty();
      }
      ServletContextListener weld = newWeld(classes);
      weld.contextInitialized(event);
      WeldRequests.of(weld).register(event.getServletContext());
      return Optional.of(new Cdi(CDI.current(), weld));
    }

    private static ServletContextListener newWeld(ClassLoader classes) {
      try {
        return Class.forName(WELD, true, classes)
            .asSubclass(ServletContextListener.class)
            .getConstructor()
            .newInstance();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("class '%s' is no servlet listener".formatted(WELD), e);
      }
    }
  }
}
