package org.asynceventsource.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.asynceventsource.security.AuthorizationInput;
import org.asynceventsource.servlet.PublishedInput;
import org.asynceventsource.stream.LastEventIdInput;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.wire.EncodedInput;

/** What the fuzzer feeds, and how the same bytes get there over HTTP. */
enum FuzzTarget {
  AUTHORIZATION("authorization", AuthorizationInput.class, "org.asynceventsource.security.*") {
    @Override
    List<HttpCall> calls(byte[] input) {
      String field = field(AuthorizationInput.field(input).getBytes(ISO_8859_1));
      String pair = Base64.getEncoder().encodeToString(input);
      return List.of(
          HttpCall.of("GET", PATH).with("Authorization", field),
          HttpCall.of("GET", BASIC).with("Authorization", field),
          HttpCall.of("GET", BASIC).with("Authorization", "Basic " + pair));
    }
  },

  LAST_EVENT_ID(
      "last-event-id",
      LastEventIdInput.class,
      "org.asynceventsource.stream.LastEventId",
      "org.asynceventsource.stream.GapNotice",
      "org.asynceventsource.log.*") {
    @Override
    List<HttpCall> calls(byte[] input) {
      String query = URLEncoder.encode(new String(input, ISO_8859_1), ISO_8859_1);
      return List.of(
          HttpCall.of("GET", PATH).with("Last-Event-ID", field(input)),
          HttpCall.of("GET", PATH + "?lastEventId=" + query + "&channel=" + query));
    }
  },

  PUBLISHED("published", PublishedInput.class, "org.asynceventsource.servlet.*") {
    @Override
    List<HttpCall> calls(byte[] input) {
      byte[] body = PublishedInput.body(input);
      return List.of(HttpCall.of("POST", PATH).withBody(PublishedInput.type(input), body));
    }
  },

  ENCODED("encoded", EncodedInput.class, "org.asynceventsource.wire.*") {
    @Override
    List<HttpCall> calls(byte[] input) {
      return List.of(HttpCall.of("POST", PATH).withBody("text/plain", input));
    }
  };

  /** Where requests go, and publishers log in by digest. */
  static final String PATH = "/events";

  /** Where readers log in by basic authentication. */
  static final String BASIC = "/basic";

  private static final Path SEEDS = Path.of(System.getProperty("it.seeds", "target/seeds"));
  private static final Path FUZZ = Path.of(System.getProperty("it.fuzz", "target/fuzz"));

  private final String directory;
  private final Class<?> type;

  private final String guides;

  FuzzTarget(String directory, Class<?> type, String... guides) {
    this.directory = directory;
    this.type = type;
    this.guides = String.join(":", guides);
  }

  /** Patterns of the classes that are watched, so that inputs are kept which reach new parts. */
  String guides() {
    return guides;
  }

  /** The class with the method {@code fuzzerTestOneInput}. */
  String className() {
    return type.getName();
  }

  Path seeds() {
    return SEEDS.resolve(directory);
  }

  /** Where the fuzzer keeps what reached something new. */
  Path corpus() {
    return FUZZ.resolve(directory);
  }

  /** Seeds and corpus. */
  List<byte[]> inputs() throws IOException {
    try (Stream<Path> seeds = Files.list(seeds());
        Stream<Path> kept = Files.list(corpus())) {
      return Stream.concat(seeds, kept).map(FuzzTarget::bytes).toList();
    }
  }

  /** The requests that carry an input. */
  abstract List<HttpCall> calls(byte[] input);

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As one header field: what would begin another line is left out. */
  private static String field(byte[] input) {
    return new String(input, UTF_8).replaceAll("[\r\n]", "");
  }
}
