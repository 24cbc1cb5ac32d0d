package org.asynceventsource.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.asynceventsource.EventSources;
import org.asynceventsource.boot.BootListener;
import org.asynceventsource.security.AuthenticationMiddleware;
import org.asynceventsource.test.DigestClient;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jazzer in processes of their own, {@code it.inputs} inputs for each target. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("Inputs that a fuzzer makes up")
class FuzzIT {

  private static final String INPUTS = System.getProperty("it.inputs", "100000");
  private static final boolean LONG = Boolean.getBoolean("it.long");
  private static final String LONGEST_INPUT = "300";
  private static final long PATIENCE_MINUTES = 60;

  /** Room for fields that are too long for us; Jetty would refuse them itself. */
  private static final int HEADER_BYTES = 20_000;

  private final Map<FuzzTarget, Process> fuzzers = new EnumMap<>(FuzzTarget.class);
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  /** All at once: much of their time is the start of a virtual machine. */
  @BeforeAll
  void start() throws Exception {
    for (FuzzTarget target : FuzzTarget.values()) {
      fuzzers.put(target, fuzz(target));
    }
    ServletContextHandler application = new ServletContextHandler("/");
    application.setInitParameter("eventsource.users", "alice:secret");
    application.setInitParameter("eventsource.publishers", "alice");
    application.addEventListener(new BasicLogin());
    application.addEventListener(new BootListener());
    connector
        .getConnectionFactory(HttpConnectionFactory.class)
        .getHttpConfiguration()
        .setRequestHeaderSize(HEADER_BYTES);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(application);
    server.start();
  }

  @AfterAll
  void stop() throws Exception {
    fuzzers.values().forEach(Process::destroyForcibly);
    server.stop();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("break nothing, neither in the target nor sent over HTTP")
  void breakNothing(FuzzTarget target) throws Exception {
    Process fuzzer = fuzzers.get(target);
    boolean over = fuzzer.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    String output = Files.readString(log(target), StandardCharsets.UTF_8);
    assertThat(over).as(output).isTrue();
    assertThat(fuzzer.exitValue()).as(output).isZero();
    assertThat(output).containsPattern("Done " + INPUTS + " runs|DONE +cov");

    List<byte[]> inputs = target.inputs();
    assertThat(inputs).as(output).hasSizeGreaterThan(20);
    for (byte[] input : inputs) {
      for (HttpCall call : target.calls(input)) {
        assertThat(status(call)).as(call::toString).isBetween(200, 499);
      }
    }
  }

  private static Process fuzz(FuzzTarget target) throws IOException {
    Files.createDirectories(target.corpus());
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            java,
            "-Xmx512m",
            LONG ? "-XX:+TieredCompilation" : "-XX:TieredStopAtLevel=1", // no time to compile well
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target.className(),
            "--instrumentation_includes=" + target.guides(),
            "--instrumentation_excludes=" + target.className(),
            "--reproducer_path=" + target.corpus().getParent(),
            "-artifact_prefix=" + target.corpus().getParent() + "/",
            "-runs=" + INPUTS,
            "-max_len=" + LONGEST_INPUT,
            target.corpus().toString(),
            target.seeds().toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log(target).toFile())
        .start();
  }

  private static Path log(FuzzTarget target) {
    return Path.of(target.corpus() + ".log");
  }

  private int status(HttpCall call) throws IOException {
    int port = connector.getLocalPort();
    try (HttpReply reply = call.send(port)) {
      String challenge = reply.field("WWW-Authenticate");
      if (reply.status() != 401 || !challenge.startsWith("Digest ")) {
        return reply.status();
      }
      DigestClient alice = DigestClient.of("alice", "secret", challenge);
      String answer = alice.answer("POST", FuzzTarget.PATH);
      try (HttpReply again = call.with("Authorization", answer).send(port)) {
        return again.status();
      }
    }
  }

  /** A second event source, whose readers log in by basic authentication. */
  private static final class BasicLogin implements ServletContextListener {

    @Override
    public void contextInitialized(ServletContextEvent event) {
      EventSources.of(event.getServletContext())
          .at(FuzzTarget.BASIC)
          .addMiddleware(
              AuthenticationMiddleware.basic().username("alice").password("secret").build());
    }
  }
}
