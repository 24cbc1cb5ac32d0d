package org.asynceventsource.it.clients;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.FaultEvent;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.RetryDelayStrategy;
import com.launchdarkly.eventsource.StreamEvent;
import com.launchdarkly.eventsource.StreamHttpErrorException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.asynceventsource.test.EventStreamParser.Message;

/** LaunchDarkly's {@code okhttp-eventsource}, which reconnects by itself. */
final class OkHttpProgram implements ReadingProgram {

  private final EventSource source;
  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private OkHttpProgram(URI events) {
    source =
        new EventSource.Builder(ConnectStrategy.http(events))
            .errorStrategy(ErrorStrategy.alwaysContinue())
            // As the server says, each time.
            .retryDelayStrategy(
                RetryDelayStrategy.defaultStrategy().backoffMultiplier(1).jitterMultiplier(0))
            .build();
  }

  static ReadingProgram read(URI events) {
    OkHttpProgram program = new OkHttpProgram(events);
    Thread thread = new Thread(program::read, "okhttp-eventsource");
    thread.setDaemon(true);
    thread.start();
    return program;
  }

  private void read() {
    for (StreamEvent event : source.anyEvents()) {
      if (event instanceof MessageEvent message) {
        messages.add(
            new Message(message.getLastEventId(), message.getEventName(), message.getData()));
      } else if (event instanceof FaultEvent fault
          && fault.getCause() instanceof StreamHttpErrorException) {
        complaints.add(fault.getCause().toString());
      }
    }
  }

  @Override
  public List<Message> messages() {
    return messages;
  }

  @Override
  public String complaints() {
    return String.join("\n", complaints);
  }

  @Override
  public void close() {
    source.close();
  }
}
