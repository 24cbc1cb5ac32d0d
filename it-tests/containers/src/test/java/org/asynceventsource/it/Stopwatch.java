package org.asynceventsource.it;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
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

  /** Their adapters start the server with the first deployment, which is the neighbour's. */
  private static final boolean STARTS_LATE =
      Set.of("glassfish", "payara").contains(System.getProperty("it.container"));

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
    if (!STARTS_LATE) {
      ContainerReport.put("start", elapsed());
    }
  }

  void startedLate(@Observes(precedence = Neighbour.PRECEDENCE - 1) AfterStart event)
      throws IOException {
    if (STARTS_LATE) {
      ContainerReport.put("start", elapsed() + " with a WAR");
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
