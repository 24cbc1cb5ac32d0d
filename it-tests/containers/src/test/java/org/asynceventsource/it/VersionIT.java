package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import org.asynceventsource.test.HttpReply;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@RunAsClient
@ExtendWith(ArquillianExtension.class)
@DisplayName("The container")
class VersionIT {

  @Deployment(testable = false)
  static WebArchive war() {
    return EventSourceWar.unchanged().addClass(ContainerServlet.class);
  }

  @Test
  @DisplayName("is the one that these tests are said to run in")
  void version(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    try (HttpReply reply = war.get("container").send(war.port())) {
      String container = reply.text();

      assertTrue(container.contains(System.getProperty("it.version")), container);
      ContainerReport.put("version", container);
    }
  }
}
