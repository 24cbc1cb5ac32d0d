package org.asynceventsource.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.asynceventsource.it.support.CuttingProxy;
import org.asynceventsource.it.support.CuttingProxy.Place;
import org.asynceventsource.test.EventStreamParser.Message;

/** A program on a network of its own, which cuts each of its connections at random bytes. */
final class CutClient implements AutoCloseable {

  private final String name;
  private final RandomCuts plan;
  private final CuttingProxy proxy;
  private final ReadingProgram program;

  /**
   * A client that begins to read.
   *
   * @param name who it is
   * @param port the server's
   * @param random where its connections are cut
   * @param start starts the program at a stream
   */
  CutClient(String name, int port, SplittableRandom random, Function<URI, ReadingProgram> start) {
    this.name = name;
    plan = new RandomCuts(random);
    proxy = CuttingProxy.cutting(port, plan);
    program = start.apply(URI.create("http://localhost:" + proxy.port() + "/events"));
  }

  /** All that has arrived, in order. */
  List<Message> messages() {
    return program.messages();
  }

  /** How many events were published when the last one that has arrived was. */
  int progress() {
    List<Message> messages = messages();
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).name().equals("message")) {
        return Integer.parseInt(messages.get(i).data().split(" ", 2)[0]) + 1;
      }
    }
    return 0;
  }

  /** How many times its connection was cut as planned. */
  int cuts() {
    return proxy.cuts().values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Cuts it off from the server, until {@link #resume()}. */
  void interrupt() {
    proxy.interrupt();
  }

  /** Lets it reach the server again. */
  void resume() {
    proxy.resume();
  }

  /** Cuts no new connection, and asserts that there was every sort of cut. */
  void endCuts() {
    plan.stop();
    Map<Place, Integer> cuts = proxy.cuts();
    System.out.println(name + " was cut: " + cuts);
    assertThat(cuts.keySet()).containsExactlyInAnyOrder(Place.values());
  }

  void assertNoComplaints() {
    assertThat(program.complaints()).as(name).isEmpty();
  }

  @Override
  public void close() {
    program.close();
    proxy.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
