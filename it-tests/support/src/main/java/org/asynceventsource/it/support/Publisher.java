package org.asynceventsource.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.jspecify.annotations.Nullable;

/**
 * Publishes over HTTP, as somebody who knows a publisher's password. Its digest is Apache's, not
 * ours. Used by one thread.
 */
public final class Publisher implements AutoCloseable {

  private final URI events;
  private final CloseableHttpClient client;
  private final HttpClientContext session = HttpClientContext.create();

  private Publisher(URI events, CloseableHttpClient client) {
    this.events = events;
    this.client = client;
  }

  /**
   * A publisher.
   *
   * @param events the event source
   * @param name the user's name
   * @param password the user's password
   * @return the publisher, who has not said anything yet
   */
  public static Publisher of(URI events, String name, String password) {
    BasicCredentialsProvider credentials = new BasicCredentialsProvider();
    credentials.setCredentials(
        new AuthScope(events.getHost(), events.getPort()),
        new UsernamePasswordCredentials(name, password.toCharArray()));
    return new Publisher(
        events,
        HttpClients.custom()
            .setDefaultCredentialsProvider(credentials)
            .setConnectionReuseStrategy((request, response, context) -> false) // servers restart
            .build());
  }

  /**
   * Publishes an event without a name.
   *
   * @param data its data
   * @return its id
   */
  public String publish(String data) {
    return publish(data, null);
  }

  /**
   * Publishes an event.
   *
   * @param data its data
   * @param name its name; {@code null} for none
   * @return its id
   */
  public String publish(String data, @Nullable String name) {
    return publish(data, name, 0);
  }

  /**
   * Publishes an event that also sets the clients' reconnect time.
   *
   * @param data its data
   * @param name its name; {@code null} for none
   * @param retry the reconnect time in milliseconds; 0 for none
   * @return its id
   */
  public String publish(String data, @Nullable String name, long retry) {
    List<NameValuePair> fields = new ArrayList<>();
    fields.add(new BasicNameValuePair("data", data));
    if (name != null) {
      fields.add(new BasicNameValuePair("event", name));
    }
    if (retry > 0) {
      fields.add(new BasicNameValuePair("retry", Long.toString(retry)));
    }
    HttpPost post = new HttpPost(events);
    post.setEntity(new UrlEncodedFormEntity(fields, StandardCharsets.UTF_8));
    try {
      return client.execute(post, session, Publisher::id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String id(ClassicHttpResponse response) throws IOException, ParseException {
    String answer = EntityUtils.toString(response.getEntity());
    if (response.getCode() != 200) {
      throw new AssertionError("not published: " + response.getCode() + " " + answer);
    }
    return answer.strip();
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
