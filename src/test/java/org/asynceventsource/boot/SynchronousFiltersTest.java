package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Filters without support of asynchronous requests")
class SynchronousFiltersTest {

  private static final String DESCRIPTOR =
      """
      <?xml version="1.0"?>
      <!DOCTYPE web-app PUBLIC "-//Sun//DTD Web Application 2.3//EN" "http://127.0.0.1:9/web.dtd">
      <web-app>
        <filter><filter-name>%s</filter-name><filter-class>%s</filter-class>%s</filter>
      </web-app>
      """;

  private final Map<String, FilterRegistration> registered = new HashMap<>();
  @TempDir private Path directory;
  private Path webXml;
  private Path fragment;

  @BeforeEach
  void descriptors() throws IOException {
    webXml = directory.resolve("web.xml");
    fragment = Files.createDirectory(directory.resolve("META-INF")).resolve("web-fragment.xml");
  }

  @WebFilter("/*")
  static class Synchronous extends HttpFilter {
    private static final long serialVersionUID = 1;
  }

  @WebFilter(value = "/*", asyncSupported = true)
  static class Asynchronous extends HttpFilter {
    private static final long serialVersionUID = 1;
  }

  @WebFilter(value = "/*", dispatcherTypes = DispatcherType.ERROR)
  static class Errors extends HttpFilter {
    private static final long serialVersionUID = 1;
  }

  static class Unknown extends HttpFilter {
    private static final long serialVersionUID = 1;
  }

  private void register(String name, Class<?> type, List<String> patterns, List<String> servlets) {
    registered.put(
        name,
        Stub.of(FilterRegistration.class)
            .on("getName", arguments -> name)
            .on("getClassName", arguments -> type.getName())
            .on("getUrlPatternMappings", arguments -> patterns)
            .on("getServletNameMappings", arguments -> servlets)
            .build());
  }

  private Collection<String> found() throws IOException {
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {directory.toUri().toURL()}, SynchronousFiltersTest.class.getClassLoader())) {
      ServletContext context =
          Stub.of(ServletContext.class)
              .on("getClassLoader", arguments -> loader)
              .on("getResource", arguments -> url(webXml))
              .on("getFilterRegistrations", arguments -> registered)
              .build();
      return SynchronousFilters.of(context, "/events", "event source /events");
    }
  }

  private static URL url(Path file) {
    try {
      return Files.exists(file) ? file.toUri().toURL() : null;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void declare(Path descriptor, String name, Class<?> type, String more)
      throws IOException {
    Files.writeString(descriptor, DESCRIPTOR.formatted(name, type.getName(), more));
  }

  @Test
  @DisplayName("are found by their annotations, and by descriptors that say nothing")
  void annotated() throws IOException {
    register("log", Synchronous.class, List.of("/*"), List.of());
    register("gzip", Asynchronous.class, List.of("/*"), List.of());
    register("by code", Unknown.class, List.of("/*"), List.of());
    register("by default", Unknown.class, List.of("/*"), List.of());
    declare(webXml, "by default", Unknown.class, "");

    assertThat(found())
        .containsExactlyInAnyOrder(
            "'log' (" + Synchronous.class.getName() + ")",
            "'by default' (" + Unknown.class.getName() + ")");
  }

  @Test
  @DisplayName("are found by web.xml and fragments, whose word is above that of annotations")
  void declared() throws IOException {
    register("log", Asynchronous.class, List.of("/*"), List.of());
    register("gzip", Synchronous.class, List.of("/*"), List.of());
    declare(webXml, "log", Asynchronous.class, "<async-supported>false</async-supported>");
    declare(fragment, "gzip", Synchronous.class, "<async-supported>true</async-supported>");

    assertThat(found()).containsExactly("'log' (" + Asynchronous.class.getName() + ")");
  }

  @Test
  @DisplayName("are none of our business elsewhere, but are if they are for the servlet")
  void mappings() throws IOException {
    register("elsewhere", Synchronous.class, List.of("/page/*", "*.html"), List.of("page"));
    assertThat(found()).isEmpty();

    register("here", Synchronous.class, List.of(), List.of("event source /events"));
    assertThat(found()).hasSize(1);
  }

  @Test
  @DisplayName("are found where the container answers null for no mappings")
  void noMappings() throws IOException {
    register("by path", Synchronous.class, List.of("/*"), null);
    register("by servlet", Synchronous.class, null, List.of("event source /events"));
    register("by nothing", Synchronous.class, null, null);

    assertThat(found()).hasSize(2);
  }

  @Test
  @DisplayName("aren't known if a descriptor can't be read, which stops nothing")
  void broken() throws IOException {
    register("log", Unknown.class, List.of("/*"), List.of());
    Files.writeString(webXml, "<web-app><filter>");

    assertThat(found()).isEmpty();
  }

  @Test
  @DisplayName("are found by web.xml beside a fragment that can't be read")
  void brokenFragment() throws IOException {
    register("log", Unknown.class, List.of("/*"), List.of());
    Files.writeString(fragment, "<web-fragment><filter>");
    declare(webXml, "log", Unknown.class, "");

    assertThat(found()).containsExactly("'log' (" + Unknown.class.getName() + ")");
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "<dispatcher>REQUEST</dispatcher><dispatcher>ERROR</dispatcher>, true",
    "<dispatcher>ERROR</dispatcher>, false",
    "<dispatcher>FORWARD</dispatcher><dispatcher>INCLUDE</dispatcher>, false",
  })
  @DisplayName("count only where a descriptor maps them to requests")
  void dispatches(String dispatchers, boolean counts) throws IOException {
    register("log", Synchronous.class, List.of("/*"), List.of());
    Files.writeString(
        webXml,
        """
        <web-app>
          <filter-mapping>
            <filter-name>log</filter-name><url-pattern>/*</url-pattern>%s
          </filter-mapping>
        </web-app>
        """
            .formatted(dispatchers));

    assertThat(found()).hasSize(counts ? 1 : 0);
  }

  @Test
  @DisplayName("don't count where their annotations map them to errors only")
  void annotatedDispatches() throws IOException {
    register("errors", Errors.class, List.of("/*"), List.of());

    assertThat(found()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/*, true",
    "/events, true",
    "/events/*, true",
    "/event/*, false",
    "/events/more, false",
    "*.html, false",
    "/, false",
    "'', false",
  })
  @DisplayName("cover paths as URL patterns do")
  void patterns(String pattern, boolean covers) {
    assertThat(SynchronousFilters.covers(pattern, "/events")).isEqualTo(covers);
  }
}
