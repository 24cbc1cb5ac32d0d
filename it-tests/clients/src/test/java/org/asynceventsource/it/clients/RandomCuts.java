package org.asynceventsource.it.clients;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.asynceventsource.it.support.CuttingProxy.Cut;
import org.asynceventsource.it.support.CuttingProxy.Place;

/** Cuts one connection after the other at random bytes, until it is told that this will do. */
final class RandomCuts implements Supplier<Optional<Cut>> {

  /** Behind the first event with an id, which some clients need to come back at all. */
  private static final int SHORTEST = 700;

  private static final int LONGEST = 3_000;

  private final SplittableRandom random; // guarded by this
  private boolean stopped; // guarded by this

  RandomCuts(SplittableRandom random) {
    this.random = random;
  }

  synchronized void stop() {
    stopped = true;
  }

  @Override
  public synchronized Optional<Cut> get() {
    if (stopped) {
      return Optional.empty();
    }
    Place[] places = Place.values();
    return Optional.of(
        new Cut(
            random.nextLong(SHORTEST, LONGEST),
            places[random.nextInt(places.length)],
            random.nextBoolean()));
  }
}
