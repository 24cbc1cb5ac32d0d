package org.asynceventsource.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.asynceventsource.it.clients.FrontServer.Kind;
import org.asynceventsource.it.support.CuttingProxy;
import org.asynceventsource.it.support.Publisher;
import org.asynceventsource.it.support.WarProcess;
import org.asynceventsource.test.EventStreamParser.Message;
import org.asynceventsource.test.EventStreamRecorder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Debian's web servers and load balancer, with the configurations that the notes show. */
@TestMethodOrder(OrderAnnotation.class)
@DisplayName("The notes' configuration of a server in front of the WAR")
class FrontServerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String HELLO = "eventsource.hello";
  private static final String GAP = "eventsource.gap";
  private static final Map<Kind, FrontServer> FRONTS = new EnumMap<>(Kind.class);
  private static final HttpClient BROWSER =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private static Path directory;
  private static WarProcess war;

  @BeforeAll
  static void start() throws Exception {
    war =
        WarProcess.start(
            "--user",
            "alice:wonderland",
            "-Deventsource.hello=true",
            "-Deventsource.hosts=localhost",
            "-Deventsource.trusted-proxies=127.0.0.1",
            "-Deventsource.retry=100ms..200ms"); // to come back while the server is away
    // Workers of httpd have a user of their own.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    for (Kind kind : Kind.values()) {
      FRONTS.put(kind, FrontServer.start(kind, war.port(), directory));
    }
  }

  @AfterAll
  static void stop() {
    FRONTS.values().forEach(FrontServer::close);
    war.close();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "lets the first bytes through at once, each event by itself, a login and a resume id")
  void streams(Kind kind) throws Exception {
    FrontServer front = FRONTS.get(kind);
    List<String> ids = new ArrayList<>();
    try (Publisher publisher = publisher(front);
        EventStreamRecorder stream = open(front, "")) {
      assertThat(stream.next().name()).isEqualTo(HELLO);
      for (int i = 0; i < 3; i++) {
        ids.add(publisher.publish("event " + i));
        stream.assertEvent(ids.get(i), "message", "event " + i);
      }
    }
    try (EventStreamRecorder resumed = open(front, ids.get(0))) {
      resumed.assertEvent(ids.get(1), "message", "event 1");
      resumed.assertEvent(ids.get(2), "message", "event 2");
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("speaks HTTP/2 to browsers, and doesn't compress")
  void http2(Kind kind) throws Exception {
    FrontServer front = FRONTS.get(kind);
    Path output = directory.resolve(kind + ".http2");
    Process curl =
        curl(
            output,
            "--include",
            "--http2",
            "--header",
            "Accept-Encoding: gzip",
            "--cacert",
            front.certificate().toString(),
            front.secureEvents().toString());
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(Files.readString(output))
                    .startsWith("HTTP/2 200")
                    .contains("content-type: text/event-stream")
                    .doesNotContain("content-encoding")
                    .contains("\nid: "));
    curl.destroy();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("lets each event of a published stream through at once")
  void publishedStream(Kind kind) throws Exception {
    FrontServer front = FRONTS.get(kind);
    try (EventStreamRecorder stream = open(front, "")) {
      assertThat(stream.next().name()).isEqualTo(HELLO);
      Process curl =
          curl(
              directory.resolve(kind + ".published"),
              "--digest",
              "--user",
              "alice:wonderland",
              "--header",
              "Content-Type: text/event-stream",
              "--upload-file",
              "-",
              front.events().toString());
      try (OutputStream published = curl.getOutputStream()) {
        for (String data : List.of("one", "two")) {
          published.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
          published.flush();
          stream.assertEvent(null, "message", data);
        }
      }
      assertThat(curl.waitFor()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("answers streams while the container has no application")
  void noApplication(Kind kind) throws Exception {
    HttpServer container = withoutApplication();
    try (FrontServer front = FrontServer.start(kind, container.getAddress().getPort(), directory)) {
      assertAway(front);
    } finally {
      container.stop(0);
    }
  }

  @Test
  @Order(Integer.MAX_VALUE) // a failure might leave the server stopped
  @DisplayName("answers streams while the server is away, so that every EventSource comes back")
  void restart() throws Exception {
    List<CuttingProxy> networks = new ArrayList<>();
    List<NodeProgram> programs = new ArrayList<>();
    for (FrontServer front : FRONTS.values()) {
      CuttingProxy network = CuttingProxy.to(front.port());
      networks.add(network);
      programs.add(
          NodeProgram.eventSource(
              URI.create("http://localhost:" + network.port() + "/events"),
              HELLO,
              "before",
              "after",
              GAP));
    }
    awaitNames(programs, HELLO);
    publishThroughEach("before");
    awaitNames(programs, HELLO, "before", "before", "before");

    war.stop();
    for (FrontServer front : FRONTS.values()) {
      assertAway(front);
    }
    for (CuttingProxy network : networks) {
      await().atMost(PATIENCE).until(() -> network.requests().size() > 1);
    }
    war.startAgain();

    awaitNames(programs, HELLO, "before", "before", "before", GAP);
    publishThroughEach("after");
    awaitNames(programs, HELLO, "before", "before", "before", GAP, "after", "after", "after");
    programs.forEach(NodeProgram::close);
    networks.forEach(CuttingProxy::close);
  }

  private static void publishThroughEach(String name) {
    for (FrontServer front : FRONTS.values()) {
      try (Publisher publisher = publisher(front)) {
        publisher.publish("by " + front.port(), name);
      }
    }
  }

  private static void awaitNames(List<NodeProgram> programs, String... names) {
    for (NodeProgram program : programs) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(program.messages())
                      .as(program.complaints())
                      .extracting(Message::name)
                      .containsExactly(names));
    }
  }

  /** A stream only says when to come back, and who publishes learns that nothing was. */
  private static void assertAway(FrontServer front) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(front.events());
    HttpResponse<String> stream = BROWSER.send(request.build(), BodyHandlers.ofString());
    assertThat(stream.statusCode()).as("%s", front.kind()).isEqualTo(200);
    assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(stream.body()).isEqualTo("retry: 3000\n\n");
    HttpRequest publish = request.POST(BodyPublishers.ofString("data=lost")).build();
    HttpClient publisher = HttpClient.newHttpClient(); // the other's connection may just be closing
    assertThat(publisher.send(publish, BodyHandlers.discarding()).statusCode())
        .as("%s", front.kind())
        .isBetween(400, 599);
  }

  /** What is left of a container whose application is being deployed: it answers 404. */
  private static HttpServer withoutApplication() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static Publisher publisher(FrontServer front) {
    return Publisher.of(front.events(), "alice", "wonderland");
  }

  private static EventStreamRecorder open(FrontServer front, String lastEventId) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(front.events());
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<InputStream> response =
        BROWSER.send(request.build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return EventStreamRecorder.of(response.body());
  }

  private static Process curl(Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(System.getProperty("it.curl")));
    command.addAll(List.of("--silent", "--no-buffer"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}
