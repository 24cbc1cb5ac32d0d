package org.asynceventsource.it;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.management.JMException;
import javax.management.ObjectName;
import org.asynceventsource.EventSources;

/**
 * Remembers, beyond the life of its application, with which class loaders that was deployed, and
 * what it had of ours.
 */
@WebListener
public class LoaderWitness implements ServletContextListener {

  private static final String LOADERS = "it.loaders";
  private static final String STOPPED = "it.stopped";

  @Override
  public void contextInitialized(ServletContextEvent event) {
    remembered(LOADERS).add(new WeakReference<>(LoaderWitness.class.getClassLoader()));
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    remembered(STOPPED).add(new WeakReference<>(EventSources.of(event.getServletContext())));
  }

  /** Of the JVM's whole life; only the JDK's classes are in there, so that it holds no loader. */
  @SuppressWarnings("unchecked")
  private static List<WeakReference<Object>> remembered(String what) {
    return (List<WeakReference<Object>>)
        System.getProperties().computeIfAbsent(what, key -> new CopyOnWriteArrayList<>());
  }

  /** How many deployments there have been. */
  static int count() {
    return remembered(LOADERS).size();
  }

  /** How many of their class loaders haven't been collected yet. */
  static long alive() {
    return alive(LOADERS);
  }

  /** How many deployments have stopped. */
  static int stopped() {
    return remembered(STOPPED).size();
  }

  /** How many of those have event sources that haven't been collected yet. */
  static long stoppedAlive() {
    return alive(STOPPED);
  }

  private static long alive(String what) {
    return remembered(what).stream().filter(reference -> reference.get() != null).count();
  }

  /** Writes all that is alive into a file, in which a profiler finds what holds a loader. */
  static Path dumpHeap() {
    Path file =
        Path.of(System.getProperty("it.guestbook"))
            .resolveSibling("held-%d.hprof".formatted(System.nanoTime()));
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
              "dumpHeap",
              new Object[] {file.toString(), true},
              new String[] {"java.lang.String", "boolean"});
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
    return file;
  }
}
