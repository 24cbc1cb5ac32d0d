package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@RunAsClient
@ExtendWith(ArquillianExtension.class)
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("Undeploying the application while streams are open")
class UndeployIT {

  private static final String NAME = "undeployed";
  private static final int STREAMS = 500;
  private static final int STALLED = STREAMS / 10;
  private static final int SMALL_BUFFER = 4096;
  private static final int EVENTS = 12;
  private static final String LARGE = "x".repeat(1_000_000);
  private static final Pattern LAST = Pattern.compile(".*\n\nretry: ([0-9]+)\n\n", Pattern.DOTALL);

  /** Open Liberty hasn't undeployed an application before all its requests have been served. */
  private static final boolean WAITS = System.getProperty("it.container", "").equals("openliberty");

  private static final Duration SHORT = Duration.ofSeconds(2);

  /** Open Liberty, GlassFish and Payara have more to do than to end streams. */
  private static final Duration UNDEPLOYED =
      Boolean.getBoolean("it.large") ? Duration.ofSeconds(30) : SHORT;

  private static final List<HttpReply> OPEN = new ArrayList<>();
  private static final List<HttpReply> STALLING = new ArrayList<>();
  private static volatile @Nullable HttpReply served;

  @ArquillianResource private @Nullable Deployer deployer;

  /** The WAR with one bean and one servlet, as an application of somebody's. */
  @Deployment(name = NAME, managed = false, testable = false)
  static WebArchive war() {
    return ShrinkWrap.create(WebArchive.class, NAME + ".war")
        .merge(EventSourceWar.unchanged())
        .addClasses(Guestbook.class, SlowServlet.class);
  }

  @Test
  @Order(1)
  @DisplayName("it is deployed")
  void deploys() throws Exception {
    Files.deleteIfExists(Guestbook.file());
    deployer.deploy(NAME);
  }

  @Test
  @Order(2)
  @OperateOnDeployment(NAME)
  @DisplayName("clients open their streams, and one is still being served by another servlet")
  void opens(@ArquillianResource URI application) throws Exception {
    RunningWar war = new RunningWar(application);
    for (int i = 0; i < STREAMS - STALLED; i++) {
      OPEN.add(war.get("events?channel=small").send(war.port()));
    }
    for (int i = 0; i < STALLED; i++) {
      STALLING.add(war.get("events?channel=large").send(war.port(), SMALL_BUFFER));
    }
    Stream.of(OPEN, STALLING)
        .flatMap(List::stream)
        .forEach(stream -> assertEquals(200, stream.status()));
    HttpCall unfinished =
        HttpCall.of("POST", application.getPath() + "slow").with("Content-Length", "1");
    served = unfinished.send(application.getPort());
    assertEquals(200, served.status());
  }

  @Test
  @Order(3)
  @OperateOnDeployment(NAME)
  @DisplayName("a tenth of them get more than they read")
  void stalls(@ArquillianResource URI application) throws Exception {
    RunningWar war = new RunningWar(application);
    for (int i = 0; i < EVENTS; i++) {
      war.publish("application/x-www-form-urlencoded", "channel=large&data=" + LARGE);
    }
  }

  @Test
  @Order(4)
  @DisplayName("ends each within two seconds, in order and with a time of its own to come back")
  void ends() throws Exception {
    CompletableFuture<List<String>> rest =
        CompletableFuture.supplyAsync(() -> OPEN.stream().map(UndeployIT::read).toList());
    long begin = System.nanoTime();
    CompletableFuture<Duration> farewells = rest.thenApply(texts -> said(begin));
    deployer.undeploy(NAME);
    Duration undeployed = since(begin);
    closeServed();
    Set<Integer> times = new HashSet<>();
    for (String text : rest.get()) {
      Matcher last = LAST.matcher(text);
      assertTrue(last.matches(), () -> "no farewell: " + text);
      times.add(Integer.valueOf(last.group(1)));
    }
    ContainerReport.put("undeployment", "%.1f s".formatted(undeployed.toMillis() / 1000.0));
    assertWithin(SHORT, farewells.get());
    assertWithin(UNDEPLOYED, undeployed);
    assertTrue(times.stream().allMatch(time -> time >= 5_000 && time <= 15_000), times::toString);
    assertTrue(times.size() > STREAMS / 2, "times to come back that differ: " + times.size());
  }

  @Test
  @Order(5)
  @DisplayName("breaks those off that weren't ready, and the others got all")
  void breaksOff() {
    int broken = 0;
    for (HttpReply stream : STALLING) {
      try {
        String text = read(stream);
        assertTrue(LAST.matcher(text).matches(), () -> "no farewell: " + text.length());
      } catch (UncheckedIOException ended) {
        assertFalse(ended.getCause() instanceof SocketTimeoutException, "it is still open");
        broken++;
      }
    }
    assertTrue(broken > STALLED / 2, "of those that read nothing only broken off: " + broken);
  }

  @Test
  @Order(6)
  @DisplayName("tells the beans of each stream's end before CDI stops")
  void tells() throws Exception {
    assertEquals("%d opened, %1$d closed".formatted(STREAMS), Files.readString(Guestbook.file()));
  }

  @Test
  @Order(7)
  @DisplayName("the container's own detector has found no leak but the request still being served")
  void leaks() throws Exception {
    assertEquals(
        List.of(),
        Leaks.until(NAME).stream()
            .filter(line -> !line.contains("web application [" + NAME + "]"))
            .toList());
  }

  /** All farewells have been said. */
  private static Duration said(long begin) {
    Duration duration = since(begin);
    if (WAITS) {
      closeServed();
    }
    return duration;
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static void assertWithin(Duration bound, Duration duration) {
    assertTrue(duration.compareTo(bound) < 0, duration::toString);
  }

  private static void closeServed() {
    try {
      served.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(HttpReply stream) {
    try (stream) {
      return stream.text();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
