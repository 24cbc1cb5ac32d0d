package org.asynceventsource.servlet;

import static jakarta.json.stream.JsonParser.Event.VALUE_NULL;
import static jakarta.json.stream.JsonParser.Event.VALUE_NUMBER;
import static jakarta.json.stream.JsonParser.Event.VALUE_STRING;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonLocation;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import jakarta.json.stream.JsonParsingException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.ServerSentEvent;

/**
 * Reads events from JSON objects (RFC 8259) with the members {@code data}, {@code event}, {@code
 * id}, {@code retry}, {@code channel} and {@code key}.
 *
 * <p>Needs JSON-P and a provider of it: creating one fails with a {@link LinkageError} or a {@link
 * JsonException} where they are missing.
 */
final class EventJson implements EventReader {

  private static final String SHAPE =
      "send an object such as {\"data\":\"hello\",\"event\":\"greeting\"}";
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final JsonParserFactory parsers = Json.createParserFactory(Map.of());

  @Override
  public ServerSentEvent read(byte[] body, MediaType type) {
    String text = RequestBody.utf8(body, type);
    text = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    try (JsonParser parser = parsers.createParser(new StringReader(text))) {
      return event(parser);
    } catch (JsonParsingException malformed) {
      throw malformed(malformed.getLocation(), text);
    } catch (EventSourceException ours) {
      throw ours;
    } catch (RuntimeException | StackOverflowError unreadable) {
      // Providers differ in how they refuse an early end, numbers too long and nesting too deep.
      throw refusal("malformed", "the body is malformed JSON");
    }
  }

  private static ServerSentEvent event(JsonParser parser) {
    if (parser.next() != JsonParser.Event.START_OBJECT) {
      throw refusal("no object", "the body is no JSON object");
    }
    Map<String, String> fields = new HashMap<>();
    while (parser.next() != JsonParser.Event.END_OBJECT) {
      String name = parser.getString();
      if (fields.put(name, member(name, parser.next(), parser)) != null) {
        throw refusal("repeated member", "the object has twice the member " + quoted(name));
      }
    }
    if (parser.hasNext()) {
      throw refusal("malformed", "the body is malformed JSON, it goes on behind the object");
    }
    if (!fields.containsKey("data")) {
      throw refusal("no data", "the object has no member 'data'");
    }
    return ServerSentEvent.of(fields.getOrDefault("data", ""))
        .withName(fields.get("event"))
        .withId(fields.get("id"))
        .withRetry(Long.parseLong(fields.getOrDefault("retry", "0")))
        .withChannel(fields.getOrDefault("channel", ""))
        .withKey(fields.get("key"));
  }

  /** The member as text; empty for none. */
  private static String member(String name, JsonParser.Event value, JsonParser parser) {
    return switch (name) {
      case "data" -> value == VALUE_STRING ? parser.getString() : parser.getValue().toString();
      case "event", "channel", "key" -> text(name, value, parser);
      case "id" ->
          value == VALUE_NUMBER
              ? ServerSentEvent.of("").withId(wholeNumber(name, parser)).id().orElse("")
              : text(name, value, parser);
      case "retry" -> Long.toString(value == VALUE_NULL ? 0 : wholeNumber(name, parser));
      default ->
          throw refusal("unknown member", "the object has an unknown member " + quoted(name));
    };
  }

  private static String text(String name, JsonParser.Event value, JsonParser parser) {
    return switch (value) {
      case VALUE_STRING -> parser.getString();
      case VALUE_NULL -> "";
      default -> throw refusal("type of " + name, "the member " + quoted(name) + " is no text");
    };
  }

  private static long wholeNumber(String name, JsonParser parser) {
    try {
      return parser.getBigDecimal().longValueExact();
    } catch (ArithmeticException | IllegalStateException notWhole) {
      throw refusal("type of " + name, "the member " + quoted(name) + " is no whole number");
    }
  }

  private static RefusedException malformed(JsonLocation location, String text) {
    // Parsson counts on behind the end, so that its place there is none.
    boolean inside = location.getStreamOffset() >= 0 && location.getStreamOffset() < text.length();
    String place =
        inside
            ? "at line %d, column %d"
                .formatted(location.getLineNumber(), location.getColumnNumber())
            : "at its end: something is missing";
    return refusal("malformed", "the body is malformed JSON " + place);
  }

  private static String quoted(String name) {
    return "'" + EventSourceException.printable(name) + "'";
  }

  private static RefusedException refusal(String cause, String reason) {
    return Refusal.of(400, "JSON: " + cause, reason, SHAPE).asException();
  }
}
