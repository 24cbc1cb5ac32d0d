package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.ServerSentEvent;
import org.jspecify.annotations.Nullable;

/**
 * Reads events from HTML forms: {@code application/x-www-form-urlencoded} (WHATWG URL §5.1).
 *
 * <p>Not by {@code getParameter}: that mixes in the query, knows other limits and replaces
 * malformed text. Only where a filter or condition of the application has called it, so that the
 * body is gone, is there no other way.
 */
final class EventForm implements EventReader {

  private static final String SHAPE =
      "send data=…, and as you like event=…, id=…, retry=…, channel=… and key=…, each once";
  private static final Set<String> NAMES = Set.of("data", "event", "id", "retry", "channel", "key");

  @Override
  public ServerSentEvent read(byte[] body, MediaType type) {
    return event(fields(RequestBody.utf8(body, type)));
  }

  /** Reads a form that the container has read before us; empty if it has not. */
  static Optional<ServerSentEvent> alreadyRead(HttpServletRequest request, byte[] body) {
    if (body.length > 0 || request.getContentLengthLong() == 0) {
      return Optional.empty();
    }
    Map<String, String> fields = new HashMap<>();
    for (String name : NAMES) {
      String[] values = request.getParameterValues(name);
      if (values != null) {
        // Those of the query come before those of the form (Jakarta Servlet 6.0 §3.1).
        fields.put(name, values[values.length - 1]);
      }
    }
    return fields.isEmpty() ? Optional.empty() : Optional.of(event(fields));
  }

  private static ServerSentEvent event(Map<String, String> fields) {
    String data = fields.get("data");
    if (data == null) {
      throw refusal("no data", "the form has no field 'data'");
    }
    return ServerSentEvent.of(data)
        .withName(fields.get("event"))
        .withId(fields.get("id"))
        .withRetry(retry(fields.get("retry")))
        .withChannel(fields.getOrDefault("channel", ""))
        .withKey(fields.get("key"));
  }

  private static Map<String, String> fields(String form) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : form.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      if (!NAMES.contains(name)) {
        throw refusal("unknown field", "the form has an unknown field", name);
      }
      if (fields.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
        throw refusal("repeated field", "the form has twice the field", name);
      }
    }
    return fields;
  }

  private static String decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(octet(text, i));
        i += 2;
      } else {
        bytes.writeBytes((c == '+' ? " " : String.valueOf(c)).getBytes(StandardCharsets.UTF_8));
      }
    }
    return RequestBody.decode(bytes.toByteArray(), StandardCharsets.UTF_8);
  }

  private static int octet(String text, int percent) {
    if (percent + 2 < text.length()) {
      int high = Character.digit(text.charAt(percent + 1), 16);
      int low = Character.digit(text.charAt(percent + 2), 16);
      if (high >= 0 && low >= 0) {
        return high << 4 | low;
      }
    }
    throw refusal("malformed percent-encoding", "a '%' in the form lacks its two hex digits");
  }

  private static long retry(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw refusal("retry", "'retry' is no whole number of milliseconds:", text);
    }
    return Long.parseLong(text);
  }

  private static RefusedException refusal(String cause, String reason, String value) {
    return refusal(cause, reason + " '" + EventSourceException.printable(value) + "'");
  }

  private static RefusedException refusal(String cause, String reason) {
    return Refusal.of(400, "form: " + cause, reason, SHAPE).asException();
  }
}
