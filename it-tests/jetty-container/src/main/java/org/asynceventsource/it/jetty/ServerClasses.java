package org.asynceventsource.it.jetty;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an application sees of a Jetty installation: the server, the Servlet API, and the JDK.
 *
 * <p>The class path of the tests holds much more, all of Jakarta EE among it. Without this filter
 * an application would find there what a real Jetty does not have.
 */
final class ServerClasses extends ClassLoader {

  /** Says which naming implementation {@code java:comp} has. */
  private static final String NAMING = "jndi.properties";

  private static final List<String> VISIBLE =
      List.of("org.eclipse.jetty.", "jakarta.servlet.", "org.slf4j.");

  static {
    registerAsParallelCapable();
  }

  private final ClassLoader server;

  ServerClasses(ClassLoader server) {
    super(ClassLoader.getPlatformClassLoader());
    this.server = server;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (VISIBLE.stream().noneMatch(name::startsWith)) {
      throw new ClassNotFoundException(name);
    }
    return server.loadClass(name);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    return name.equals(NAMING) ? server.getResource(name) : null;
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    return name.equals(NAMING) ? server.getResources(name) : Collections.emptyEnumeration();
  }
}
