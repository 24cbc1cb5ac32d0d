package org.asynceventsource.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.asynceventsource.test.EventStreamRecorder;
import org.asynceventsource.test.HttpReply;
import org.asynceventsource.test.HttpUpload;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A container may give the response of a failed write to another request while the writer is still
 * on its way out of it. Unfenced, that closed up to half of a hundred healthy streams in Tomcat 11.
 */
@RunAsClient
@ExtendWith(ArquillianExtension.class)
@DisplayName("Writes that fail")
class FenceIT {

  private static final int ROUNDS = Boolean.getBoolean("it.long") ? 60 : 6;
  private static final int VICTIMS = 100;
  private static final int BYSTANDERS = 50;

  @Deployment(testable = false)
  static WebArchive war() {
    return EventSourceWar.unchanged();
  }

  @Test
  @DisplayName("touch no other response: every other stream gets everything, in order")
  void nobodyElse(@ArquillianResource URI application) throws IOException {
    RunningWar war = new RunningWar(application);
    List<EventStreamRecorder> bystanders = new ArrayList<>();
    int published = 0;
    try (HttpUpload publisher = war.upload()) {
      for (int round = 0; round < ROUNDS; round++) {
        bystanders.addAll(open(war, round == 0 ? BYSTANDERS : 1));
        for (HttpReply victim : victims(war)) {
          victim.reset();
          publisher.send("data: " + ++published + "\n\n"); // while the last ones still fail
        }
      }
      assertSequence(bystanders.subList(0, BYSTANDERS), published);
      for (EventStreamRecorder late : bystanders.subList(BYSTANDERS, bystanders.size())) {
        assertEquals(Integer.toString(published), last(late, published));
      }
    }
  }

  private static List<EventStreamRecorder> open(RunningWar war, int count) throws IOException {
    List<EventStreamRecorder> opened = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      EventStreamRecorder stream = war.open().stream();
      stream.assertOpened();
      opened.add(stream);
    }
    return opened;
  }

  private static List<HttpReply> victims(RunningWar war) throws IOException {
    List<HttpReply> victims = new ArrayList<>();
    for (int i = 0; i < VICTIMS; i++) {
      victims.add(war.open());
    }
    return victims;
  }

  private static void assertSequence(List<EventStreamRecorder> streams, int published) {
    for (EventStreamRecorder stream : streams) {
      for (int number = 1; number <= published; number++) {
        stream.assertEvent(null, "message", Integer.toString(number));
      }
      stream.close();
    }
  }

  /** The last event, up to which there is no gap. */
  private static String last(EventStreamRecorder stream, int published) {
    int number = Integer.parseInt(stream.next().data());
    for (int next = number + 1; next <= published; next++, number++) {
      stream.assertEvent(null, "message", Integer.toString(next));
    }
    stream.close();
    return Integer.toString(number);
  }
}
