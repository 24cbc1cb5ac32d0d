package org.asynceventsource.demo;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.asynceventsource.EventSource;
import org.asynceventsource.boot.Settings;
import org.jspecify.annotations.Nullable;

/** A greenhouse that reports its temperature every second, from the application's start to end. */
@ApplicationScoped
public class Greenhouse {

  private static final double COMFORT = 22;
  private static final double LARGEST_DRIFT = 0.3;
  private static final double BACK_TO_COMFORT = 0.05;
  private static final long STOP_MILLIS = 2_000;

  @Inject
  @EventSource(event = "myevent")
  Event<Reading> reported;

  private final CountDownLatch stopping = new CountDownLatch(1);
  private @Nullable Thread reporter; // used by the deployment thread alone
  private double celsius = COMFORT; // used by the reporter alone

  /** Made by CDI. */
  public Greenhouse() {}

  /** Called at start-up, once there is somebody to take reports. */
  void start(@Observes Settings settings) {
    if (settings.demo()) {
      reporter = new Thread(this::report, "greenhouse");
      reporter.setDaemon(true);
      reporter.start();
    }
  }

  private void report() {
    try {
      while (!stopping.await(1, TimeUnit.SECONDS)) {
        drift();
        reported.fire(new Reading("greenhouse", Math.round(celsius * 10) / 10.0));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drift() {
    celsius += ThreadLocalRandom.current().nextDouble(-LARGEST_DRIFT, LARGEST_DRIFT);
    celsius += BACK_TO_COMFORT * (COMFORT - celsius);
  }

  @PreDestroy
  void stop() {
    stopping.countDown();
    if (reporter != null) {
      try {
        reporter.join(STOP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
