package org.asynceventsource.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.asynceventsource.RecordingLogger;
import org.asynceventsource.SendResult;
import org.asynceventsource.spi.WarnOnce;
import org.asynceventsource.test.HttpCall;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.HttpUpload;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tomcat has time limits of its own, and uses its requests again. */
@DisplayName("Publishing a stream on Tomcat")
class TomcatPublishingTest {

  private static final Logger TOMCAT = Logger.getLogger("org.apache");

  @TempDir private Path directory;

  private final Tomcat tomcat = new Tomcat();
  private final PublishStreams streams =
      PublishStreams.create(Duration.ofMinutes(5), Duration.ZERO, Runnable::run);
  private final PublishEndpoint endpoint =
      new PublishEndpoint(1_000, streams, new WarnOnce(new RecordingLogger()));
  private final BlockingQueue<CompletableFuture<SendResult>> history = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() throws Exception {
    TOMCAT.setLevel(Level.OFF);
    tomcat.setBaseDir(directory.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
    tomcat.getConnector().setProperty("connectionTimeout", "500");
    Context context = tomcat.addContext("", directory.toString());
    Wrapper wrapper = Tomcat.addServlet(context, "events", new Publishing());
    wrapper.setAsyncSupported(true);
    context.addServletMappingDecoded("/events", "events");
    tomcat.start();
  }

  @AfterEach
  void stop() throws Exception {
    streams.close();
    tomcat.stop();
    tomcat.destroy();
    TOMCAT.setLevel(null);
  }

  /** Lets the history answer when the test says so. */
  private final class Publishing extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      endpoint.publish(
          request,
          response,
          event -> {
            CompletableFuture<SendResult> later = new CompletableFuture<>();
            history.add(later);
            return later;
          });
    }
  }

  private HttpUpload upload() throws IOException {
    return HttpCall.of("PUT", "/events")
        .upload("text/event-stream", tomcat.getConnector().getLocalPort());
  }

  private void answer(String id) {
    try {
      history.take().complete(new SendResult(id, SendResult.Delivery.QUEUED));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisplayName("reads on by the history's thread where that was late")
  void lateHistory() throws Exception {
    int events = 1_000;
    try (HttpUpload upload = upload()) {
      Thread answers =
          new Thread(
              () -> {
                for (int i = 0; i < events; i++) {
                  answer("e-" + i);
                }
              });
      answers.start();
      for (int i = 0; i < events; i++) {
        upload.send("data: " + i + "\n\n");
      }
      try (HttpReply reply = upload.end().reply()) {
        assertThat(reply.text()).isEqualTo("1000\ne-0\ne-999\n");
      }
      answers.join();
    }
    await().until(() -> streams.count() == 0);
  }

  @Test
  @DisplayName("is told of Tomcat's patience, and the next request has nothing of it")
  void timeout() throws Exception {
    for (int round = 0; round < 3; round++) {
      try (HttpUpload upload = upload().send("data: one\n\n")) {
        answer("e-1");
        try (HttpReply reply = upload.reply()) {
          assertThat(reply.status()).isEqualTo(408);
          assertThat(reply.text()).endsWith("\n1\ne-1\ne-1\n");
        }
      }
    }
    await().until(() -> streams.count() == 0);
  }
}
