package org.asynceventsource.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.asynceventsource.spi.WarnOnce;

/**
 * An answer that waits for the history, without holding a thread of the container.
 *
 * <p>The history's answer, the time limit and the client's end race; whichever is first ends the
 * request, and nobody touches the response afterwards.
 */
final class PendingAnswer implements AsyncListener {

  /** As long as a request waits by the Servlet specification's own default. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Refusal TOO_LATE =
      Refusal.of(
          503,
          "history too late",
          "the history did not answer within %d s, the event may be published or not"
              .formatted(PATIENCE.toSeconds()),
          "give the event an id of its own before trying again");

  private final AsyncContext async;
  private final HttpServletResponse response;
  private final WarnOnce warnings;
  private final AtomicBoolean ended = new AtomicBoolean();

  PendingAnswer(HttpServletRequest request, HttpServletResponse response, WarnOnce warnings) {
    this.async = request.startAsync(request, response);
    this.response = response;
    this.warnings = warnings;
    async.setTimeout(PATIENCE.toMillis());
    async.addListener(this);
  }

  /** Something that writes a response. */
  @FunctionalInterface
  interface Answer {

    void write() throws IOException;
  }

  /** Writes the answer as soon as the stage is complete, in whatever way. */
  void completeAfter(CompletionStage<?> stage, Answer answer) {
    stage.whenComplete((result, failure) -> complete(answer));
  }

  /** Writes the answer and ends the request, unless it has ended. */
  private void complete(Answer answer) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    try {
      answer.write();
    } catch (IOException clientGone) {
      // Nobody is left to be told; the event is in the history.
    } finally {
      async.complete();
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    complete(() -> TOO_LATE.send(response, warnings));
  }

  @Override
  public void onError(AsyncEvent event) {
    complete(() -> {});
  }

  @Override
  public void onComplete(AsyncEvent event) {
    ended.set(true);
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // Nobody dispatches this request again.
  }
}
