package org.asynceventsource.it.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.asynceventsource.it.clients.ResumingReader.Answer;
import org.asynceventsource.test.EventStreamParser.Message;
import org.eclipse.jetty.client.Authentication;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;

/** Jetty's client, which reads the content while it comes. */
final class JettyClient {

  private static final long PATIENCE_SECONDS = 10;

  private JettyClient() {}

  static ReadingProgram read(URI events, Authentication authentication) {
    HttpClient client = new HttpClient();
    client.getAuthenticationStore().addAuthentication(authentication);
    start(client);
    ResumingReader reader =
        ResumingReader.read("jetty-client", lastEventId -> ask(client, events, lastEventId));
    return new Stopping(reader, client);
  }

  private static void start(HttpClient client) {
    try {
      client.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Without the login of before: 12.1.12 would send that with the next request, and in a second
   * Authorization field beside the new one when the nonce has expired, which is malformed.
   */
  private static Answer ask(HttpClient client, URI events, String lastEventId) throws IOException {
    client.getAuthenticationStore().clearAuthenticationResults();
    Request request =
        client.newRequest(events).headers(fields -> fields.put("Accept", "text/event-stream"));
    if (!lastEventId.isEmpty()) {
      request.headers(fields -> fields.put("Last-Event-ID", lastEventId));
    }
    InputStreamResponseListener listener = new InputStreamResponseListener();
    request.send(listener);
    InputStream content = listener.getInputStream(); // if closed early, it ends the connection
    try {
      Response response = listener.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (response.getStatus() != 200) {
        throw new AssertionError("answered " + response.getStatus());
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(e);
    }
    return new Answer(content, content);
  }

  /** A reader that takes its client with it. */
  private record Stopping(ResumingReader reader, HttpClient client) implements ReadingProgram {

    @Override
    public List<Message> messages() {
      return reader.messages();
    }

    @Override
    public String complaints() {
      return reader.complaints();
    }

    @Override
    public void close() {
      reader.close();
      try {
        client.stop();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
