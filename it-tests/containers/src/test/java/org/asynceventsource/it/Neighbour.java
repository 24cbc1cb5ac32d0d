package org.asynceventsource.it;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.asynceventsource.test.EventStreamRecorder;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.event.container.AfterStart;
import org.jboss.arquillian.container.spi.event.container.BeforeStop;
import org.jboss.arquillian.core.api.annotation.Observes;
import org.jboss.arquillian.core.spi.LoadableExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;

/**
 * An application without heartbeats that is in the container from its start to its stop, beside
 * those of the tests, with one stream on which nothing is sent: so no test has to wait for half a
 * minute while nothing happens.
 */
public final class Neighbour implements LoadableExtension {

  /** Among those who are told that the container has started: it isn't the first. */
  static final int PRECEDENCE = -1;

  /** A resource that no other application has. */
  static final String MARK = "it-neighbour";

  private static final String NAME = "neighbour";

  private static @Nullable RunningWar war;
  private static @Nullable EventStreamRecorder stream;
  private static boolean deployed;
  private static long quietSince;

  @Override
  public void register(ExtensionBuilder builder) {
    builder.observer(Neighbour.class);
  }

  void started(@Observes(precedence = PRECEDENCE) AfterStart event)
      throws DeploymentException, IOException {
    HTTPContext web =
        event
            .getDeployableContainer()
            .deploy(archive())
            .getContexts(HTTPContext.class)
            .iterator()
            .next();
    deployed = true;
    war =
        new RunningWar(
            URI.create("http://%s:%d/%s/".formatted(web.getHost(), web.getPort(), NAME)));
    stream = war.open().stream();
    stream.assertOpened();
    quietSince = System.nanoTime();
  }

  void stops(@Observes BeforeStop event) throws DeploymentException {
    if (stream != null) {
      stream.close();
    }
    if (deployed) {
      event.getDeployableContainer().undeploy(archive());
    }
  }

  private static WebArchive archive() {
    return ShrinkWrap.create(WebArchive.class, NAME + ".war")
        .merge(EventSourceWar.with("eventsource.heartbeat=0"))
        .addAsResource(EmptyAsset.INSTANCE, MARK);
  }

  /** Where it is. */
  static RunningWar war() {
    return war;
  }

  /** Its client's stream, after nothing has been sent on it for that long. */
  static EventStreamRecorder quietFor(long seconds) throws InterruptedException {
    long passed = System.nanoTime() - quietSince;
    TimeUnit.NANOSECONDS.sleep(TimeUnit.SECONDS.toNanos(seconds) - passed);
    return stream;
  }
}
