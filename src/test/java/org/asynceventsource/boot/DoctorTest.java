package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.asynceventsource.Access;
import org.asynceventsource.EventSources;
import org.asynceventsource.WebApplication;
import org.asynceventsource.boot.SettingSource.Kind;
import org.asynceventsource.middleware.RequestLogMiddleware;
import org.asynceventsource.security.AuthenticationMiddleware;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The doctor")
class DoctorTest {

  private static final long GIGABYTE = 1L << 30;
  private static final String CDI = "the container's, org.jboss.weld.bean.builtin";

  private static ServletContext in(String server) {
    return Stub.of(ServletContext.class)
        .on("getServerInfo", arguments -> server)
        .on("getMajorVersion", arguments -> 6)
        .on("getMinorVersion", arguments -> 1)
        .on("getContextPath", arguments -> "/shop")
        .on("getClassLoader", arguments -> DoctorTest.class.getClassLoader())
        .on("getResource", arguments -> null)
        .on("getFilterRegistrations", arguments -> Map.of())
        .on("getAttribute", arguments -> null)
        .build();
  }

  private static Settings settings(String... namesAndValues) {
    return Settings.read(
        IntStream.range(0, namesAndValues.length / 2)
            .mapToObj(
                i ->
                    new SettingSource(
                        Kind.SYSTEM_PROPERTY,
                        Map.of(namesAndValues[2 * i], namesAndValues[2 * i + 1]),
                        Set.of()))
            .toList());
  }

  private static List<String> warnings(Settings settings, String server, String cdi, long heap) {
    return Doctor.report(in(server), settings, cdi, List.of("/events"), heap)
        .lines()
        .filter(line -> line.startsWith("  ! "))
        .map(line -> line.substring(4))
        .toList();
  }

  private static String report(Settings settings, ServletContext context) {
    return Doctor.report(context, settings, CDI, List.of("/events"), 4 * GIGABYTE);
  }

  @Test
  @DisplayName("tells in one block what there is")
  void tells() {
    String report =
        Doctor.report(
            in("Apache Tomcat/11.0.24"),
            settings("eventsource.publishers", "alice, bob", "eventsource.users", "alice:a, bob:b"),
            CDI,
            List.of("/events", "/orders"),
            4 * GIGABYTE);

    assertThat(report)
        .isEqualTo(
            """
            event sources are up
              container   Apache Tomcat/11.0.24, Servlet 6.1, Java %s
              CDI         the container's, org.jboss.weld.bean.builtin
              streams     /shop/events, /shop/orders
              reading     everybody
              publishing  alice, bob
              history     10000 events, 16 MB, of any age for each event source, in memory
              clients     at most 10000, each with some 105 KB of heap here; with history and what waits for them 1.2 GB
              limits      any number of one address, any number of one user; bodies of 1 MB; 64 MB waiting for single clients of an event source
              too slow    disconnected, to resume; without taking a byte for 30s disconnected
              lifetime    of any length
              heartbeat   every 15s
            """
                .formatted(Runtime.version().feature()));
  }

  @Test
  @DisplayName("warns of nothing where all is well, nor of what it doesn't know")
  void well() {
    assertThat(warnings(settings(), "jetty/12.1.12", CDI, GIGABYTE)).isEmpty();
    assertThat(warnings(settings(), "Another/1", CDI, GIGABYTE / 8)).isEmpty();
  }

  @Test
  @DisplayName("warns of too many clients for the heap, with both remedies")
  void heap() {
    assertThat(warnings(settings(), "Apache Tomcat/11.0.24", CDI, GIGABYTE))
        .containsExactly(
            "10000 clients may need 1.1 GB of heap, but the JVM has at most 1.0 GB; start it with"
                + " -Xmx1106m, or set 'eventsource.limits.clients' to at most 9206");
  }

  @ParameterizedTest
  @CsvSource({
    "Apache Tomcat/11.0.24, 105 KB",
    "jetty/12.1.12, 7 KB",
    "WildFly 39.0.1.Final (WildFly Core 31.0.3.Final) - 2.3.23.Final, 6 KB",
    "IBM WebSphere Liberty/26.0.0.3, 19 KB",
    "Eclipse GlassFish 8.0.0, 20 KB",
    "Payara Server 6.2025.9 #badassfish, 28 KB",
  })
  @DisplayName("knows how much heap a stream takes in each container")
  void heapOfContainers(String server, String heap) {
    assertThat(report(settings(), in(server))).contains("each with some " + heap + " of heap here");
  }

