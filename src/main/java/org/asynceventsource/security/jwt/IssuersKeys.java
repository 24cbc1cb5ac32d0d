package org.asynceventsource.security.jwt;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.asynceventsource.ConfigurationException;
import org.asynceventsource.EventSourceException;
import org.asynceventsource.spi.WarnOnce;

/**
 * The public keys that an issuer signs with.
 *
 * <p>Those behind a URL are fetched at the start and again before they are out of date, by a thread
 * of their own; and once more when a token names a key that nobody knows, at most every half
 * minute. While the issuer can't be reached the known ones stay good for a day.
 */
final class IssuersKeys implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int MOST_BYTES = 256 << 10;
  private static final Duration FRESH = Duration.ofHours(1);
  private static final Duration BEFORE_STALE = Duration.ofMinutes(5);
  private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(30);
  private static final Duration OUTAGE = Duration.ofDays(1);

  private final JWKSource<SecurityContext> source;

  private IssuersKeys(JWKSource<SecurityContext> source) {
    this.source = source;
  }

  /** Reads a file, or begins to fetch. */
  static IssuersKeys of(String keys, WarnOnce warnings) {
    return keys.startsWith("file:") ? file(keys.substring("file:".length())) : url(keys, warnings);
  }

  private static IssuersKeys file(String path) {
    try {
      JWKSet keys = JWKSet.load(new File(path));
      if (keys.getKeys().isEmpty() || keys.getKeys().stream().anyMatch(IssuersKeys::isSecret)) {
        throw mistake("needs public keys of RSA or elliptic curves, and no others");
      }
      return new IssuersKeys(new ImmutableJWKSet<>(keys));
    } catch (IOException | ParseException e) {
      throw mistake(
          "names a file that can't be read as JSON Web Key Set (%s)"
              .formatted(e.getClass().getSimpleName()));
    }
  }

  /** A shared secret, or a key that its owner had better kept. */
  private static boolean isSecret(JWK key) {
    return key.isPrivate() || key.getKeyType().equals(KeyType.OCT);
  }

  private static ConfigurationException mistake(String what) {
    return new ConfigurationException(List.of("setting 'eventsource.jwt.keys' " + what));
  }

  private static IssuersKeys url(String url, WarnOnce warnings) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread daemon = new Thread(task, "eventsource-jwt-keys");
              daemon.setDaemon(true);
              return daemon;
            });
    DefaultResourceRetriever retriever =
        new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MOST_BYTES);
    IssuersKeys keys =
        new IssuersKeys(
            JWKSourceBuilder.<SecurityContext>create(parsed(url), retriever)
                .cache(FRESH.toMillis(), 2L * TIMEOUT_MILLIS)
                .refreshAheadCache(BEFORE_STALE.toMillis(), null, thread, true, thread, true)
                .rateLimited(BETWEEN_FETCHES.toMillis())
                .outageTolerant(OUTAGE.toMillis())
                .build());
    keys.fetch(warnings);
    return keys;
  }

  private static URL parsed(String url) {
    try {
      return URI.create(url).toURL();
    } catch (MalformedURLException e) {
      throw new EventSourceException("setting 'eventsource.jwt.keys' is no URL", e);
    }
  }

  /** Now, so that no request has to wait for it. */
  private void fetch(WarnOnce warnings) {
    try {
      source.get(new JWKSelector(new JWKMatcher.Builder().build()), null);
    } catch (KeySourceException e) {
      warnings.warn(
          "keys",
          "the keys that 'eventsource.jwt.keys' names can't be fetched, and until they can be"
              + " nobody logs in by them",
          e);
    }
  }

  JWKSource<SecurityContext> source() {
    return source;
  }

  @Override
  public void close() throws IOException {
    if (source instanceof Closeable closeable) {
      closeable.close();
    }
  }
}
