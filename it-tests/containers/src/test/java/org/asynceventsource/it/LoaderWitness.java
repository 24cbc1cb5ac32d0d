package org.asynceventsource.it;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers, beyond the life of its application, with which class loaders that was deployed. */
@WebListener
public class LoaderWitness implements ServletContextListener {

  private static final String KEY = "it.loaders";

  @Override
  public void contextInitialized(ServletContextEvent event) {
    loaders().add(new WeakReference<>(LoaderWitness.class.getClassLoader()));
  }

  /** Of the JVM's whole life; only the JDK's classes are in there, so that it holds no loader. */
  @SuppressWarnings("unchecked")
  private static List<WeakReference<ClassLoader>> loaders() {
    return (List<WeakReference<ClassLoader>>)
        System.getProperties().computeIfAbsent(KEY, key -> new CopyOnWriteArrayList<>());
  }

  /** How many deployments there have been. */
  static int count() {
    return loaders().size();
  }

  /** How many of their class loaders haven't been collected yet. */
  static long alive() {
    return loaders().stream().filter(loader -> loader.get() != null).count();
  }
}
