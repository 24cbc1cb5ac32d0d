package org.asynceventsource.it;

import org.asynceventsource.test.EventStreamRecorder;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@RunAsClient
@ExtendWith(ArquillianExtension.class)
@DisplayName("A stream on which nothing is sent")
class QuietStreamIT {

  /**
   * Asynchronous requests end after 30 s in Tomcat and Jetty, idle connections after 20 to 30 s.
   */
  private static final int SILENCE_SECONDS = 33;

  @Test
  @DisplayName("is cut by no timeout of the container's, even without heartbeats")
  void lasts() throws Exception {
    EventStreamRecorder stream = Neighbour.quietFor(SILENCE_SECONDS);
    Neighbour.war().publish("text/plain", "after a while");
    stream.assertEvent(null, "message", "after a while");
    stream.assertExhausted();
  }
}
