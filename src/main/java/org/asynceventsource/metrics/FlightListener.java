package org.asynceventsource.metrics;

import java.util.OptionalLong;
import org.asynceventsource.AsyncEventSourceClient;
import org.asynceventsource.DisconnectReason;
import org.asynceventsource.metrics.FlightEvents.ClientEvent;
import org.asynceventsource.spi.StreamListener;

/** Tells the Java Flight Recorder what happens to the clients of one event source. */
final class FlightListener implements StreamListener {

  private final String eventSource;

  FlightListener(String eventSource) {
    this.eventSource = eventSource;
  }

  private void commit(ClientEvent event, AsyncEventSourceClient client) {
    event.eventSource = eventSource;
    event.address = client.remoteAddress();
    event.commit();
  }

  @Override
  public void opened(AsyncEventSourceClient client) {
    FlightEvents.Connected event = new FlightEvents.Connected();
    if (event.isEnabled()) {
      event.resumed = client.lastId().isPresent();
      commit(event, client);
    }
  }

  @Override
  public void closed(AsyncEventSourceClient client, DisconnectReason reason) {
    FlightEvents.Closed event = new FlightEvents.Closed();
    if (event.isEnabled()) {
      event.reason = Names.of(reason);
      commit(event, client);
    }
  }

  @Override
  public void stalled(AsyncEventSourceClient client) {
    FlightEvents.Stalled event = new FlightEvents.Stalled();
    if (event.isEnabled()) {
      commit(event, client);
    }
  }

  @Override
  public void recovered(AsyncEventSourceClient client, long nanos) {
    FlightEvents.Recovered event = new FlightEvents.Recovered();
    if (event.isEnabled()) {
      event.stalled = nanos;
      commit(event, client);
    }
  }

  @Override
  public void slow(AsyncEventSourceClient client, Slowness why) {
    FlightEvents.Slow event = new FlightEvents.Slow();
    if (event.isEnabled()) {
      event.cause = Names.of(why);
      commit(event, client);
    }
  }

  @Override
  public void gap(AsyncEventSourceClient client, String reason, OptionalLong lost) {
    FlightEvents.Gap event = new FlightEvents.Gap();
    if (event.isEnabled()) {
      event.reason = reason;
      event.lost = lost.orElse(-1);
      commit(event, client);
    }
  }

  @Override
  public void replayed(AsyncEventSourceClient client, long events, long nanos) {
    FlightEvents.Replayed event = new FlightEvents.Replayed();
    if (event.isEnabled()) {
      event.events = events;
      event.taken = nanos;
      commit(event, client);
    }
  }
}
