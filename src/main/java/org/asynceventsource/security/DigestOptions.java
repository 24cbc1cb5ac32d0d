package org.asynceventsource.security;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.asynceventsource.ConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * How digest authentication is offered (RFC 7616 §3.3). Immutable: each {@code with…} answers a
 * copy with one change. The defaults work in every current client.
 */
public final class DigestOptions {

  private static final Pattern DOMAIN_URI = Pattern.compile("(/|https?://[^/])[!#-\\[\\]-~]*");

  private final String realm;
  private final List<OfferedAlgorithm> offers;
  private final @Nullable String opaque;
  private final List<String> domain;
  private final boolean charset;
  private final boolean userhash;
  private final int protectedBody;
  private final long protectedBodies;
  private final Duration nonceLifetime;
  private final int maxNonces;
  private final LoginLimits loginLimits;

  private DigestOptions(Draft draft) {
    this.realm = draft.realm;
    this.offers = draft.offers;
    this.opaque = draft.opaque;
    this.domain = draft.domain;
    this.charset = draft.charset;
    this.userhash = draft.userhash;
    this.protectedBody = draft.protectedBody;
    this.protectedBodies = draft.protectedBodies;
    this.nonceLifetime = draft.nonceLifetime;
    this.maxNonces = draft.maxNonces;
    this.loginLimits = draft.loginLimits;
  }

  /**
   * The defaults: SHA-256 only, nonces for 5 minutes, 10,000 of them, and nothing else.
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
   * These options with other algorithms, none of them in its session form.
   *
   * @param algorithms the algorithms to offer, the one that is preferred first; at least one
   * @return the options
   * @throws ConfigurationException if there is none
   */
  public DigestOptions withAlgorithms(Collection<DigestAlgorithm> algorithms) {
    return withOffers(algorithms.stream().map(OfferedAlgorithm::of).toList());
  }

  /**
   * These options with other algorithms. Clients take the first that they know (RFC 7616 §3.7).
   *
   * @param offers the algorithms to offer, the one that is preferred first; at least one
   * @return the options
   * @throws ConfigurationException if there is none
   */
  public DigestOptions withOffers(Collection<OfferedAlgorithm> offers) {
    require(!offers.isEmpty(), "digest authentication has no algorithm; offer SHA-256");
    return with(draft -> draft.offers = offers.stream().distinct().toList());
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
   * These options with the URIs that a login holds for, so that clients needn't be asked at each.
   *
   * @param domain absolute paths, or URIs of other servers that know the same users; printable
   *     ASCII without space, quote and backslash; none for the whole server
   * @return the options
   * @throws ConfigurationException if one of them can't be used
   */
  public DigestOptions withDomain(List<String> domain) {
    for (String uri : domain) {
      require(
          DOMAIN_URI.matcher(uri).matches(),
          "a domain of digest authentication must be a path such as /events or an absolute URI, in"
              + " printable ASCII without space, quote and backslash");
    }
    List<String> uris = List.copyOf(domain);
    return with(draft -> draft.domain = uris);
  }

  /**
   * These options with the hint that names and passwords are hashed as UTF-8, which is what happens
   * here in any case (RFC 7616 §3.3).
   *
   * @param charset whether challenges have {@code charset=UTF-8}
   * @return the options
   */
  public DigestOptions withCharset(boolean charset) {
    return with(draft -> draft.charset = charset);
  }

  /**
   * These options with user names that aren't sent in the open (RFC 7616 §3.4.4). Some clients
   * can't log in then: Apache HttpClient 5.6 computes another H(A1).
   *
   * @param userhash whether clients may send a hash instead of the user's name
   * @return the options
   */
  public DigestOptions withUserhash(boolean userhash) {
    return with(draft -> draft.userhash = userhash);
  }

  /**
   * These options with digests that cover the bodies of requests too, beside those that don't (RFC
   * 7616 §3.4.3, qop {@code auth-int}). Such a body is kept in memory until its digest is verified.
   *
   * @param longest the most bytes of a body; longer ones are answered 413; 0 for no such digests
   * @param memory the most bytes of all bodies that are being read, at least {@code longest};
   *     beyond that they are answered 503
   * @return the options
   * @throws ConfigurationException if the bounds can't be used
   */
  public DigestOptions withProtectedBodies(int longest, long memory) {
    require(
        longest >= 0 && memory >= longest,
        "the bodies that digests cover have at most %d bytes and %d together, but none may be negative or exceed all"
            .formatted(longest, memory));
    return with(
        draft -> {
          draft.protectedBody = longest;
          draft.protectedBodies = memory;
        });
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
   * These options with another way to hold up those who guess.
   *
   * @param loginLimits after how many failures, and for how long
   * @return the options
   */
  public DigestOptions withLoginLimits(LoginLimits loginLimits) {
    return with(draft -> draft.loginLimits = loginLimits);
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
   * @return at least one, each once, the one that is preferred first; unmodifiable
   */
  public List<OfferedAlgorithm> offers() {
    return offers;
  }

  /**
   * The algorithms that every user needs a hash for.
   *
   * @return at least one, each once, in the order of the offers; unmodifiable
   */
  public List<DigestAlgorithm> algorithms() {
    return offers.stream().map(OfferedAlgorithm::hash).distinct().toList();
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
   * The URIs that a login holds for.
   *
   * @return paths and URIs; empty for the whole server; unmodifiable
   */
  public List<String> domain() {
    return domain;
  }

  /**
   * Whether challenges say that names and passwords are hashed as UTF-8.
   *
   * @return whether they have {@code charset=UTF-8}
   */
  public boolean charset() {
    return charset;
  }

  /**
   * Whether clients may send a hash instead of the user's name.
   *
   * @return whether challenges have {@code userhash=true}
   */
  public boolean userhash() {
    return userhash;
  }

  /**
   * The most bytes of a body that a digest covers.
   *
   * @return the number of bytes; 0 if there are no such digests
   */
  public int protectedBody() {
    return protectedBody;
  }

  /**
   * The most bytes of all bodies that digests cover and that are being read.
   *
   * @return the number of bytes
   */
  public long protectedBodies() {
    return protectedBodies;
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

  /**
   * How those who guess are held up.
   *
   * @return after how many failures, and for how long
   */
  public LoginLimits loginLimits() {
    return loginLimits;
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
    private List<OfferedAlgorithm> offers = List.of(OfferedAlgorithm.of(DigestAlgorithm.SHA_256));
    private @Nullable String opaque;
    private List<String> domain = List.of();
    private boolean charset;
    private boolean userhash;
    private int protectedBody;
    private long protectedBodies;
    private Duration nonceLifetime = Duration.ofMinutes(5);
    private int maxNonces = 10_000;
    private LoginLimits loginLimits = LoginLimits.DEFAULT;

    Draft(String realm) {
      this.realm = realm;
    }

    Draft(DigestOptions options) {
      this.realm = options.realm;
      this.offers = options.offers;
      this.opaque = options.opaque;
      this.domain = options.domain;
      this.charset = options.charset;
      this.userhash = options.userhash;
      this.protectedBody = options.protectedBody;
      this.protectedBodies = options.protectedBodies;
      this.nonceLifetime = options.nonceLifetime;
      this.maxNonces = options.maxNonces;
      this.loginLimits = options.loginLimits;
    }
  }
}
