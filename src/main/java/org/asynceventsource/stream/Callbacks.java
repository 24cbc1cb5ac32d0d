package org.asynceventsource.stream;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;

/**
 * Runs the application's callbacks of one event source: on a few threads of an executor, never
 * under a lock, and per client {@code onConnect} before {@code onDisconnect}, each exactly once.
 *
 * <p>No callback is ever refused: a client has at most one of them waiting, and its place among the
 * clients is given back only when its last callback has run.
 */
final class Callbacks {

  private static final int PARALLELISM = 4;

  /** Fewer, so that questions that nobody answers hold up no callback. */
  private static final int QUESTIONS_AT_ONCE = 2;

  private static final int CONNECTED = 1;
  private static final int DISCONNECTED = 2;

  private final List<Consumer<? super AsyncEventSourceClient>> onConnect =
      new CopyOnWriteArrayList<>();
  private final List<BiConsumer<? super AsyncEventSourceClient, DisconnectReason>> onDisconnect =
      new CopyOnWriteArrayList<>();
  private final Runners owed;
  private final Runners questions;
  private final Consumer<StreamClient> finished;

  /**
   * Callbacks of one event source.
   *
   * @param executor runs them
   * @param applicationLoader the context class loader they see
   * @param capacity how many clients there can be
   * @param finished told of each client whose callbacks have all run
   */
  Callbacks(
      Executor executor,
      ClassLoader applicationLoader,
      int capacity,
      Consumer<StreamClient> finished) {
    this.owed = new Runners(executor, applicationLoader, PARALLELISM, capacity);
    this.questions = new Runners(executor, applicationLoader, QUESTIONS_AT_ONCE, capacity);
    this.finished = finished;
  }

  void onConnect(Consumer<? super AsyncEventSourceClient> callback) {
    onConnect.add(callback);
  }

  void onDisconnect(BiConsumer<? super AsyncEventSourceClient, DisconnectReason> callback) {
    onDisconnect.add(callback);
  }

  /** Whether anybody is to be told of clients that connect. */
  boolean hasConnect() {
    return !onConnect.isEmpty();
  }

  /** The client's stream is open. */
  void connected(StreamClient client) {
    if (!hasConnect()) {
      afterConnect(client);
    } else {
      submit(() -> runConnect(client));
    }
  }

  /**
   * Asks the application, or what it logs in with, about a client; at most one task for each.
   *
   * @return whether it will be asked; not if questions wait for too many clients that are gone
   */
  boolean question(Runnable task) {
    return questions.submit(task);
  }

  /** The client went before its stream was open: no callback is owed, its place is free. */
  void connectionFailed(StreamClient client) {
    finished.accept(client);
  }

  /** The client's stream has ended; called once, possibly under the client's fence. */
  void disconnected(StreamClient client) {
    if (client.mark(DISCONNECTED)) {
      submitDisconnect(client);
    }
  }

  private void runConnect(StreamClient client) {
    onConnect.forEach(callback -> guarded("onConnect", () -> callback.accept(client)));
    afterConnect(client);
  }

  private void afterConnect(StreamClient client) {
    client.goLive();
    if (client.mark(CONNECTED)) {
      submitDisconnect(client);
    }
  }

  private void submitDisconnect(StreamClient client) {
    if (onDisconnect.isEmpty()) {
      finished.accept(client);
    } else {
      submit(() -> runDisconnect(client));
    }
  }

  private void runDisconnect(StreamClient client) {
    DisconnectReason reason = client.disconnectReason().orElse(DisconnectReason.GONE);
    onDisconnect.forEach(
        callback -> guarded("onDisconnect", () -> callback.accept(client, reason)));
    finished.accept(client);
  }

  private static void guarded(String name, Runnable callback) {
    try {
      callback.run();
    } catch (Throwable failure) { // user code: whatever it throws must hurt no other client
      Log.WARN.warn(
          name + ' ' + failure.getClass().getName(),
          "an " + name + " callback failed; the client and all others go on",
          failure);
    }
  }

  private void submit(Runnable task) {
    if (!owed.submit(task)) {
      throw new IllegalStateException("more callbacks than there can be clients");
    }
  }

  /** Waits until every callback that is owed has run; questions are not. */
  void awaitIdle(long nanos) throws InterruptedException {
    owed.awaitIdle(nanos);
  }
}
