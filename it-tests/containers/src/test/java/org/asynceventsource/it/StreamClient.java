package org.asynceventsource.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Opens and reads streams, and gets what ends, with nothing but the JDK.
 *
 * <p>Not in the container. So a test class may call it in a client's method, but may have no field
 * and no method of this type; hence the types of the JDK here.
 */
final class StreamClient {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private StreamClient() {}

  /**
   * Gets something that ends, in HTTP/1.1 as browsers do without TLS. The JDK's client would try to
   * upgrade to HTTP/2, on which Open Liberty never answers where a welcome file is (26.0.0.3).
   */
  static HttpResponse<String> get(URI address) throws IOException, InterruptedException {
    return HttpClient.newHttpClient().send(request(address).build(), BodyHandlers.ofString());
  }

  /** Returns as soon as the response's header fields are here. */
  static HttpResponse<BufferedReader> open(URI eventSource)
      throws IOException, InterruptedException {
    HttpRequest request = request(eventSource).header("Accept", "text/event-stream").build();
    return HttpClient.newHttpClient().send(request, response -> reader());
  }

  private static HttpRequest.Builder request(URI address) {
    return HttpRequest.newBuilder(address).version(HttpClient.Version.HTTP_1_1).timeout(PATIENCE);
  }

  private static BodySubscriber<BufferedReader> reader() {
    return BodySubscribers.mapping(
        BodySubscribers.ofInputStream(),
        body -> new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)));
  }

  /** The lines of the next event that has data, each ended by LF; fails if none comes in time. */
  static String nextEvent(BufferedReader stream) throws Exception {
    return CompletableFuture.supplyAsync(() -> awaitData(stream))
        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static String awaitData(BufferedReader stream) {
    String block;
    do {
      block = block(stream);
    } while (!block.contains("data:"));
    return block;
  }

  private static String block(BufferedReader stream) {
    StringBuilder block = new StringBuilder();
    for (String line = line(stream); !line.isEmpty(); line = line(stream)) {
      block.append(line).append('\n');
    }
    return block.toString();
  }

  private static String line(BufferedReader stream) {
    try {
      String line = stream.readLine();
      if (line == null) {
        throw new IOException("the stream ended");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
