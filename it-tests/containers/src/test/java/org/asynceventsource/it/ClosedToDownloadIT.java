package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Set;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An attacker downloads the server's classes or lists what is there. */
@RunAsClient
@ExtendWith(ArquillianExtension.class)
@DisplayName("What only the process needs can't be downloaded")
class ClosedToDownloadIT {

  /**
   * GlassFish and Payara ask for a login of which nobody has the rights, where a path isn't plain.
   */
  private static final Set<Integer> REFUSALS =
      Set.of("glassfish", "payara", "payara-micro").contains(System.getProperty("it.container", ""))
          ? Set.of(400, 401, 403, 404)
          : Set.of(400, 403, 404);

  @ArquillianResource private @Nullable URI application;

  @Deployment
  static WebArchive war() {
    return EventSourceWar.unchanged();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org/asynceventsource/launcher/Main.class",
        "%6frg/asynceventsource/launcher/Main.class",
        "org//asynceventsource/launcher/Main.class",
        "x/../org/asynceventsource/launcher/Main.class",
        "org/asynceventsource/launcher/",
        "META-INF/MANIFEST.MF",
        "WEB-INF/web.xml",
        "WEB-INF/server/",
      })
  void refused(String path) throws Exception {
    HttpResponse<String> response = StreamClient.get(URI.create(application + path));

    assertTrue(REFUSALS.contains(response.statusCode()), () -> "" + response);
  }
}
