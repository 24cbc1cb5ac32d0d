package org.asynceventsource.stream;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A stream begins")
class OpeningTest {

  private ManualStream stream = ManualStream.create();

  @AfterEach
  void rulesAreKept() {
    stream.assertRulesKept();
  }

  @Test
  @DisplayName("with its headers")
  void headers() {
    FakeExchange client = stream.open();

    assertThat(client.status()).isEqualTo(200);
    assertThat(client.headers())
        .containsEntry("Content-Type", "text/event-stream")
        .containsEntry("Cache-Control", "no-store, no-transform")
        .containsEntry("X-Accel-Buffering", "no")
        .containsEntry("X-Content-Type-Options", "nosniff")
        .containsEntry("Vary", "Accept");
  }

  @Test
  @DisplayName("with headers and first bytes on the wire before it becomes asynchronous")
  void headersFirst() {
    FakeExchange client = stream.begin(null);

    assertThat(client.calls())
        .containsSubsequence("flushBuffer", "startAsync", "setTimeout 0", "setWriteListener")
        .doesNotContain("flush", "isReady");
    assertThat(client.calls().get(0)).startsWith("write ");
    assertThat(client.text()).startsWith(": async event source\nretry: 3000\n");
  }

  @Test
  @DisplayName("for a fresh client with the current id alone, and then live events")
  void freshClient() {
    stream.send("a", "b");
    FakeExchange client = stream.begin(null);
    assertThat(stream.news(client)).isEqualTo(": async event source\nretry: 3000\nid: E-2\n\n");

    stream.send("c");
    stream.settle();
    assertThat(stream.news(client)).isEqualTo("id: E-3\ndata: c\n\n");
  }

  @Test
  @DisplayName("for a fresh client with an event that carries the current id, if so configured")
  void hello() {
    stream = ManualStream.create(options -> options.hello());
    stream.send("a");

    assertThat(stream.news(stream.begin(null)))
        .isEqualTo(
            ": async event source\nretry: 3000\nid: E-1\nevent: eventsource.hello\ndata: \n\n");
  }

  @Test
  @DisplayName("behind the id that the client presents, and says so")
  void resumes() {
    stream.send("a", "b", "c");
    FakeExchange client = stream.begin(stream.id(1));
    stream.settle();

    assertThat(stream.news(client))
        .isEqualTo(
            """
            : async event source
            retry: 3000
            id: E-1

            id: E-2
            data: b

            id: E-3
            data: c

            """);
  }

  /**
   * A client that takes the specification at its word forgets its last event ID at an empty line
   * before the new stream's first id; cut off then, it would come back as a fresh one.
   */
  @Test
  @DisplayName("with an id before its first empty line, whoever comes")
  void idFirst() {
    stream.send("a");
    for (String lastId : Arrays.asList(null, stream.id(0), stream.id(1), "nonsense")) {
      String wire = stream.begin(lastId).text();
      assertThat(wire.substring(0, wire.indexOf("\n\n"))).contains("\nid: ");
      assertThat(wire).containsOnlyOnce("\n\n");
    }
  }

  @Test
  @DisplayName("behind an id of the application's own")
  void resumesOwnId() {
    stream.source.send("a", "myevent", 1_000);
    stream.source.send("b", "myevent", 2_000);
    FakeExchange client = stream.open("1000");

    assertThat(client.text()).endsWith("\n\nid: 2000\nevent: myevent\ndata: b\n\n");
  }

  @Test
  @DisplayName("with a gap, and then all that is held, if history was trimmed")
  void trimmed() {
    stream = ManualStream.create(options -> options.events(2));
    stream.send("a", "b", "c", "d", "e");
    FakeExchange client = stream.open(stream.id(1));

    assertThat(stream.plain(client.text()))
        .isEqualTo(
            """
            : async event source
            retry: 3000
            id: E-3
            event: eventsource.gap
            data: {"requested":"E-1","resumedAt":"E-3","lost":2,"reason":"trimmed"}

            id: E-4
            data: d

            id: E-5
            data: e

            """);
  }

  @Test
  @DisplayName("with a gap, and then live events only, if the id is unknown")
  void unknown() {
    stream.send("a");
    FakeExchange client = stream.open("gggggggggggg-7");
    stream.send("b");
    stream.settle();

    assertThat(stream.plain(client.text()))
        .isEqualTo(
            """
            : async event source
            retry: 3000
            id: E-1
            event: eventsource.gap
            data: {"requested":"gggggggggggg-7","resumedAt":"E-1","lost":null,"reason":"unknown"}

            id: E-2
            data: b

            """);
  }

  @Test
  @DisplayName("with a gap, and then live events only, if the id is yet to come")
  void future() {
    stream.send("a");
    FakeExchange client = stream.open(stream.id(1).replaceFirst("-1$", "-99"));

    assertThat(stream.plain(client.text()))
        .endsWith(
            "data: {\"requested\":\"E-99\",\"resumedAt\":\"E-1\",\"lost\":null,\"reason\":\"future\"}\n\n");
  }

  @Test
  @DisplayName("with a gap event under the configured name")
  void gapName() {
    stream = ManualStream.create(options -> options.gapEvent("verloren"));

    assertThat(stream.open("nonsense").text()).contains("\nevent: verloren\ndata: {");
  }

  /** The attack: a last event ID that breaks out of the JSON text, or of the line. */
  @Test
  @DisplayName("with a gap whose JSON no id can break")
  void escapes() {
    String hostile = "\"}\\\r\n\ndata: x\0\u0085\u2028é\uD83D\uDE00\uD83D\u007F";
    String wire = stream.open(hostile).text();

    assertThat(gap(wire).getString("requested")).isEqualTo(hostile);
    assertThat(wire.chars().allMatch(c -> c == '\n' || (c >= ' ' && c <= '~'))).isTrue();
    assertThat(wire.lines().filter(line -> line.startsWith("data:"))).hasSize(1);
  }

  /** The attack: kilobytes of id, to be sent back. */
  @Test
  @DisplayName("with a gap that repeats no more than 128 characters of a 6 KB id")
  void longId() {
    String id = "x".repeat(6 * 1024);
    JsonObject gap = gap(stream.open(id).text());

    assertThat(gap.getString("requested")).isEqualTo("x".repeat(128));
    assertThat(gap.getString("reason")).isEqualTo("unknown");
  }

  private static JsonObject gap(String wire) {
    String data = wire.lines().filter(line -> line.startsWith("data: ")).findFirst().orElseThrow();
    try (JsonReader reader = Json.createReader(new StringReader(data.substring(6)))) {
      return reader.readObject();
    }
  }
}
