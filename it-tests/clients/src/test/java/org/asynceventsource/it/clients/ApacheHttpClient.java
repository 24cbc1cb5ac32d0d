package org.asynceventsource.it.clients;

import java.io.IOException;
import java.net.URI;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.asynceventsource.it.clients.ResumingReader.Answer;

/** Apache HttpClient, which reads the entity while it comes. */
final class ApacheHttpClient {

  private ApacheHttpClient() {}

  static ReadingProgram read(URI events) {
    return read(events, HttpClients.custom());
  }

  /** Reads as somebody. The provider is asked at each challenge, whether it is stale or not. */
  static ReadingProgram read(URI events, CredentialsProvider credentials) {
    return read(events, HttpClients.custom().setDefaultCredentialsProvider(credentials));
  }

  private static ReadingProgram read(URI events, HttpClientBuilder options) {
    // It would come back by itself, without the last id.
    CloseableHttpClient client = options.disableAutomaticRetries().build();
    HttpClientContext session = HttpClientContext.create();
    return ResumingReader.read(
        "apache-http-client", lastEventId -> ask(client, session, events, lastEventId));
  }

  private static Answer ask(
      CloseableHttpClient client, HttpClientContext session, URI events, String lastEventId)
      throws IOException {
    HttpGet get = new HttpGet(events);
    get.setHeader("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      get.setHeader("Last-Event-ID", lastEventId);
    }
    ClassicHttpResponse response = client.executeOpen(null, get, session);
    if (response.getCode() != 200) {
      throw new AssertionError("answered " + response.getCode());
    }
    return new Answer(response.getEntity().getContent(), response);
  }
}
