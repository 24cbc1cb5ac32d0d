package org.asynceventsource.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jboss.arquillian.container.spi.event.container.AfterDeploy;
import org.jboss.arquillian.container.spi.event.container.AfterStart;
import org.jboss.arquillian.container.spi.event.container.BeforeDeploy;
import org.jboss.arquillian.container.spi.event.container.BeforeStart;
import org.jboss.arquillian.core.api.annotation.Observes;
import org.jboss.arquillian.core.spi.LoadableExtension;

/**
 * Tells the report how long the container takes to start, and to deploy the first WAR of a test.
 */
public final class Stopwatch implements LoadableExtension {

  private static long began;
  private static boolean deployed;

  @Override
  public void register(ExtensionBuilder builder) {
    builder.observer(Stopwatch.class);
  }

  void starts(@Observes BeforeStart event) {
    began = System.nanoTime();
  }

  void started(@Observes AfterStart event) throws IOException {
    awaitAdministration();
    ContainerReport.put("start", elapsed());
  }

  /** GlassFish's adapter returns while the server still starts. */
  private static void awaitAdministration() {
    Integer port = Integer.getInteger("it.glassfish.admin.port");
    if (port != null) {
      URI domain = URI.create("http://localhost:%d/management/domain".formatted(port));
      await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .atMost(Duration.ofMinutes(2))
          .until(() -> StreamClient.get(domain).statusCode() == 200);
    }
  }

  void deploys(@Observes BeforeDeploy event) {
    began = System.nanoTime();
  }

  void deployed(@Observes AfterDeploy event) throws IOException {
    if (!deployed) {
      deployed = true;
      ContainerReport.put("deployment", elapsed());
    }
  }

  private static String elapsed() {
    return "%.1f s".formatted(Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0);
  }
}