  @Test
  @DisplayName("tells of limits that are set")
  void limits() {
    assertThat(
            report(
                settings(
                    "eventsource.limits.clients-per-address", "20",
                    "eventsource.limits.clients-per-user", "3",
                    "eventsource.slow.policy", "conflate",
                    "eventsource.lifetime", "1h"),
                in("Another/1")))
        .contains(
            """
              clients     at most 10000; heap for history and what waits for them: at most 80 MB
              limits      at most 20 of one address, at most 3 of one user; bodies of 1 MB; 64 MB waiting for single clients of an event source
              too slow    get the newest event of each key; without taking a byte for 30s disconnected
              lifetime    at most 1h
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "eventsource.history.bytes, 'eventsource.history.bytes'' to less than 2.0 GB'",
    "eventsource.limits.pending, 'eventsource.limits.pending'' to less than 2.0 GB'",
  })
  @DisplayName("warns of what the heap can't hold even without a client, and names that")
  void heapWithoutClients(String setting, String remedy) {
    assertThat(warnings(settings(setting, "2GB"), "jetty/12.1.12", CDI, GIGABYTE))
        .singleElement()
        .asString()
        .startsWith("history and what waits for single clients may need 2.")
        .contains("but the JVM has at most 1.0 GB; start it with -Xmx")
        .contains(remedy)
        .doesNotContain("eventsource.limits.clients");
    assertThat(warnings(settings(setting, "2GB"), "Another/1", CDI, GIGABYTE)).hasSize(1);
  }

  @Test
  @DisplayName("warns of publishers if nobody can log in, and not if somebody can")
  void publishersWithoutUsers() {
    assertThat(
            warnings(settings("eventsource.publishers", "alice"), "jetty/12.1.12", CDI, GIGABYTE))
        .containsExactly(
            "'eventsource.publishers' names alice, but nobody can log in; add 'eventsource.users' or"
                + " 'eventsource.tokens', or set 'eventsource.publish.auth' to container if that"
                + " logs them in");
    for (Settings able :
        List.of(
            settings("eventsource.publishers", "alice", "eventsource.users", "alice:a"),
            settings("eventsource.publishers", "alice", "eventsource.publish.auth", "container"))) {
      assertThat(warnings(able, "jetty/12.1.12", CDI, GIGABYTE)).isEmpty();
      assertThat(warnings(able.withoutUsers(), "jetty/12.1.12", CDI, GIGABYTE)).isEmpty();
    }
  }

  @Test
  @DisplayName(
      "tells where middleware or rules of the application's decide who may read, and publish")
  void decided() throws Exception {
    AtomicReference<ServletContext> context = new AtomicReference<>();
    WebApplication application =
        WebApplication.at("/shop")
            .atStart(
                starting -> {
                  context.set(starting);
                  EventSources sources = EventSources.of(starting);
                  sources.at("/orders").addMiddleware(digest());
                  sources
                      .at("/orders/own")
                      .addMiddleware(digest())
                      .authorize(reader -> Access.GRANTED);
                  sources.at("/log").addMiddleware(RequestLogMiddleware.to(line -> {}));
                  sources.at("/inside").authorizeConnect(request -> true);
                  sources
                      .at("/both")
                      .addMiddleware(RequestLogMiddleware.to(line -> {}))
                      .authorize(reader -> Access.FORBIDDEN);
                })
            .listener(new BootListener())
            .start();
    try {
      String report =
          Doctor.report(
              context.get(),
              settings("eventsource.publishers", "admin"),
              CDI,
              List.of("/events", "/orders", "/orders/own", "/log", "/inside", "/both"),
              4 * GIGABYTE);

      assertThat(report)
          .contains(
              "  reading     everybody at /shop/events; users, by middleware of the application's at"
                  + " /shop/orders; users, by middleware of the application's, as far as allowed by"
                  + " rules of the application's at /shop/orders/own; everybody, as far as allowed by"
                  + " middleware of the application's at /shop/log; everybody, as far as allowed by"
                  + " rules of the application's at /shop/inside; everybody, as far as allowed by"
                  + " middleware and rules of the application's at /shop/both\n")
          .doesNotContain("nobody can log in");
    } finally {
      application.stop();
    }
  }

  private static AuthenticationMiddleware digest() {
    return AuthenticationMiddleware.digest()
        .realm("orders")
        .username("admin")
        .password("admin")
        .build();
  }

  @Test
  @DisplayName("warns if nothing delivers CDI events")
  void noCdi() {
    assertThat(warnings(settings(), "jetty/12.1.12", "", GIGABYTE))
        .singleElement()
        .asString()
        .startsWith("without CDI no event that is fired arrives");
  }

  @ParameterizedTest
  @CsvSource({
    "eventsource.heartbeat, 0, without heartbeats",
    "eventsource.heartbeat, 2m, 'proxies and load balancers cut streams'",
    "eventsource.demo, true, the demo fires",
    "eventsource.basic.insecure, true, passwords of basic logins",
  })
  @DisplayName("warns of settings that work, but not for everybody")
  void settingsThatHurt(String name, String value, String warning) {
    assertThat(warnings(settings(name, value), "jetty/12.1.12", CDI, GIGABYTE))
        .singleElement()
        .asString()
        .startsWith(warning)
        .contains(name);
  }
}
