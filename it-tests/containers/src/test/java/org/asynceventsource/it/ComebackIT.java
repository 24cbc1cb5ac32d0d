package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import java.net.URI;
import java.util.List;
import org.asynceventsource.it.support.Chromium;
import org.asynceventsource.it.support.CuttingProxy;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A page that is left open, with nothing in it but {@code new EventSource("events")}.
 *
 * <p>While the application is away the container answers 404, after which a browser never asks
 * again; so it must be told to come back late, and do so. Where a redeployment takes longer, on a
 * busy machine, the proxy keeps the browser waiting.
 */
@Tag("browser")
@RunAsClient
@ExtendWith(ArquillianExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("A browser that listens while the application is redeployed")
class ComebackIT {

  private static final String NAME = "comeback";

  /** Beyond the three seconds after which it comes back if nobody tells it otherwise. */
  private static final String RETRY = "eventsource.retry=4s..5s";

  private static final double UNTOLD_MILLIS = 3_500;
  private static final double PATIENCE_MILLIS = 60_000;

  private static final String LISTEN =
      """
      url => {
        window.received = [];
        window.source = new EventSource(url);
        for (const name of ["message", "eventsource.gap"]) {
          source.addEventListener(name, event => received.push([event.type, event.data]));
        }
        source.addEventListener("error", () => { window.lost = performance.now(); });
        source.addEventListener("open", () => { window.away = performance.now() - window.lost; });
      }
      """;

  private static @Nullable CuttingProxy proxy;
  private static @Nullable Chromium chromium;
  private static @Nullable Page page;

  @Deployment(name = NAME, managed = false, testable = false)
  static WebArchive war() {
    return EventSourceWar.with(RETRY);
  }

  @AfterAll
  static void close() {
    if (chromium != null) {
      chromium.close();
    }
    if (proxy != null) {
      proxy.close();
    }
  }

  @Test
  @Order(1)
  @DisplayName("has its application")
  void deploys(@ArquillianResource Deployer deployer) {
    deployer.deploy(NAME);
  }

  @Test
  @Order(2)
  @OperateOnDeployment(NAME)
  @DisplayName("opens its stream and gets an event")
  void opens(@ArquillianResource URI application) throws Exception {
    proxy = CuttingProxy.to(application.getPort());
    chromium = Chromium.launch();
    page = chromium.emptyPage(URI.create("http://localhost:" + proxy.port()));
    page.evaluate(LISTEN, application.getPath() + "events");
    await("source.readyState === EventSource.OPEN");

    new RunningWar(application).publish("text/plain", "before");

    await("received.length === 1");
  }

  @Test
  @Order(3)
  @DisplayName("is back by itself, as late as it was told to be")
  void comesBack(@ArquillianResource Deployer deployer) {
    proxy.hold();
    deployer.undeploy(NAME);
    await("source.readyState === EventSource.CONNECTING");
    deployer.deploy(NAME);
    proxy.release();

    await("source.readyState !== EventSource.CONNECTING");
    assertEquals(true, page.evaluate("source.readyState === EventSource.OPEN"));
    double away = ((Number) page.evaluate("away")).doubleValue();
    assertTrue(away > UNTOLD_MILLIS, () -> "back after " + away + " ms");
  }

  @Test
  @Order(4)
  @OperateOnDeployment(NAME)
  @DisplayName("is told once that the history is another one, and gets what is published then")
  void goesOn(@ArquillianResource URI application) throws Exception {
    RunningWar war = new RunningWar(application);
    war.publish("text/plain", "after");
    war.publish("text/plain", "and on");
    await("received.length >= 4");

    List<?> received = (List<?>) page.evaluate("received");
    List<?> gap = (List<?>) received.get(1);
    String lost = (String) gap.get(1);
    assertTrue(lost.endsWith("\"lost\":null,\"reason\":\"unknown\"}"), lost);
    assertEquals(
        List.of(
            List.of("message", "before"),
            List.of("eventsource.gap", lost),
            List.of("message", "after"),
            List.of("message", "and on")),
        received);
  }

  private static void await(String condition) {
    page.waitForFunction(
        "() => " + condition, null, new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MILLIS));
  }
}
