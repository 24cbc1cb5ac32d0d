package org.asynceventsource.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.util.List;
import java.util.stream.Stream;
import org.asynceventsource.it.support.Chromium;
import org.asynceventsource.it.support.HostileStream;
import org.asynceventsource.test.EventStreamParser.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What our own parser says of our encoder, said by a browser's. */
@DisplayName("Chromium's EventSource")
class HostileTextIT {

  private static final int EVENTS = 10_000;

  private static final String READ =
      """
      events => new Promise(resolve => {
        const received = [];
        const source = new EventSource("events");
        source.onmessage = event => {
          received.push([event.lastEventId, event.type, event.data]);
          if (received.length === events) {
            source.close();
            resolve(JSON.stringify(received));
          }
        };
      })
      """;

  @Test
  @DisplayName("reads random text that likes to break streams as it was sent, each as one event")
  void randomText() {
    try (HostileStream stream = HostileStream.serve(EVENTS);
        Chromium chromium = Chromium.launch();
        EventsPage page = new EventsPage(chromium.newPage())) {
      page.open(stream.uri());

      String json = (String) page.playwright().evaluate(READ, EVENTS);

      List<Message> received =
          Stream.of(new Gson().fromJson(json, String[][].class))
              .map(fields -> new Message(fields[0], fields[1], fields[2]))
              .toList();
      if (!received.equals(stream.sent())) {
        assertThat(received).containsExactlyElementsOf(stream.sent());
      }
    }
  }
}
