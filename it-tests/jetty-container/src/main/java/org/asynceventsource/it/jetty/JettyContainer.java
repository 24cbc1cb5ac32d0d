package org.asynceventsource.it.jetty;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.ee.webapp.WebAppClassLoader;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.container.LifecycleException;
import org.jboss.arquillian.container.spi.client.protocol.ProtocolDescription;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.container.spi.client.protocol.metadata.Servlet;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jspecify.annotations.Nullable;

/**
 * A Jetty on the loopback address that takes WARs, as applications of the Jakarta EE version whose
 * jars a test run adds. Called by one thread at a time.
 */
public final class JettyContainer implements DeployableContainer<JettyConfiguration> {

  private static final String LOOPBACK = "127.0.0.1";
  private static final String APPLICATION = "org.eclipse.jetty.%s.webapp.WebAppContext";

  /** What the protocol puts into an application to run tests there. */
  private static final String RUNNER = "ArquillianServletRunnerEE9";

  private final Map<String, Deployed> deployed = new HashMap<>();
  private final Server server = new Server();
  private final HttpConfiguration http = new HttpConfiguration();
  private final ServerConnector connector =
      new ServerConnector(
          server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
  private final ContextHandlerCollection applications = new ContextHandlerCollection();
  private String environment = "";

  /** An application and the file it was started from. */
  private record Deployed(ContextHandler application, Path war) {}

  @Override
  public Class<JettyConfiguration> getConfigurationClass() {
    return JettyConfiguration.class;
  }

  @Override
  public ProtocolDescription getDefaultProtocol() {
    return new ProtocolDescription("Servlet 6.0");
  }

  @Override
  public void setup(JettyConfiguration configuration) {
    connector.setHost(LOOPBACK);
    connector.setPort(configuration.port());
    server.addConnector(connector);
    environment = configuration.environment();
    server.setHandler(applications);
  }

  @Override
  public void start() throws LifecycleException {
    try {
      server.start();
    } catch (Exception e) {
      throw new LifecycleException("Jetty did not start", e);
    }
  }

  @Override
  public void stop() throws LifecycleException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new LifecycleException("Jetty did not stop", e);
    }
  }

  @Override
  public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
    try {
      Path war = Files.createTempFile("deployed-", ".war");
      archive.as(ZipExporter.class).exportTo(war.toFile(), true);
      ContextHandler application = application(contextPath(archive), war);
      deployed.put(archive.getName(), new Deployed(application, war));
      applications.addHandler(application);
      application.start();
      return describe(application);
    } catch (Exception e) {
      throw new DeploymentException(archive.getName() + " did not start", e);
    }
  }

  @Override
  public void undeploy(Archive<?> archive) throws DeploymentException {
    @Nullable Deployed gone = deployed.remove(archive.getName());
    if (gone == null) {
      return;
    }
    try {
      gone.application().stop();
      applications.removeHandler(gone.application());
      Files.delete(gone.war());
    } catch (Exception e) {
      throw new DeploymentException(archive.getName() + " did not stop", e);
    }
  }

  private static String contextPath(Archive<?> archive) {
    return "/" + archive.getName().replaceFirst("\\.war$", "");
  }

  /** A {@code WebAppContext}; each version of Jakarta EE has its own, without a common type. */
  private ContextHandler application(String path, Path war) throws ReflectiveOperationException {
    Class<?> type = Class.forName(APPLICATION.formatted(environment));
    ContextHandler application = (ContextHandler) type.getConstructor().newInstance();
    type.getMethod("setWar", String.class).invoke(application, war.toString());
    type.getMethod("setThrowUnavailableOnStartupException", boolean.class)
        .invoke(application, true);
    application.setContextPath(path);
    application.setClassLoader(
        new WebAppClassLoader(
            new ServerClasses(JettyContainer.class.getClassLoader()),
            (WebAppClassLoader.Context) application));
    return application;
  }

  private ProtocolMetaData describe(ContextHandler application) {
    HTTPContext context = new HTTPContext(LOOPBACK, connector.getLocalPort());
    context.add(new Servlet(RUNNER, application.getContextPath()));
    return new ProtocolMetaData().addContext(context);
  }
}
