package org.asynceventsource.security;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Makes and recognises nonces without remembering any (RFC 7616 §5.4). Any thread.
 *
 * <pre>
 *   base64url( milliseconds, 8 bytes | randomness, 16 bytes | HMAC-SHA-256 of both, 32 bytes )
 * </pre>
 *
 * <p>No client address is in it: phones change theirs. The key is this process's own, so a nonce of
 * another incarnation or node is foreign; which of its counts were used is unknown here, so it is
 * never accepted, and a client that answers it rightly pays with one silent round trip.
 */
final class Nonces {

  private static final int RANDOM_BYTES = 16;
  private static final int SIGNED_BYTES = Long.BYTES + RANDOM_BYTES;

  private final SecureRandom random;
  private final ProcessSecret secret;
  private final InstantSource clock;
  private final long lifetimeMillis;

  Nonces(SecureRandom random, InstantSource clock, Duration lifetime) {
    this.random = random;
    this.secret = new ProcessSecret(random);
    this.clock = clock;
    this.lifetimeMillis = lifetime.toMillis();
  }

  String create() {
    byte[] randomness = new byte[RANDOM_BYTES];
    random.nextBytes(randomness);
    ByteBuffer nonce = ByteBuffer.allocate(SIGNED_BYTES + ProcessSecret.MAC_BYTES);
    nonce.putLong(clock.millis()).put(randomness);
    nonce.put(secret.sign(Arrays.copyOf(nonce.array(), SIGNED_BYTES)));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce.array());
  }

  /** The nonce if it was made here, and be it long ago; else empty. */
  Optional<Nonce> parse(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length != SIGNED_BYTES + ProcessSecret.MAC_BYTES) {
      return Optional.empty();
    }
    byte[] signature = Arrays.copyOfRange(bytes, SIGNED_BYTES, bytes.length);
    if (!MessageDigest.isEqual(secret.sign(Arrays.copyOf(bytes, SIGNED_BYTES)), signature)) {
      return Optional.empty();
    }
    // The bytes are encoded anew: two spellings of one nonce must not count apart.
    ByteBuffer nonce = ByteBuffer.wrap(bytes);
    return Optional.of(new Nonce(nonce.getLong(), nonce.getLong(), nonce.getLong()));
  }

  /** The nonce if it was made here and has not expired; else empty. */
  Optional<Nonce> recognise(String text) {
    return parse(text).filter(this::isAlive);
  }

  boolean isAlive(Nonce nonce) {
    return nonce.madeAt() >= oldestAlive() && nonce.madeAt() <= clock.millis();
  }

  /** Whether a nonce has lived for more than half its time. */
  boolean isAging(Nonce nonce) {
    return nonce.madeAt() < clock.millis() - lifetimeMillis / 2;
  }

  /** The time of making, in milliseconds, before which nonces have expired. */
  long oldestAlive() {
    return clock.millis() - lifetimeMillis;
  }

  /**
   * The time of making, in milliseconds, before which nothing is kept of nonces. What has expired
   * is kept as long again: a client that goes on with it has to be told from one that guesses.
   */
  long oldestKept() {
    return oldestAlive() - lifetimeMillis;
  }

  /** What tells one nonce from another, in the order of making. */
  record Nonce(long madeAt, long random1, long random2) implements Comparable<Nonce> {

    @Override
    public int compareTo(Nonce other) {
      int byTime = Long.compare(madeAt, other.madeAt);
      int byRandom1 = byTime != 0 ? byTime : Long.compare(random1, other.random1);
      return byRandom1 != 0 ? byRandom1 : Long.compare(random2, other.random2);
    }
  }
}
