package org.asynceventsource.boot;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.asynceventsource.boot.SettingSource.Kind;
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

  @Test
  @DisplayName("tells in one block what there is")
  void tells() {
    String report =
        Doctor.report(
            in("Apache Tomcat/11.0.24"),
            settings("eventsource.publishers", "alice, bob"),
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
              clients     at most 10000, each with some 105 KB of heap here
              heartbeat   every 15s
            """
                .formatted(Runtime.version().feature()));
  }

  @Test
  @DisplayName("warns of nothing where all is well, nor of what it doesn't know")
  void well() {
    assertThat(warnings(settings(), "jetty/12.1.12", CDI, GIGABYTE)).isEmpty();
    assertThat(warnings(settings(), "Another/1", CDI, GIGABYTE / 1024)).isEmpty();
  }

  @Test
  @DisplayName("warns of too many clients for the heap, with both remedies")
  void heap() {
    assertThat(warnings(settings(), "Apache Tomcat/11.0.24", CDI, GIGABYTE))
        .containsExactly(
            "10000 clients may need 1.1 GB of heap, but the JVM has at most 1.0 GB; start it with"
                + " -Xmx1106m, or set 'eventsource.limits.clients' to at most 9206");
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
