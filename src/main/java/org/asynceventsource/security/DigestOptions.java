package org.asynceventsource.security;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.asynceventsource.ConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * How digest authentication is offered (RFC 7616 §3.3). Immutable; the defaults work in every
 * current client.
 *
 * @param realm what the caller logs in to; shown by browsers and part of every stored hash
 * @param algorithms the algorithms offered, each once, in the order of preference
 * @param opaque what clients have to send back unchanged; {@code null} for nothing
 * @param nonceLifetime how long a nonce is good for; then clients get a new one without asking
 *     anybody
 * @param maxNonces how many nonces in use are remembered at most, at about 200 bytes each
 */
public record DigestOptions(
    String realm,
    List<DigestAlgorithm> algorithms,
    @Nullable String opaque,
    Duration nonceLifetime,
    int maxNonces) {

  private static final Duration NONCE_LIFETIME = Duration.ofMinutes(5);
  private static final int MAX_NONCES = 10_000;

  /**
   * Checks the options.
   *
   * @param realm printable ASCII without quote, backslash and colon
   * @param algorithms at least one; duplicates are dropped and the order is ours
   * @param opaque printable ASCII without quote, backslash and colon, or {@code null}
   * @param nonceLifetime positive
   * @param maxNonces at least 1
   * @throws ConfigurationException if they can't work; it lists all that is wrong
   */
  public DigestOptions {
    algorithms = algorithms.stream().distinct().sorted().toList();
    List<String> mistakes = new ArrayList<>();
    DigestHash.realmMistake(realm).ifPresent(mistakes::add);
    if (opaque != null) {
      DigestHash.realmMistake(opaque)
          .map(m -> m.replace("realm", "opaque"))
          .ifPresent(mistakes::add);
    }
    if (algorithms.isEmpty()) {
      mistakes.add("digest authentication has no algorithm; offer SHA-256");
    }
    if (nonceLifetime.compareTo(Duration.ZERO) <= 0) {
      mistakes.add("the lifetime of nonces is %s but must be positive".formatted(nonceLifetime));
    }
    if (maxNonces < 1) {
      mistakes.add("the number of nonces is %d but must be at least 1".formatted(maxNonces));
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
  }

  /**
   * The defaults: SHA-256 only, no opaque, nonces for 5 minutes, 10,000 of them.
   *
   * @param realm the realm, printable ASCII
   * @return the options
   * @throws ConfigurationException if the realm can't be used
   */
  public static DigestOptions of(String realm) {
    return new DigestOptions(
        realm, List.of(DigestAlgorithm.SHA_256), null, NONCE_LIFETIME, MAX_NONCES);
  }

  /**
   * These options with other algorithms.
   *
   * @param algorithms the algorithms to offer; their order doesn't matter
   * @return the options
   * @throws ConfigurationException if there is none
   */
  public DigestOptions withAlgorithms(Collection<DigestAlgorithm> algorithms) {
    return new DigestOptions(realm, List.copyOf(algorithms), opaque, nonceLifetime, maxNonces);
  }

  /**
   * These options with an opaque text, which clients have to send back.
   *
   * @param opaque printable ASCII
   * @return the options
   * @throws ConfigurationException if the text can't be used
   */
  public DigestOptions withOpaque(String opaque) {
    return new DigestOptions(realm, algorithms, opaque, nonceLifetime, maxNonces);
  }

  /**
   * These options with another lifetime of nonces.
   *
   * @param nonceLifetime how long a nonce is good for
   * @return the options
   * @throws ConfigurationException if it isn't positive
   */
  public DigestOptions withNonceLifetime(Duration nonceLifetime) {
    return new DigestOptions(realm, algorithms, opaque, nonceLifetime, maxNonces);
  }

  /**
   * These options with another bound of memory.
   *
   * @param maxNonces how many nonces in use are remembered at most
   * @return the options
   * @throws ConfigurationException if it isn't positive
   */
  public DigestOptions withMaxNonces(int maxNonces) {
    return new DigestOptions(realm, algorithms, opaque, nonceLifetime, maxNonces);
  }
}
