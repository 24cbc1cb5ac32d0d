package org.asynceventsource.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.InvalidEventException;
import org.asynceventsource.spi.WarnOnce;

/**
 * Why a request is refused and what its sender can do; the only way that this package answers with
 * an error.
 *
 * @param status the HTTP status, 400 or above
 * @param cause what tells it from other refusals in the log: a constant, nothing that a client sent
 * @param reason what is wrong; values of the client's shortened and without control characters
 * @param remedy what to do
 * @param headers further header fields, such as {@code Allow}
 */
public record Refusal(
    int status, String cause, String reason, String remedy, Map<String, String> headers) {

  /**
   * A refusal.
   *
   * @param status the HTTP status, 400 or above
   * @param cause a constant for the log
   * @param reason what is wrong
   * @param remedy what to do
   * @param headers further header fields
   */
  public Refusal {
    headers = Map.copyOf(headers);
  }

  /**
   * A refusal without further header fields.
   *
   * @param status the HTTP status, 400 or above
   * @param cause a constant for the log
   * @param reason what is wrong
   * @param remedy what to do
   * @return the refusal
   */
  public static Refusal of(int status, String cause, String reason, String remedy) {
    return new Refusal(status, cause, reason, remedy, Map.of());
  }

  /**
   * The refusal of a method (RFC 9110 §15.5.6).
   *
   * @param method the method that was tried
   * @param allow the methods that are possible, as the header field lists them
   * @return 405 with {@code Allow}
   */
  public static Refusal methodNotAllowed(String method, String allow) {
    return of(
            405,
            "method not allowed",
            "method %s is not possible here".formatted(EventSourceException.printable(method)),
            "use one of " + allow)
        .withHeader("Allow", allow);
  }

  /**
   * The refusal of a client that takes no event stream (RFC 9110 §15.5.7).
   *
   * @return 406
   */
  public static Refusal notAcceptable() {
    return of(
            406,
            "not acceptable",
            "the header field Accept excludes text/event-stream",
            "send 'Accept: text/event-stream' or none")
        .withHeader("Vary", "Accept");
  }

  /** The refusal of what can't be answered because a filter of the application forbids it. */
  static Refusal noAsyncSupport(String path) {
    return of(
        500,
        "no async support",
        "a filter before '%s' is not async-supported".formatted(path),
        "set <async-supported>true</async-supported> on every filter that is mapped there");
  }

  /** The refusal of an event that can't be sent. */
  static Refusal of(InvalidEventException invalid) {
    String message = String.valueOf(invalid.getMessage());
    // The kind of mistake without what the client sent: one line in the log for each kind.
    String cause = message.replaceAll("(?s)'.*'", "'…'").replaceAll("[0-9]+", "…");
    int remedy = message.lastIndexOf("; ");
    return remedy < 0
        ? of(400, cause, message, "change it")
        : of(400, cause, message.substring(0, remedy), message.substring(remedy + 2));
  }

  /**
   * The refusal that answers a failure to publish; logs those that are no client's fault.
   *
   * @param failure what reading, encoding or the history has thrown
   */
  static Refusal ofFailure(Throwable failure, WarnOnce warnings) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RefusedException refused) {
      return refused.refusal();
    }
    if (cause instanceof InvalidEventException invalid) {
      return of(invalid);
    }
    warnings.warn(
        "publishing " + cause.getClass().getName(),
        "an event could not be published over HTTP; see the failure for what to do",
        cause);
    return cause instanceof EventSourceException
        ? of(
            503,
            "not published",
            "the event could not be published",
            "try again later; the server's log says why")
        : of(
            500,
            "failure",
            "the event could not be published, by a failure of the server",
            "its log says why");
  }

  /** This refusal of something that is one of many. */
  Refusal at(String place) {
    return new Refusal(status, cause, place + ": " + reason, remedy, headers);
  }

  /**
   * This refusal with a further header field.
   *
   * @param name the field's name
   * @param value the field's value
   * @return the refusal with the field
   */
  public Refusal withHeader(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Refusal(status, cause, reason, remedy, more);
  }

  /**
   * Answers the request with this refusal and logs it if its cause is new. Does nothing but log if
   * the response is committed.
   *
   * @param response the response, in blocking mode
   * @param warnings where the refusal is logged
   * @throws IOException if the client is gone
   */
  public void send(HttpServletResponse response, WarnOnce warnings) throws IOException {
    log(warnings);
    if (response.isCommitted()) {
      return;
    }
    writeHead(response);
    PlainAnswer.write(response, "text/plain;charset=UTF-8", message() + '\n');
  }

  /** What is wrong and what to do, on one line. */
  String message() {
    return reason + "; " + remedy;
  }

  void log(WarnOnce warnings) {
    warnings.warn(
        "refusal " + status + ' ' + cause,
        "a request was refused with %d: %s (told once per cause)".formatted(status, message()));
  }

  void writeHead(HttpServletResponse response) {
    response.setStatus(status);
    headers.forEach(response::setHeader);
  }

  /** The refusal as an exception, for code that has no other way out. */
  RefusedException asException() {
    return new RefusedException(this);
  }
}
