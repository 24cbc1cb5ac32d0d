package org.asynceventsource;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;

/**
 * Loads classes of ours as on a server that lacks some library.
 *
 * <p>What it loads is of another class than the same name elsewhere in the test; interfaces of the
 * JDK, of jakarta.servlet and other packages of ours are shared.
 */
public final class LoaderWithout extends ClassLoader {

  private final String missing;
  private final String own;

  /**
   * A class loader.
   *
   * @param missing the names of classes and resources that can't be found begin so
   * @param own the names of classes of ours that meet the lack begin so
   */
  public LoaderWithout(String missing, String own) {
    super(LoaderWithout.class.getClassLoader());
    this.missing = missing;
    this.own = own;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith(missing)) {
      throw new ClassNotFoundException(name);
    }
    if (!name.startsWith(own)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.startsWith(missing) ? Collections.emptyEnumeration() : super.getResources(name);
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = file.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException unreadable) {
      throw new ClassNotFoundException(name, unreadable);
    }
  }
}
