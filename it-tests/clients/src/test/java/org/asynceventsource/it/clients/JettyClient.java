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
import org.eclipse.jetty.client.AuthenticationStore;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.Attributes;
import org.jspecify.annotations.Nullable;

/** Jetty's client, which reads the content while it comes. */
final class JettyClient {

  private static final long PATIENCE_SECONDS = 10;

  private JettyClient() {}

  static ReadingProgram read(URI events, Authentication authentication) {
    HttpClient client = new HttpClient();
    AuthenticationStore store = client.getAuthenticationStore();
    store.addAuthentication(new Renewing(store, authentication));
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

  private static Answer ask(HttpClient client, URI events, String lastEventId) throws IOException {
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

  /**
   * A login that takes the place of the one before as soon as the server asks for another. By
   * itself 12.1.12 would send both, in two Authorization fields, which is malformed; and it would
   * remember the new one only when the stream has ended in order, which not every stream does.
   */
  private record Renewing(AuthenticationStore store, Authentication login)
      implements Authentication {

    @Override
    public boolean matches(String type, URI uri, String realm) {
      return login.matches(type, uri, realm);
    }

    @Override
    public @Nullable Result authenticate(
        Request request, ContentResponse response, HeaderInfo challenge, Attributes context) {
      Result made = login.authenticate(request, response, challenge, context);
      if (made == null) {
        return null;
      }
      Result only = new OnlyField(made);
      store.clearAuthenticationResults();
      store.addAuthenticationResult(only);
      return only;
    }
  }

  /** Leaves one Authorization field, however often it is applied to a request. */
  private record OnlyField(Authentication.Result made) implements Authentication.Result {

    @Override
    public URI getURI() {
      return made.getURI();
    }

    @Override
    public void apply(Request request) {
      request.headers(fields -> fields.remove(HttpHeader.AUTHORIZATION));
      made.apply(request);
    }
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
