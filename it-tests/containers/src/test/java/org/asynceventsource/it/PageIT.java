package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpResponse;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@RunAsClient
@ExtendWith(ArquillianExtension.class)
@DisplayName("The page")
class PageIT {

  @ArquillianResource private @Nullable URI application;

  @Deployment
  static WebArchive war() {
    return EventSourceWar.unchanged();
  }

  @ParameterizedTest
  @CsvSource({
    "'', text/html",
    "index.html, text/html",
    "page/page.css, text/css",
    "page/seed.js, javascript",
    "page/page.js, javascript",
    "page/icon.svg, image/svg+xml",
  })
  @DisplayName("is served below any context, for nobody's frame and nobody's cache")
  void served(String path, String type) throws Exception {
    HttpResponse<String> response = get(path);

    assertEquals(200, response.statusCode());
    assertTrue(
        header(response, "Content-Type").contains(type), () -> header(response, "Content-Type"));
    assertEquals("no-store", header(response, "Cache-Control"));
    assertEquals("nosniff", header(response, "X-Content-Type-Options"));
    assertTrue(header(response, "Content-Security-Policy").contains("frame-ancestors 'none'"));
  }

  @Test
  @DisplayName("names its own files by relative addresses only")
  void relative() throws Exception {
    String page = get("").body();

    assertTrue(page.contains("<script src=\"page/seed.js\""), page);
    assertTrue(page.lines().noneMatch(line -> line.matches(".*(src|href)=\"(/|https?:).*")), page);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return StreamClient.get(URI.create(application + path));
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("(none)");
  }
}
