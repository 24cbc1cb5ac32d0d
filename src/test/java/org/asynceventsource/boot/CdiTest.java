package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Function;
import org.asynceventsource.test.LocalNaming;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CdiTest {

  @Test
  @DisplayName("attach is empty where the interfaces of CDI are there but no CDI runs")
  void emptyWithoutProvider() {
    assertThat(Cdi.attach(start(getClass().getClassLoader()))).isEmpty();
  }

  @Test
  @DisplayName("attach is empty, and links, where the interfaces of CDI are missing")
  void emptyWithoutInterfaces() throws ReflectiveOperationException {
    ClassLoader bare = new BareServletContainer();
    @SuppressWarnings("unchecked")
    Function<ServletContextEvent, Optional<?>> attach =
        (Function<ServletContextEvent, Optional<?>>)
            bare.loadClass(Attach.class.getName()).getDeclaredConstructor().newInstance();

    assertThat(attach.apply(start(bare))).isEmpty();
  }

  @Test
  @DisplayName("is the application's own or the container's by who has its classes")
  void tellsWhose() {
    try (LocalNaming naming = LocalNaming.open()) {
      Instance<?> running = Stub.of(Instance.class).build();
      BeanManager manager =
          Stub.of(BeanManager.class).on("createInstance", arguments -> running).build();
      naming.bind("java:comp/BeanManager", manager);

      assertThat(Cdi.attach(start(running.getClass().getClassLoader())))
          .hasValueSatisfying(
              cdi -> assertThat(cdi).asString().startsWith("the application's own"));
      assertThat(Cdi.attach(start(ClassLoader.getPlatformClassLoader())))
          .hasValueSatisfying(cdi -> assertThat(cdi).asString().startsWith("the container's"));
    }
  }

  /** Calls {@link Cdi} from whichever class loader it was loaded by. */
  public static final class Attach implements Function<ServletContextEvent, Optional<?>> {

    @Override
    public Optional<?> apply(ServletContextEvent event) {
      return Cdi.attach(event);
    }
  }

  private static ServletContextEvent start(ClassLoader classes) {
    return new ServletContextEvent(
        (ServletContext)
            Proxy.newProxyInstance(
                CdiTest.class.getClassLoader(),
                new Class<?>[] {ServletContext.class},
                (proxy, method, arguments) -> {
                  assertThat(method.getName()).isEqualTo("getClassLoader");
                  return classes;
                }));
  }

  /** Shows our classes and the Servlet API, but nothing of CDI. */
  private static final class BareServletContainer extends ClassLoader {

    BareServletContainer() {
      super(CdiTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("jakarta.enterprise.") || name.startsWith("jakarta.inject.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith(Cdi.class.getName() + "$")
          && !name.equals(Cdi.class.getName())
          && !name.equals(Attach.class.getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
