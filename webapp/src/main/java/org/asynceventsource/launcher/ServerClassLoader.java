package org.asynceventsource.launcher;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The server's classes: the jars of {@code WEB-INF/server} and the launcher's class for them.
 *
 * <p>That class lies at the root of the WAR, where the parent would find it first and without its
 * server; so its package is never asked of the parent. All other launcher classes are shared.
 */
final class ServerClassLoader extends URLClassLoader {

  private static final String SERVER_JARS = "WEB-INF/server/";
  private static final String OWN_PACKAGE = "org.asynceventsource.launcher.jetty.";
  private static final String WEB_SERVER = OWN_PACKAGE + "JettyWebServer";

  static {
    registerAsParallelCapable();
  }

  private ServerClassLoader(List<URL> urls) {
    super(urls.toArray(URL[]::new), ServerClassLoader.class.getClassLoader());
  }

  /**
   * Copies the server's jars out of the WAR, because class loaders can't read a jar in a jar.
   *
   * @param war the WAR
   * @param directory an empty directory for the jars
   * @return the loader
   * @throws IOException if the WAR can't be read or the directory not written
   */
  static ServerClassLoader open(WarFile war, Path directory) throws IOException {
    List<URL> urls = new ArrayList<>();
    urls.add(war.path().toUri().toURL());
    urls.addAll(war.copyJars(SERVER_JARS, name -> true, directory));
    return new ServerClassLoader(urls);
  }

  /**
   * Makes the server, not yet bound.
   *
   * @param options where and how to listen
   * @param war what to serve
   * @param temporary a directory for the server's temporary files
   * @return the server
   * @throws ReflectiveOperationException if the WAR is not complete
   */
  WebServer server(ServerOptions options, WarFile war, Path temporary)
      throws ReflectiveOperationException {
    return (WebServer)
        loadClass(WEB_SERVER)
            .getConstructor(ServerOptions.class, Path.class, Path.class)
            .newInstance(options, war.path(), temporary);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OWN_PACKAGE)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : findClass(name);
    }
  }
}
