package org.asynceventsource.security;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The rule that a user has a hash for every algorithm offered. Without it a client that chooses the
 * best of them is refused with the right password.
 */
final class MissingHashes {

  private MissingHashes() {}

  /** What is wrong with the user, if anything. */
  static Optional<String> of(DigestIdentity user, DigestOptions options) {
    if (user.algorithms().containsAll(options.algorithms())) {
      return Optional.empty();
    }
    return Optional.of(
        "user '%s' has a hash for %s only, but %s is offered; add the missing ones, or change"
                .formatted(user.name(), list(user.algorithms()), list(options.algorithms()))
            + " 'eventsource.digest.algorithms'");
  }

  private static String list(Collection<DigestAlgorithm> algorithms) {
    return algorithms.stream()
        .sorted()
        .map(DigestAlgorithm::token)
        .collect(Collectors.joining(", "));
  }
}
