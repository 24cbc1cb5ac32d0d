package org.asynceventsource.it.payaramicro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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

/** Payara Micro that takes WARs while it runs. Called by one thread at a time. */
public final class PayaraMicroContainer implements DeployableContainer<PayaraMicroConfiguration> {

  private static final String LOOPBACK = "127.0.0.1";

  /** What the protocol puts into an application to run tests there. */
  private static final String RUNNER = "ArquillianServletRunnerEE9";

  private final Map<String, Path> deployed = new HashMap<>();
  private @Nullable PayaraMicroConfiguration configuration;
  private @Nullable MicroProcess process;

  @Override
  public Class<PayaraMicroConfiguration> getConfigurationClass() {
    return PayaraMicroConfiguration.class;
  }

  @Override
  public ProtocolDescription getDefaultProtocol() {
    return new ProtocolDescription("Servlet 6.0");
  }

  @Override
  public void setup(PayaraMicroConfiguration configuration) {
    this.configuration = configuration;
  }

  @Override
  public void start() throws LifecycleException {
    try {
      process = new MicroProcess(Objects.requireNonNull(configuration));
    } catch (IOException e) {
      throw new LifecycleException("Payara Micro did not start", e);
    }
  }

  @Override
  public void stop() throws LifecycleException {
    try {
      Objects.requireNonNull(process).stop();
    } catch (IOException e) {
      throw new LifecycleException("Payara Micro did not stop", e);
    }
  }

  @Override
  public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
    String name = name(archive);
    try {
      Path war = Files.createTempFile("deployed-", ".war");
      archive.as(ZipExporter.class).exportTo(war.toFile(), true);
      deployed.put(name, war);
      Objects.requireNonNull(process).order("deploy %s %s".formatted(name, war));
    } catch (IOException e) {
      throw new DeploymentException(archive.getName() + " did not start", e);
    }
    HTTPContext context = new HTTPContext(LOOPBACK, Objects.requireNonNull(configuration).port());
    context.add(new Servlet(RUNNER, '/' + name));
    return new ProtocolMetaData().addContext(context);
  }

  @Override
  public void undeploy(Archive<?> archive) throws DeploymentException {
    String name = name(archive);
    Path war = deployed.remove(name);
    if (war == null) {
      return;
    }
    try {
      Objects.requireNonNull(process).order("undeploy " + name);
      Files.delete(war);
    } catch (IOException e) {
      throw new DeploymentException(archive.getName() + " did not stop", e);
    }
  }

  private static String name(Archive<?> archive) {
    return archive.getName().replaceFirst("\\.war$", "");
  }
}
