package org.asynceventsource.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that nobody else has and that ends with this process: its incarnation. Any thread.
 *
 * <p>It is neither kept nor shared: what another incarnation signed is to be recognised as foreign.
 */
final class ProcessSecret {

  static final int MAC_BYTES = 32;

  private static final String HMAC = "HmacSHA256";

  private final SecretKey key;

  ProcessSecret(SecureRandom random) {
    byte[] bytes = new byte[MAC_BYTES];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, HMAC);
  }

  byte[] sign(byte[] data) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "this Java runtime lacks " + HMAC + "; use one that has it", e);
    }
  }

  byte[] sign(String text) {
    return sign(text.getBytes(StandardCharsets.UTF_8));
  }
}
