package org.asynceventsource.it.clients;

import java.io.IOException;
import java.net.URI;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.asynceventsource.it.clients.ResumingReader.Answer;

/** Apache HttpClient, which reads the entity while it comes. */
final class ApacheHttpClient {

  private ApacheHttpClient() {}

  static ReadingProgram read(URI events) {
    // It would come back by itself, without the last id.
    CloseableHttpClient client = HttpClients.custom().disableAutomaticRetries().build();
    return ResumingReader.read(
        "apache-http-client", lastEventId -> ask(client, events, lastEventId));
  }

  private static Answer ask(CloseableHttpClient client, URI events, String lastEventId)
      throws IOException {
    HttpGet get = new HttpGet(events);
    get.setHeader("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      get.setHeader("Last-Event-ID", lastEventId);
    }
    ClassicHttpResponse response = client.executeOpen(null, get, null);
    if (response.getCode() != 200) {
      throw new AssertionError("answered " + response.getCode());
    }
    return new Answer(response.getEntity().getContent(), response);
  }
}
