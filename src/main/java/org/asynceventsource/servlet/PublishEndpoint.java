package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.SendResult;
import org.asynceventsource.ServerSentEvent;
import org.asynceventsource.spi.WarnOnce;

/**
 * Publishing over HTTP: turns the body of a POST into an event and answers the event's id.
 *
 * <p>Takes {@code text/plain} (the body is the data), {@code application/json} and {@code
 * application/x-www-form-urlencoded} ({@code data}, {@code event}, {@code id}, {@code retry},
 * {@code channel}, {@code key}); and {@code text/event-stream}, by PUT too, whose events are
 * published one by one as they arrive. Who may publish is judged before.
 *
 * <p>Success is 200: the answer comes when the history keeps the event, so that 202 (accepted, but
 * not done) would say too little; 201 would need a URL of the event, which it has none. The answer
 * is the id and a line end, or {@code {"id":…,"delivery":…}} for clients that prefer {@code
 * application/json}.
 *
 * <p>Safe for use by several threads. Reads the body of one event blocking, within the container's
 * own time limits.
 */
public final class PublishEndpoint {

  private static final String TEXT = "text/plain";
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String EVENT_STREAM = "text/event-stream";

  private final int maxBody;
  private final PublishStreams streams;
  private final WarnOnce warnings;
  private final Map<String, EventReader> readers = new LinkedHashMap<>();

  /**
   * An endpoint; reads JSON only if JSON-P and a provider of it are present now.
   *
   * @param maxBody the most bytes of a request body, or of each event in a stream
   * @param streams takes the streams
   * @param warnings where refusals and failures are logged
   */
  public PublishEndpoint(int maxBody, PublishStreams streams, WarnOnce warnings) {
    this.maxBody = maxBody;
    this.streams = streams;
    this.warnings = warnings;
    readers.put(TEXT, (body, type) -> ServerSentEvent.of(RequestBody.text(body, type.charset())));
    json().ifPresent(json -> readers.put(JSON, json));
    readers.put(FORM, new EventForm());
  }

  /**
   * The media types that can be published, as the header field {@code Accept-Post} lists them.
   *
   * @return the types, separated by commas
   */
  public String acceptPost() {
    return String.join(", ", readers.keySet()) + ", " + EVENT_STREAM;
  }

  /**
   * Reads an event, publishes it and answers; later, and asynchronously, if the history answers
   * later, or if there is a stream of events.
   *
   * @param request the request, with support for asynchronous answers
   * @param response its response, not yet committed
   * @param publisher publishes to the event source; what it throws is answered as well
   * @throws IOException if the client is gone
   */
  public void publish(
      HttpServletRequest request,
      HttpServletResponse response,
      Function<ServerSentEvent, CompletionStage<SendResult>> publisher)
      throws IOException {
    MediaType type = MediaType.parse(request.getContentType());
    if (type.name().equals(EVENT_STREAM)) {
      openStream(request, response, type, publisher);
      return;
    }
    CompletableFuture<SendResult> published;
    try {
      published = publisher.apply(read(request, type)).toCompletableFuture();
    } catch (RuntimeException failure) {
      Refusal.ofFailure(failure, warnings).send(response, warnings);
      return;
    }
    boolean json = Negotiation.of(request).prefers(JSON, TEXT);
    if (published.isDone()) {
      answer(response, published, json);
      return;
    }
    new PendingAnswer(request, response, warnings)
        .completeAfter(published, () -> answer(response, published, json));
  }

  private ServerSentEvent read(HttpServletRequest request, MediaType type) throws IOException {
    if (request.getMethod().equals("PUT")) {
      throw unsupported(type, "send text/event-stream, or use POST")
          .withHeader("Accept", EVENT_STREAM)
          .asException();
    }
    EventReader reader = readers.get(type.name());
    if (reader == null) {
      throw unsupported(type, remedy(type)).withHeader("Accept-Post", acceptPost()).asException();
    }
    byte[] body = RequestBody.read(request, maxBody);
    if (type.name().equals(FORM)) {
      Optional<ServerSentEvent> event = EventForm.alreadyRead(request, body);
      if (event.isPresent()) {
        return event.get();
      }
    }
    return reader.read(body, type);
  }

  private void answer(
      HttpServletResponse response, CompletableFuture<SendResult> published, boolean json)
      throws IOException {
    SendResult result;
    try {
      result = published.join();
    } catch (RuntimeException failure) {
      Refusal.ofFailure(failure, warnings).send(response, warnings);
      return;
    }
    response.setStatus(HttpServletResponse.SC_OK);
    response.setHeader("Vary", "Accept");
    if (json) {
      PlainAnswer.write(response, JSON, json(result));
    } else {
      PlainAnswer.write(response, "text/plain;charset=UTF-8", result.id() + '\n');
    }
  }

  private static String json(SendResult result) {
    return "{\"id\":%s,\"delivery\":%s}"
            .formatted(
                JsonText.quoted(result.id()),
                JsonText.quoted(result.delivery().name().toLowerCase(Locale.ROOT)))
        + '\n';
  }

  private void openStream(
      HttpServletRequest request,
      HttpServletResponse response,
      MediaType type,
      Function<ServerSentEvent, CompletionStage<SendResult>> publisher)
      throws IOException {
    try {
      RequestBody.requireUtf8(type);
      RequestBody.requireUncompressed(request);
      if (!request.isAsyncSupported()) {
        throw Refusal.noAsyncSupport(request.getServletPath()).asException();
      }
    } catch (RefusedException refused) {
      refused.refusal().send(response, warnings);
      return;
    }
    streams.open(request, response, maxBody, publisher, warnings);
  }

  private static Refusal unsupported(MediaType type, String remedy) {
    String reason =
        type.name().isEmpty()
            ? "the header field Content-Type is missing"
            : "content type '%s' can't be published"
                .formatted(EventSourceException.printable(type.name()));
    return Refusal.of(415, "content type", reason, remedy);
  }

  private String remedy(MediaType type) {
    String send =
        type.name().equals(JSON)
            ? "add a provider of JSON-P such as org.eclipse.parsson:parsson to the server, or send "
            : "send ";
    return send + acceptPost().replace(", ", " or ");
  }

  private static Optional<EventReader> json() {
    try {
      return Optional.of(new EventJson());
    } catch (LinkageError | RuntimeException absent) {
      return Optional.empty();
    }
  }
}
