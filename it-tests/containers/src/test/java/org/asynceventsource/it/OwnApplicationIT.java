package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the README, an order desk, put together in both ways that the README names. */
@RunAsClient
@ExtendWith(ArquillianExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("An application of somebody's")
class OwnApplicationIT {

  private static final String OVERLAY = "overlay";
  private static final String JAR = "jar";
  private static final File MODULE = new File(System.getProperty("it.order-desk"));

  /** As Maven builds it: over our WAR, with a {@code web.xml} of its own. */
  @Deployment(name = OVERLAY, managed = false, testable = false)
  static WebArchive overlay() {
    return ShrinkWrap.create(WebArchive.class, "overlay.war").merge(orderDesk());
  }

  /**
   * The same classes and page, and the library's jar; no {@code web.xml}. Where the container has
   * no CDI and no JSON-B, the application brings its own, and Jetty is told to let it.
   */
  @Deployment(name = JAR, managed = false, testable = false)
  static WebArchive jar() {
    WebArchive war =
        ShrinkWrap.create(WebArchive.class, "jar.war")
            .addAsWebResource(new File(MODULE, "src/main/webapp/index.html"))
            .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml")
            .addAsLibraries(new File(System.getProperty("it.library")));
    war.merge(orderDesk(), path -> path.get().startsWith("/WEB-INF/classes/org/example"));
    String cdi = System.getProperty("it.cdi", "");
    return cdi.isEmpty()
        ? war
        : war.addAsLibraries(new File(cdi).listFiles())
            .addAsWebInfResource(
                orderDesk().get("WEB-INF/jetty-web.xml").getAsset(), "jetty-web.xml");
  }

  @Test
  @Order(1)
  @DisplayName("is deployed, over eventsource.war and with the library's jar")
  void deploys(@ArquillianResource Deployer deployer) {
    deployer.deploy(OVERLAY);
    deployer.deploy(JAR);
  }

  @Test
  @Order(2)
  @DisplayName("works over eventsource.war, with a web.xml of its own")
  void worksAsOverlay(@OperateOnDeployment(OVERLAY) @ArquillianResource URI application)
      throws IOException {
    works(application);
    assertEquals("orders", realm(application));
  }

  @Test
  @Order(3)
  @DisplayName("works with the library's jar, without any web.xml")
  void worksWithJar(@OperateOnDeployment(JAR) @ArquillianResource URI application)
      throws IOException {
    works(application);
    assertEquals("eventsource", realm(application));
  }

  @Test
  @Order(4)
  @DisplayName("is undeployed, and its streams have left nothing on the container's threads")
  void undeploys(@ArquillianResource Deployer deployer) throws IOException {
    deployer.undeploy(OVERLAY);
    deployer.undeploy(JAR);

    assertEquals(List.of(), Leaks.until(JAR));
  }

  /** Which the application's {@code web.xml} names. */
  private static String realm(URI application) throws IOException {
    HttpCall post =
        HttpCall.of("POST", application.getPath() + "events").withBody("text/plain", "a");
    try (HttpReply challenge = post.send(application.getPort())) {
      assertEquals(401, challenge.status());
      return challenge.field("WWW-Authenticate").replaceFirst(".*realm=\"([^\"]*)\".*", "$1");
    }
  }

  private static WebArchive orderDesk() {
    return ShrinkWrap.createFromZipFile(
        WebArchive.class, new File(MODULE, "target/order-desk.war"));
  }

  private static void works(URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    try (HttpReply page = war.get("").send(war.port())) {
      assertEquals(200, page.status());
      assertTrue(page.text().contains("<h1>Order desk</h1>"));
    }
    try (EventStreamRecorder stream = war.open().stream()) {
      stream.assertOpened();
      HttpCall order =
          HttpCall.of("POST", application.getPath() + "orders")
              .withBody("application/x-www-form-urlencoded", "item=tea");
      try (HttpReply reply = order.send(war.port())) {
        assertEquals(201, reply.status());
      }
      stream.assertEvent(null, "order", "{\"item\":\"tea\",\"number\":1}");
    }
  }
}
