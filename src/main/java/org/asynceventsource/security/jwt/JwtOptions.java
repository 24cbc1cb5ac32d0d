package org.asynceventsource.security.jwt;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.EventSourceException;

/**
 * Which tokens are good. Immutable: each method answers a copy with one change. Needs nothing but
 * the JDK.
 */
public final class JwtOptions {

  /** Those by which only the issuer can sign; who verifies by HMAC could sign as well. */
  private static final Set<String> ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

  private final String issuer;
  private final String audience;
  private final String keys;
  private final List<String> algorithms;
  private final String nameClaim;
  private final String groupsClaim;
  private final Duration skew;

  private JwtOptions(
      String issuer,
      String audience,
      String keys,
      List<String> algorithms,
      String nameClaim,
      String groupsClaim,
      Duration skew) {
    this.issuer = issuer;
    this.audience = audience;
    this.keys = keys;
    this.algorithms = List.copyOf(algorithms);
    this.nameClaim = nameClaim;
    this.groupsClaim = groupsClaim;
    this.skew = skew;
  }

  /**
   * Tokens of one issuer for one audience.
   *
   * @param issuer what the claim {@code iss} must be
   * @param audience what the claim {@code aud} must be or contain
   * @param keys where the issuer's public keys are, as a JSON Web Key Set (RFC 7517): {@code
   *     file:PATH} or {@code https://…}
   * @return for RS256 and ES256, the name in {@code sub}, groups in {@code groups}, 30 s of skew
   * @throws ConfigurationException if one of them is missing or can't be used
   */
  public static JwtOptions of(String issuer, String audience, String keys) {
    List<String> mistakes = mistakes(issuer, audience, keys);
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    return new JwtOptions(
        issuer, audience, keys, List.of("RS256", "ES256"), "sub", "groups", Duration.ofSeconds(30));
  }

  /**
   * What is wrong with issuer, audience and keys.
   *
   * @param issuer as for {@link #of}
   * @param audience as for {@link #of}
   * @param keys as for {@link #of}
   * @return a sentence for each mistake
   */
  public static List<String> mistakes(String issuer, String audience, String keys) {
    List<String> mistakes = new ArrayList<>();
    if (issuer.isEmpty()) {
      mistakes.add("setting 'eventsource.jwt.issuer' is empty; name who signs the tokens");
    }
    if (audience.isEmpty()) {
      mistakes.add(
          "setting 'eventsource.jwt.audience' is empty; tokens for any other service would do, name"
              + " this one");
    }
    if (!isFile(keys) && !isHttps(keys)) {
      mistakes.add(
          "setting 'eventsource.jwt.keys' is '%s' but must be file:PATH or an https URL of the issuer's public keys"
              .formatted(EventSourceException.printable(keys)));
    }
    return mistakes;
  }

  private static boolean isFile(String keys) {
    return keys.startsWith("file:") && keys.length() > "file:".length();
  }

  private static boolean isHttps(String keys) {
    try {
      URI uri = URI.create(keys);
      return "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null;
    } catch (IllegalArgumentException notAnUri) {
      return false;
    }
  }

  /**
   * Whether tokens may be signed by an algorithm.
   *
   * @param algorithm as in {@code alg} (RFC 7518 §3.1)
   * @return false also for {@code none} and for HMAC, by which whoever verifies could sign
   */
  public static boolean isUsable(String algorithm) {
    return ALGORITHMS.contains(algorithm);
  }

  /**
   * The algorithms that tokens may be signed by, whatever they say themselves.
   *
   * @param algorithms one or more such as RS256
   * @return a copy with the algorithms
   * @throws ConfigurationException if there is none, or one isn't {@linkplain #isUsable usable}
   */
  public JwtOptions withAlgorithms(Collection<String> algorithms) {
    if (algorithms.isEmpty() || !ALGORITHMS.containsAll(algorithms)) {
      throw new ConfigurationException(
          List.of(
              "the algorithms of tokens must be some of " + ALGORITHMS.stream().sorted().toList()));
    }
    return new JwtOptions(
        issuer, audience, keys, List.copyOf(algorithms), nameClaim, groupsClaim, skew);
  }

  /**
   * Where a token has the caller's name and groups.
   *
   * @param nameClaim a claim that holds a text
   * @param groupsClaim a claim that holds a list of texts, or one with spaces between
   * @return a copy with these claims
   */
  public JwtOptions withClaims(String nameClaim, String groupsClaim) {
    return new JwtOptions(issuer, audience, keys, algorithms, nameClaim, groupsClaim, skew);
  }

  /**
   * How far the issuer's clock may be off.
   *
   * @param skew whole seconds count
   * @return a copy with the time
   */
  public JwtOptions withSkew(Duration skew) {
    return new JwtOptions(issuer, audience, keys, algorithms, nameClaim, groupsClaim, skew);
  }

  String issuer() {
    return issuer;
  }

  String audience() {
    return audience;
  }

  String keys() {
    return keys;
  }

  List<String> algorithms() {
    return algorithms;
  }

  String nameClaim() {
    return nameClaim;
  }

  String groupsClaim() {
    return groupsClaim;
  }

  Duration skew() {
    return skew;
  }
}
