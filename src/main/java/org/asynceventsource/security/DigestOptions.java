package org.asynceventsource.security;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.asynceventsource.ConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * How digest authentication is offered (RFC 7616 §3.3). Immutable: each {@code with…} answers a
 * copy with one change. The defaults work in every current client.
 */
public final class DigestOptions {

  private final String realm;
  private final List<DigestAlgorithm> algorithms;
  private final @Nullable String opaque;
  private final Duration nonceLifetime;
  private final int maxNonces;

  private DigestOptions(Draft draft) {
    this.realm = draft.realm;
    this.algorithms = draft.algorithms;
    this.opaque = draft.opaque;
    this.nonceLifetime = draft.nonceLifetime;
    this.maxNonces = draft.maxNonces;
  }

  /**
   * The defaults: SHA-256 only, no opaque, nonces for 5 minutes, 10,000 of them.
   *
   * @param realm what the caller logs in to; shown by browsers and part of every stored hash;
   *     printable ASCII without quote, backslash and colon
   * @return the options
   * @throws ConfigurationException if the realm can't be used
   */
  public static DigestOptions of(String realm) {
    return new DigestOptions(new Draft(usable(realm)));
  }

  /**
   * These options for another realm.
   *
   * @param realm printable ASCII without quote, backslash and colon
   * @return the options
   * @throws ConfigurationException if the realm can't be used
   */
  public DigestOptions withRealm(String realm) {
    return with(draft -> draft.realm = usable(realm));
  }

  /**
   * These options with other algorithms.
   *
   * @param algorithms the algorithms to offer, at least one; the order is ours
   * @return the options
   * @throws ConfigurationException if there is none
   */
  public DigestOptions withAlgorithms(Collection<DigestAlgorithm> algorithms) {
    require(!algorithms.isEmpty(), "digest authentication has no algorithm; offer SHA-256");
    return with(draft -> draft.algorithms = algorithms.stream().distinct().sorted().toList());
  }

  /**
   * These options with an opaque text, which clients have to send back unchanged.
   *
   * @param opaque printable ASCII without quote, backslash and colon
   * @return the options
   * @throws ConfigurationException if the text can't be used
   */
  public DigestOptions withOpaque(String opaque) {
    DigestHash.realmMistake(opaque)
        .ifPresent(mistake -> require(false, mistake.replace("realm", "opaque")));
    return with(draft -> draft.opaque = opaque);
  }

  /**
   * These options with another lifetime of nonces.
   *
   * @param nonceLifetime how long a nonce is good for; then clients get a new one without asking
   *     anybody
   * @return the options
   * @throws ConfigurationException if it isn't positive
   */
  public DigestOptions withNonceLifetime(Duration nonceLifetime) {
    require(
        nonceLifetime.compareTo(Duration.ZERO) > 0,
        "the lifetime of nonces is %s but must be positive".formatted(nonceLifetime));
    return with(draft -> draft.nonceLifetime = nonceLifetime);
  }

  /**
   * These options with another bound of memory.
   *
   * @param maxNonces how many nonces in use are remembered at most, at about 200 bytes each
   * @return the options
   * @throws ConfigurationException if it isn't positive
   */
  public DigestOptions withMaxNonces(int maxNonces) {
    require(
        maxNonces >= 1, "the number of nonces is %d but must be at least 1".formatted(maxNonces));
    return with(draft -> draft.maxNonces = maxNonces);
  }

  /**
   * What the caller logs in to.
   *
   * @return the realm
   */
  public String realm() {
    return realm;
  }

  /**
   * The algorithms offered.
   *
   * @return at least one, each once, in the order of preference; unmodifiable
   */
  public List<DigestAlgorithm> algorithms() {
    return algorithms;
  }

  /**
   * What clients have to send back.
   *
   * @return the text, or empty for nothing
   */
  public Optional<String> opaque() {
    return Optional.ofNullable(opaque);
  }

  /**
   * How long a nonce is good for.
   *
   * @return a positive duration
   */
  public Duration nonceLifetime() {
    return nonceLifetime;
  }

  /**
   * How many nonces in use are remembered at most.
   *
   * @return at least 1
   */
  public int maxNonces() {
    return maxNonces;
  }

  private DigestOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new DigestOptions(draft);
  }

  private static String usable(String realm) {
    DigestHash.realmMistake(realm).ifPresent(mistake -> require(false, mistake));
    return realm;
  }

  private static void require(boolean condition, String mistake) {
    if (!condition) {
      throw new ConfigurationException(List.of(mistake));
    }
  }

  /** Options that are being put together. */
  private static final class Draft {

    private String realm;
    private List<DigestAlgorithm> algorithms = List.of(DigestAlgorithm.SHA_256);
    private @Nullable String opaque;
    private Duration nonceLifetime = Duration.ofMinutes(5);
    private int maxNonces = 10_000;

    Draft(String realm) {
      this.realm = realm;
    }

    Draft(DigestOptions options) {
      this.realm = options.realm;
      this.algorithms = options.algorithms;
      this.opaque = options.opaque;
      this.nonceLifetime = options.nonceLifetime;
      this.maxNonces = options.maxNonces;
    }
  }
}
