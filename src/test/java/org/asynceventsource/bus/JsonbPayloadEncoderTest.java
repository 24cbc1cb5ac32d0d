package org.asynceventsource.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.LoaderWithout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The encoder that comes along")
class JsonbPayloadEncoderTest {

  private final JsonbPayloadEncoder encoder = JsonbPayloadEncoder.create().orElseThrow();

  @AfterEach
  void close() {
    encoder.close();
  }

  @Test
  @DisplayName("writes objects as JSON")
  void objects() {
    Order order = new Order(42, "Grüße \"1\"\n", LocalDate.of(2026, 1, 2), List.of(1.5));

    assertThat(encoder.encode(order))
        .contains(
            "{\"day\":\"2026-01-02\",\"number\":42,\"prices\":[1.5],\"text\":\"Grüße \\\"1\\\"\\n\"}");
    assertThat(encoder.encode(Map.of("a", 1))).contains("{\"a\":1}");
    assertThat(encoder.encode(List.of())).contains("[]");
  }

  @Test
  @DisplayName("names the type that can't be written, and not its content")
  void cycle() {
    Node node = new Node();
    node.next = node;

    assertThatThrownBy(() -> encoder.encode(node))
        .isInstanceOf(EventSourceException.class)
        .hasMessageContaining(Node.class.getName())
        .hasMessageContaining(
            "; make it and its properties public, without cycles, or register a Payload")
        .hasMessageNotContaining("confidential");
  }

  @Test
  @DisplayName("is absent where JSON-B is")
  void withoutJsonb() throws ReflectiveOperationException {
    ClassLoader bare = new LoaderWithout("jakarta.json.bind.", JsonbPayloadEncoder.class.getName());
    Class<?> type = bare.loadClass(JsonbPayloadEncoder.class.getName());

    assertThat(type.getMethod("create").invoke(null)).isEqualTo(Optional.empty());
    assertThat(type.getDeclaredMethods()).isNotEmpty();
    assertThat(type.getDeclaredFields()).isNotEmpty();
  }

  /** What business code might fire. */
  public record Order(int number, String text, LocalDate day, List<Double> prices) {}

  /** An object that refers to itself. */
  public static final class Node {

    /** Itself. */
    public Node next;

    /** Must not be told. */
    public String text = "confidential";
  }
}
