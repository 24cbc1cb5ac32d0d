package org.asynceventsource.boot;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.ServletContext;
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
 * Other applications may carry it as it is, in Tomcat and Jetty: there it has been started before.
 *
 * <p>A runtime without the CDI interfaces is fine: {@link #attach} is then empty. Called by the
 * thread that starts and stops the application.
 */
final class Cdi {

  private static final String CDI_INTERFACE = "jakarta.enterprise.inject.spi.CDI";
  private static final String WELD_PACKAGE = "org.jboss.weld.environment.servlet.";
  private static final String WELD = WELD_PACKAGE + "Listener";

  private final Instance<Object> instances;
  private final boolean own;
  private final @Nullable ServletContextListener weld;

  /**
   * CDI that runs.
   *
   * @param own whether the application carries it
   * @param weld what tells Weld of requests and stops it; null if somebody else does
   */
  private Cdi(Instance<Object> instances, boolean own, @Nullable ServletContextListener weld) {
    this.instances = instances;
    this.own = own;
    this.weld = weld;
  }

  /**
   * Finds CDI or starts it. Weld, if started here or taken over, is told of requests and sessions
   * from now on.
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
   * Stops Weld if {@link #attach} started it or took it over. Beans are gone afterwards.
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
            own ? "the application's own" : "the container's",
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

    /**
     * Where Weld's own initializer, which starts it before any listener, leaves what it started.
     */
    private static final String INITIALIZED = WELD_PACKAGE + "lifecycleInstance";

    /** Whether a listener of Weld's in {@code web.xml} is told of requests already. */
    private static final String LISTENER_USED = WELD_PACKAGE + "listenerUsed";

    private static final String TOMCAT = "org.apache.catalina.";

    static Optional<Cdi> attach(ServletContextEvent event) {
      return containersOwn().map(found -> running(found, event)).or(() -> startWeld(event));
    }

    private static Cdi running(Instance<Object> found, ServletContextEvent event) {
      ServletContext context = event.getServletContext();
      boolean own = found.getClass().getClassLoader() == context.getClassLoader();
      return new Cdi(found, own, own && canTakeOver(context) ? weldTold(event) : null);
    }

    /**
     * Whether Weld is to hear of requests from us, since Tomcat tells it too late of the end of
     * streams. Weld's initializer steps aside for a listener that comes first, and in Tomcat those
     * of descriptors do; elsewhere both might stop Weld.
     */
    private static boolean canTakeOver(ServletContext context) {
      return context.getClass().getName().startsWith(TOMCAT)
          && context.getAttribute(INITIALIZED) != null
          && context.getAttribute(LISTENER_USED) == null;
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
      if (!isPresent(WELD, event.getServletContext().getClassLoader())) {
        return Optional.empty();
      }
      ServletContextListener weld = weldTold(event);
      return Optional.of(new Cdi(CDI.current(), true, weld));
    }

    /** Weld's listener, which starts Weld unless that runs, and is told of requests from now on. */
    private static ServletContextListener weldTold(ServletContextEvent event) {
      ServletContext context = event.getServletContext();
      ServletContextListener weld = newWeld(context.getClassLoader());
      weld.contextInitialized(event);
      WeldRequests.of(weld).register(context);
      return weld;
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
