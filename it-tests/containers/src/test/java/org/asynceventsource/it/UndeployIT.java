package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
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
  private static final Pattern LAST = Pattern.compile(".*\n\nretry: ([0-9]+)\n\n", Pattern.DOTALL);

  private static final List<HttpReply> OPEN = new ArrayList<>();
  private static @Nullable HttpReply served;

  @ArquillianResource private @Nullable Deployer deployer;

  /** The WAR with one bean and one servlet, as an application of somebody's. */
  @Deployment(name = NAME, managed = false, testable = false)
  static WebArchive war() {
    return EventSourceWar.unchanged().addClasses(Guestbook.class, SlowServlet.class);
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
    for (int i = 0; i < STREAMS; i++) {
      HttpReply stream =
          HttpCall.of("GET", application.getPath() + "events").send(application.getPort());
      assertEquals(200, stream.status());
      OPEN.add(stream);
    }
    HttpCall unfinished =
        HttpCall.of("POST", application.getPath() + "slow").with("Content-Length", "1");
    served = unfinished.send(application.getPort());
    assertEquals(200, served.status());
  }

  @Test
  @Order(3)
  @DisplayName("ends each within two seconds, in order and with a time of its own to come back")
  void ends() throws Exception {
    CompletableFuture<List<String>> rest = CompletableFuture.supplyAsync(UndeployIT::readAll);
    long begin = System.nanoTime();
    deployer.undeploy(NAME);
    served.close();
    Set<Integer> times = new HashSet<>();
    for (String text : rest.get()) {
      Matcher last = LAST.matcher(text);
      assertTrue(last.matches(), () -> "no farewell: " + text);
      times.add(Integer.valueOf(last.group(1)));
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - begin);
    assertTrue(duration.compareTo(Duration.ofSeconds(2)) < 0, duration::toString);
    assertTrue(times.stream().allMatch(time -> time >= 5_000 && time <= 15_000), times::toString);
    assertTrue(times.size() > STREAMS / 2, "times to come back that differ: " + times.size());
  }

  @Test
  @Order(4)
  @DisplayName("tells the beans of each stream's end before CDI stops")
  void tells() throws Exception {
    assertEquals("%d opened, %1$d closed".formatted(STREAMS), Files.readString(Guestbook.file()));
  }

  private static List<String> readAll() {
    List<String> texts = new ArrayList<>();
    for (HttpReply stream : OPEN) {
      try (stream) {
        texts.add(stream.text());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return texts;
  }
}
