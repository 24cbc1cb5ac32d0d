package org.asynceventsource.metrics;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.asynceventsource.spi.WarnOnce;

/**
 * The beans of one application in the platform's JMX server, until it is closed; a server that
 * refuses them costs a warning and nothing else.
 */
final class ManagedBeans implements AutoCloseable {

  private static final String DOMAIN = "org.asynceventsource";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~/-]+");

  private final String context;
  private final WarnOnce warnings;
  private final List<ObjectName> names = new ArrayList<>(); // guarded by this

  ManagedBeans(String contextPath, WarnOnce warnings) {
    this.context = contextPath.isEmpty() ? "/" : contextPath;
    this.warnings = warnings;
  }

  /**
   * Registers a bean. Where applications have the same context path, in two servers or versions,
   * the later ones get a key {@code instance}.
   *
   * @param type the name's key {@code type}
   * @param path the event source's path; empty for none
   */
  synchronized void register(Object bean, String type, String path) {
    try {
      String name = DOMAIN + ":type=" + type + ",context=" + value(context);
      register(bean, path.isEmpty() ? name : name + ",path=" + value(path));
    } catch (JMException | RuntimeException | LinkageError refused) {
      warnings.warn(
          "jmx " + refused.getClass().getName(),
          "JMX can't show event source '%s%s'; it works all the same".formatted(context, path),
          refused);
    }
  }

  private void register(Object bean, String name) throws JMException {
    boolean registered = registerAs(name, bean);
    for (int instance = 2; !registered; instance++) {
      registered = registerAs(name + ",instance=" + instance, bean);
    }
  }

  private boolean registerAs(String name, Object bean) throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      names.add(server.registerMBean(bean, new ObjectName(name)).getObjectName());
      return true;
    } catch (InstanceAlreadyExistsException taken) {
      return false;
    }
  }

  private static String value(String text) {
    return PLAIN.matcher(text).matches() ? text : ObjectName.quote(text);
  }

  @Override
  public synchronized void close() {
    for (ObjectName name : names) {
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
      } catch (JMException | RuntimeException gone) {
        warnings.warn("jmx stop", "JMX had forgotten the bean " + name, gone);
      }
    }
    names.clear();
  }
}
